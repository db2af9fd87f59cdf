# Sourced in a packed folder ($here): builds the bridge to libtorch against this machine's PyTorch, once for each
# PyTorch, and sets INTERP_BRIDGE to it.
# shellcheck shell=bash

python=${PYTHON:-python3}
die() { printf '%s\n' "$*" >&2; exit 1; }

command -v g++ >/dev/null || die "no g++ on this machine: it is needed to build the bridge to libtorch"
if [[ -z "${LIBTORCH:-}" ]]; then
  torch=$("$python" -c 'import os, torch; print(os.path.dirname(os.path.realpath(torch.__file__)))' 2>/dev/null) \
    || die "'$python' has no torch: name another with PYTHON=<python>, or a libtorch with LIBTORCH=<folder>"
  # A distribution's torch keeps its libraries and headers in the system's folders.
  if [[ -f "$torch/lib/libtorch_cpu.so" && -d "$torch/include" ]]; then export LIBTORCH=$torch; fi
fi

# Another PyTorch, or another version of it, is another bridge.
key=$(stat -L -c '%n %s %Y' "${LIBTORCH:-/usr}"/lib/libtorch_cpu.so /usr/lib/*/libtorch_cpu.so 2>/dev/null | sha256sum)
export INTERP_BRIDGE="$here/bridge/${key:0:12}/libinterp_torch.so"
# No parity data is packed.
export INTERP_SHARED="$here/no-shared-data"
if [[ ! -f "$INTERP_BRIDGE" ]]; then
  printf 'building the bridge against %s …\n' "${LIBTORCH:-the libtorch of the system}" >&2
  bash "$here/native/build.sh" "$INTERP_BRIDGE" || die "the bridge could not be built (the messages above say why)"
fi
