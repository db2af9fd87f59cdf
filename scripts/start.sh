# Sourced by ./interp, ./test, scripts/any-processor and scripts/pack, which set $root. For every POSIX shell and the
# tools of Linux and macOS alike.
# shellcheck shell=sh

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_CLI_UI_LANGUAGE=en
# Numbers and texts are those of no culture anyway, so the SDK need not have the system's ICU library.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY=0

# Where the SDK is when it is not on the PATH.
if ! command -v dotnet >/dev/null 2>&1; then
  DOTNET_ROOT=${DOTNET_ROOT:-$HOME/.dotnet}
  if [ ! -x "$DOTNET_ROOT/dotnet" ]; then
    echo "the .NET 10 SDK was not found; install it from https://dotnet.microsoft.com/download and start again" >&2
    exit 1
  fi
  PATH=$DOTNET_ROOT:$PATH
  export DOTNET_ROOT PATH
fi

state=$root/.setup
stamp=$state/build.stamp
lock=$state/build.lock
bin=$root/src/Interp.Cli/bin/Release/net10.0
cli=$bin/Interp.Cli.dll
settings="Cuda=${Cuda:-}" # what else decides how the build turns out

# Whether the built command line is what the sources say: nothing is newer than the start of its build. Folders count,
# so that a file that came, went or was renamed shows. A libtorch that left the package folder is fetched by a build.
is_fresh() {
  [ -f "$cli" ] && [ -f "$stamp" ] || return 1
  read -r built_with <"$stamp" && [ "$built_with" = "$settings" ] || return 1
  if [ -f "$bin/libtorch.path" ]; then read -r libtorch <"$bin/libtorch.path" && [ -d "$libtorch" ] || return 1; fi
  [ -z "$(find "$root/src" "$root/Directory.Build.props" "$root/Directory.Build.targets" "$root/Directory.Packages.props" \
    "$root/global.json" \( -name bin -o -name obj \) -prune -o -newer "$stamp" -print 2>&1 | head -n 1)" ]
}

# One build at a time: the lock is a file with the number of the process that builds, written only where there is none.
# scripts/Checks/BuildLock.cs takes the same lock.
take_lock() {
  mkdir -p "$state"
  until (set -C && echo $$ >"$lock") 2>/dev/null; do
    holder=$(cat "$lock" 2>/dev/null || true)
    # The lock of a build that was killed: no process has its number.
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then rm -f "$lock"; else sleep 0.2; fi
  done
  trap 'rm -f "$lock"' EXIT
  trap 'exit 130' HUP INT TERM
}

release_lock() {
  rm -f "$lock"
  trap - EXIT HUP INT TERM
}

# A Release build of the command line; shows its output only when it fails.
build_cli() {
  # A folder that the build makes would count as a change of the folder around it.
  for project in "$root"/src/*/; do mkdir -p "$project/bin" "$project/obj"; done
  echo "$settings" >"$stamp.new" # as old as the start: what is edited during the build is built again
  first=
  [ -f "$cli" ] || first=" (the first time fetches libtorch and other packages, about 200 MB)"
  if [ -t 2 ]; then printf 'building%s …' "$first" >&2; fi
  code=0
  dotnet build "$root/src/Interp.Cli/Interp.Cli.csproj" -c Release -nologo -v q -clp:NoSummary -tl:off \
    >"$state/build.log" 2>&1 </dev/null || code=$?
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
  if [ "$code" != 0 ]; then
    cat "$state/build.log" >&2
    echo "the build failed; the messages above say why (also in .setup/build.log)" >&2
    return 1
  fi
  mv "$stamp.new" "$stamp"
}

build_if_changed() {
  if is_fresh; then return; fi
  take_lock
  is_fresh || build_cli
  release_lock
}

# run_checks COMMAND ARGUMENT…: scripts/Checks, which is built in Debug, so that it can build the tree in Release.
run_checks() {
  take_lock
  code=0
  mkdir -p "$state"
  dotnet build "$root/scripts/Checks/Checks.csproj" -c Debug -nologo -v q -clp:NoSummary -tl:off \
    >"$state/checks.log" 2>&1 </dev/null || code=$?
  release_lock
  if [ "$code" != 0 ]; then
    cat "$state/checks.log" >&2
    echo "scripts/Checks could not be built" >&2
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
  fi
  exec dotnet "$root/scripts/Checks/bin/Debug/net10.0/Interp.Checks.dll" "$@"
}
