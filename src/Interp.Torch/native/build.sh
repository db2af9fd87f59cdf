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

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
g++ "${flags[@]}" "${includes[@]}" -c "$here/torch_bridge.cpp" -o "$work/bridge.o" &
bridge=$!
# Fast maths (vectorized exp) for this file alone; linking with it would change the whole process's rounding.
if [ -n "${attention:-}" ]; then
  g++ "${flags[@]}" -O3 -ffast-math "${includes[@]}" -c "$here/attention.cpp" -o "$work/attention.o"
fi
wait "$bridge"

mkdir -p "$(dirname "$out")"
g++ -shared -fopenmp "$work"/*.o -o "$work/out.so" "${libraries[@]}" "-Wl,-rpath,$lib" -Wl,-z,defs
mv "$work/out.so" "$out"
