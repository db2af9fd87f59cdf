#!/usr/bin/env bash
# Builds the bridge to libtorch:  build.sh OUT.so
# LIBTORCH=<dir> names an unpacked libtorch or the folder of a Python torch package (`torch/`); without it
# Debian's libtorch-dev is used. Works with CPU and CUDA builds from 1.13 on.
set -euo pipefail
out=${1:?usage: build.sh OUT.so}
here=$(cd "$(dirname "$0")" && pwd)

if [ -n "${LIBTORCH:-}" ]; then
  includes=("-isystem$LIBTORCH/include" "-isystem$LIBTORCH/include/torch/csrc/api/include")
  version_h=$LIBTORCH/include/torch/csrc/api/include/torch/version.h
  lib=$LIBTORCH/lib
else
  includes=("-isystem/usr/include/torch/csrc/api/include")
  version_h=/usr/include/torch/csrc/api/include/torch/version.h
  lib=$(dirname "$(find /usr/lib -name libtorch_cpu.so -print -quit 2>/dev/null)")
fi
if [ ! -f "$version_h" ] || [ ! -f "$lib/libtorch_cpu.so" ]; then
  echo "error: no libtorch found${LIBTORCH:+ in LIBTORCH=$LIBTORCH}: install libtorch-dev, or set LIBTORCH=<dir> to a folder with include/ and lib/" >&2
  exit 1
fi

# Asked of the compiler, because the numbers have moved to another header since 2.10.
number() { echo '#include <torch/version.h>' | g++ -E -dM -x c++ "${includes[@]}" - | sed -n "s/^#define TORCH_VERSION_$1 //p"; }
version=$(( $(number MAJOR) * 100 + $(number MINOR) ))

flags=(-O2 -fPIC -fvisibility=hidden -fopenmp -w)
# From 2.9 on the headers ask for C++20.
if [ "$version" -ge 209 ]; then flags+=(-std=c++20); else flags+=(-std=c++17); fi
# Older Python wheels were built with the C++ ABI from before GCC 5.
if ! nm -D --defined-only "$lib/libc10.so" | grep '__cxx11' > /dev/null; then flags+=(-D_GLIBCXX_USE_CXX11_ABI=0); fi

libraries=("-L$lib" -Wl,--no-as-needed -ltorch_cpu -lc10)
[ -f "$lib/libtorch_cuda.so" ] && libraries+=(-ltorch_cuda -lc10_cuda)
# Before 2.1 there is no fused attention on the CPU: ours is used. It calls the BLAS that libtorch uses.
if [ "$version" -lt 201 ] && ldd "$lib/libtorch_cpu.so" | grep libblas.so.3 > /dev/null; then
  attention=1
  libraries+=(-l:libblas.so.3)
fi

# Distributions link libtorch to libraries of which it takes nothing (Debian's: OpenCV and FFmpeg, which bring along 240
# more, down to GDAL and Qt): a third of the time to load it and 70 MB. In place of each stands an empty library of the
# same name, in the folder `unused` beside the bridge, which the bridge loads first. Where that folder is gone, the real
# ones are loaded. INTERP_LOAD_UNUSED=1 builds without.
unused() {
  command -v nm >/dev/null && command -v readelf >/dev/null || return 0
  local torch=$lib/libtorch_cpu.so name file used=() candidates=()
  nm -D --undefined-only "$torch" | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort -u >"$work/wanted"
  while read -r name; do
    file=$(ldd "$torch" | awk -v name="$name" '$1 == name { print $3 }')
    [ -f "$file" ] || continue
    if nm -D --defined-only "$file" | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort -u | comm -12 - "$work/wanted" | grep . >/dev/null; then
      used+=("$file")
    else
      candidates+=("$name")
    fi
  done < <(readelf -d "$torch" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
  # Those that a used one needs in turn are used.
  for file in "${used[@]}"; do ldd "$file" | awk '{ print $1 }'; done | sort -u >"$work/closure"
  printf '%s\n' "${candidates[@]}" | grep -vxF -f "$work/closure" || true
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
g++ "${flags[@]}" "${includes[@]}" -c "$here/torch_bridge.cpp" -o "$work/bridge.o" &
bridge=$!
g++ "${flags[@]}" -O3 -fno-math-errno -fno-trapping-math "${includes[@]}" -c "$here/sparse.cpp" -o "$work/sparse.o" &
sparse=$!
# Fast maths (vectorized exp) for this file alone; linking with it would change the whole process's rounding.
if [ -n "${attention:-}" ]; then
  g++ "${flags[@]}" -O3 -ffast-math "${includes[@]}" -c "$here/attention.cpp" -o "$work/attention.o"
fi
wait "$bridge"
wait "$sparse"

folder=$(mkdir -p "$(dirname "$out")" && cd "$(dirname "$out")" && pwd)
rm -rf "$folder/unused"
stand_ins=()
if [ -z "${INTERP_LOAD_UNUSED:-}" ]; then
  mkdir "$folder/unused"
  for name in $(unused); do
    g++ -shared -nostdlib -s -x c /dev/null "-Wl,-soname,$name" -o "$folder/unused/$name"
    stand_ins+=("$folder/unused/$name")
  done
fi

g++ -shared -fopenmp "$work"/*.o -o "$work/out.so" -Wl,--no-as-needed "${stand_ins[@]}" "${libraries[@]}" \
  "-Wl,-rpath,$folder/unused:$lib" -Wl,-z,defs
mv "$work/out.so" "$out"
