#!/usr/bin/env bash
# Packs Interp for a machine with a GPU, a CUDA PyTorch and g++, but without .NET and without a network:
#
#   scripts/pack-gpu.sh [FOLDER]        (artifacts/interp-gpu without one)
#
# The folder holds the command line and the engine's tests with their .NET runtime (app/), the source of the bridge to
# libtorch (native/), the shipped models, and two scripts: gpu-check.sh builds the bridge against that machine's
# PyTorch and runs the tests on the CPU and on CUDA; interp is the command line.
# It fails when the folder is 60 MB or more.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
bash "$root/scripts/setup.sh"
# shellcheck source=scripts/build.sh
. "$root/scripts/build.sh"

limit=60000000
folder=$(mkdir -p "${1:-$root/artifacts/interp-gpu}" && cd "${1:-$root/artifacts/interp-gpu}" && pwd)
app="$folder/app"
if [[ -n "$(ls -A "$folder")" && ! -f "$folder/gpu-check.sh" ]]; then
  printf '%s is not empty and was not packed by this script; give another folder\n' "$folder" >&2
  exit 1
fi
rm -rf "${folder:?}"/*

printf 'publishing for linux-x64 with the runtime …\n' >&2
log="$root/.setup/pack.log"
if ! dotnet publish "$root/tests/EngineCheck/EngineCheck.csproj" -c Release -p:WithRuntime=true -nologo -v q \
  -o "$app" >"$log" 2>&1 </dev/null; then
  cat "$log" >&2
  exit 1
fi

# The command line shares the runtime and the list of assemblies; its launcher is the same small program.
for kind in deps.json runtimeconfig.json; do cp "$app/EngineCheck.$kind" "$app/Interp.Cli.$kind"; done
# Built against this machine's libtorch, or only for debuggers and test tools.
rm -f "$app"/libinterp_torch.so "$app"/*.pdb "$app"/*.xml "$app"/createdump

cp -r "$root/src/Interp.Torch/native" "$folder/native"
cp "$root/scripts/gpu-check.sh" "$root/scripts/build-bridge.sh" "$folder/"
if [[ -d "$root/models" ]]; then cp -r "$root/models" "$folder/models"; fi
cat >"$folder/interp" <<'LAUNCHER'
#!/usr/bin/env bash
# The command line on this machine's PyTorch; builds the bridge at the first start.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$here/build-bridge.sh"
exec "$here/app/Interp.Cli" "$@"
LAUNCHER
chmod +x "$folder/interp" "$folder/gpu-check.sh"

size=$(du -sb "$folder" | cut -f 1)
printf '%s: %d.%d MB\n' "$folder" $((size / 1000000)) $((size / 100000 % 10))
if ((size >= limit)); then
  printf 'that is not under %d MB; the largest files:\n' $((limit / 1000000)) >&2
  find "$folder" -type f -printf '%s %P\n' | sort -rn | head -n 15 >&2
  exit 1
fi
