# Sourced by ./interp and ./test: building only when something changed, and one build at a time.
# shellcheck shell=bash

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_CLI_UI_LANGUAGE=en

# Where the SDK is when it is not on the PATH.
if ! command -v dotnet >/dev/null 2>&1; then
  export DOTNET_ROOT="${DOTNET_ROOT:-$HOME/.dotnet}"
  PATH="$DOTNET_ROOT:$PATH"
fi

build_stamp="$root/.setup/build.stamp"
cli_dll="$root/src/Interp.Cli/bin/Release/net10.0/Interp.Cli.dll"

# What the CLI is built from, as one hash: every source's name, time and size, and which libtorch (another one is
# another bridge). Times alone would miss a file that was deleted or put back.
build_key() {
  local plotly=()
  [[ ! -f "$root/.setup/plotly.min.js" ]] || plotly=("$root/.setup/plotly.min.js")
  {
    printf 'LIBTORCH=%s\n' "${LIBTORCH:-}"
    find "$root/src" "$root/Directory.Build.props" "$root/Directory.Packages.props" "$root/global.json" "${plotly[@]}" \
      \( -name bin -o -name obj \) -prune -o -type f -printf '%p %T@ %s\n'
  } | sha256sum
}

# Whether the built CLI is what the sources say.
build_is_fresh() { [[ -f "$cli_dll" && -f "$build_stamp" && "$(<"$build_stamp")" == "$(build_key)" ]]; }

# Takes the build lock until build_unlock. Build servers that outlive a build must not inherit it: they are
# started with file 8 closed.
build_lock() {
  mkdir -p "$root/.setup"
  if command -v flock >/dev/null 2>&1; then exec 8>"$root/.setup/build.lock"; flock 8; fi
}

build_unlock() { exec 8>&-; }

# build PROJECT_OR_SOLUTION: a Release build; shows its output only when it fails.
build() {
  local log="$root/.setup/build.log" key code=0
  key=$(build_key) # as it was at the start: what is edited during the build is built again
  if [[ -t 2 ]]; then printf 'building %s …' "$(basename "$1")" >&2; fi
  dotnet build "$1" -c Release -nologo -v q -clp:NoSummary -tl:off >"$log" 2>&1 </dev/null 8>&- || code=$?
  if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
  if ((code != 0)); then
    cat "$log" >&2
    printf 'the build failed; the messages above say why (also in .setup/build.log)\n' >&2
    return 1
  fi
  printf '%s\n' "$key" >"$build_stamp"
}
