#!/usr/bin/env bash
# Runs the engine's tests on the CPU and on CUDA against this machine's PyTorch. Needs g++ and a Python with torch;
# neither .NET nor a network. The last line is `N passed, N failed, N skipped` over both runs.
#
#   PYTHON=<python>        the Python whose torch is used (python3 without it)
#   LIBTORCH=<folder>      a libtorch instead of a Python's torch
set -euo pipefail

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
[[ -d "$here/app" ]] || { echo "this script runs in a folder made by scripts/pack-gpu.sh" >&2; exit 1; }
. "$here/build-bridge.sh"

passed=0 failed=0 skipped=0

run_on() { # run_on DEVICE
  local output code=0 last
  printf -- '--- %s\n' "$1"
  output=$(INTERP_TEST_DEVICE=$1 "$here/app/EngineCheck" 2>&1) || code=$?
  printf '%s\n' "$output"
  last=$(tail -n 1 <<<"$output")
  if [[ "$last" =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped$ ]]; then
    passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2])) skipped=$((skipped + BASH_REMATCH[3]))
    if ((code != 0 && BASH_REMATCH[2] == 0)); then failed=$((failed + 1)); fi
  else
    printf 'FAILED: the tests on %s ended without a result (exit code %d)\n' "$1" "$code"
    failed=$((failed + 1))
  fi
}

run_on cpu
if ldd "$INTERP_BRIDGE" | grep libtorch_cuda > /dev/null; then
  run_on cuda
else
  printf -- '--- cuda\nnot run: this PyTorch was built without CUDA (counted as one skipped)\n'
  skipped=$((skipped + 1))
fi
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
exit $((failed > 0))
