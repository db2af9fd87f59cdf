#!/usr/bin/env bash
# Sets this machine up for Interp: what `./interp` and `./test` need beyond the .NET SDK.
#
#   LIBTORCH=<dir>     use that libtorch (an unpacked one, or a Python torch folder): installs no libtorch
#   SETUP_DRY_RUN=1    say what would be done and change nothing
#
# A stamp in .setup/ remembers what was found, so that a second run ends at once.
# Nothing here writes to stdout.
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state="$root/.setup"
stamp="$state/setup.stamp"

plotly_package=plotly.js-cartesian-dist-min@4.1.1
plotly_sha256=79542150855a52c567260e3137095dbe2b744e6d702a5cabe67da246942fba7a
plotly_file="$state/plotly.min.js"

# Only tests compare with it.
tokenizers_package=@huggingface/tokenizers@0.2.0
tokenizers_sha256=1c4a848f86156201c033d6cd08c4cf81ae1088552acec3367f31ef086edf5af0
tokenizers_folder="$state/node_modules/@huggingface/tokenizers"

say() { printf '%s\n' "$*" >&2; }
die() { say "interp set-up: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
dry_run() { [[ -n "${SETUP_DRY_RUN:-}" ]]; }
on_terminal() { [[ -t 0 && -t 2 && -z "${CI:-}" ]]; }

# ---- the stamp: line 1 is the key, every further line a path that must still exist ----

key() {
  local hash npm=no
  hash=$(sha256sum "$root/scripts/setup.sh")
  if have npm; then npm=yes; fi
  printf '%s libtorch=%s npm=%s\n' "${hash%% *}" "${LIBTORCH:-}" "$npm"
}

up_to_date() {
  [[ -f "$stamp" ]] || return 1
  local line first=yes
  while IFS= read -r line; do
    if [[ $first == yes ]]; then
      [[ "$line" == "$1" ]] || return 1
      first=no
    else
      [[ -e "$line" ]] || return 1
    fi
  done <"$stamp"
  [[ $first == no ]]
}

found=() # paths that the stamp records

# ---- packages ----

installed() {
  [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

record_file() { # record_file PACKAGE PATTERN: the first file of the package whose path ends so
  local path
  path=$(dpkg-query -L "$1" 2>/dev/null | grep -m 1 -E "$2" || true)
  [[ -z "$path" ]] || found+=("$path")
}

why() {
  case "$1" in
    libtorch-dev) echo "the tensor library" ;;
    libopenblas0-openmp) echo "fast matrix products on libtorch's own threads" ;;
    g++) echo "builds the small bridge from .NET to libtorch" ;;
  esac
}

missing_packages() {
  have g++ || echo g++
  [[ -z "${LIBTORCH:-}" ]] || return 0
  local package
  for package in libtorch-dev libopenblas0-openmp; do
    installed "$package" || echo "$package"
  done
}

apt_knows() { # every package has a candidate in the lists that are there
  local package
  for package in "$@"; do
    apt-cache policy "$package" 2>/dev/null | grep 'Candidate: [^(]' > /dev/null || return 1
  done
}

run_apt() { # run_apt install … | update
  local run=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@")
  if ((EUID != 0)); then run=(sudo "${run[@]}"); fi
  "${run[@]}" >"$state/apt.log" 2>&1 </dev/null || { tail -n 15 "$state/apt.log" >&2; return 1; }
}

sudo_ready() { # sudo may ask for a password, but only where somebody can answer
  have sudo || return 1
  on_terminal && { sudo -v; return; }
  sudo -n true 2>/dev/null
}

install_packages() {
  local by_hand="apt-get update && apt-get install -y --no-install-recommends $*" package list=""
  for package in "$@"; do list+="${list:+, }$package ($(why "$package"))"; done

  have apt-get || die "not found on this machine: $list. There is no apt-get here: install a C++ compiler," \
    "and give a libtorch with LIBTORCH=<dir> (an unpacked libtorch from pytorch.org, or the folder of a Python torch)."
  say "interp set-up: installing with apt: $list"
  if dry_run; then say "interp set-up: would run: $by_hand"; return; fi
  if on_terminal; then
    local answer
    read -r -p "Install now? [y/N] " answer >&2
    [[ "$answer" == [yY]* ]] || die "nothing was installed. To do it by hand: sudo sh -c '$by_hand'"
  fi
  if ((EUID != 0)) && ! sudo_ready; then
    die "this needs root. Run, as root: $by_hand"
  fi

  if ! apt_knows "$@"; then run_apt update || die "apt-get update failed (above). By hand, as root: $by_hand"; fi
  apt_knows "$@" || die "apt has no package for one of: $*. Install them another way," \
    "or give a libtorch with LIBTORCH=<dir>."
  # Lists that are there may be too old to fetch from: one more try with fresh ones.
  run_apt install -y --no-install-recommends "$@" 2>/dev/null \
    || { run_apt update && run_apt install -y --no-install-recommends "$@"; } \
    || die "apt-get failed (above). By hand, as root: $by_hand"
}

find_libtorch() {
  if [[ -n "${LIBTORCH:-}" ]]; then
    [[ -d "$LIBTORCH" ]] || die "LIBTORCH=$LIBTORCH is not a folder; give the one that holds lib/libtorch_cpu.so."
    found+=("$LIBTORCH")
    return
  fi
  record_file libtorch-dev '/libtorch_cpu\.so$'
  record_file libopenblas0-openmp '/libopenblas.*\.so'
  local blas
  blas=$(readlink -f /usr/lib/*-linux-gnu/libblas.so.3 2>/dev/null || true)
  if [[ "$blas" == *pthread* ]]; then
    say "interp set-up: note: the BLAS in use is $blas, whose threads fight libtorch's (about 2x slower);" \
      "choose the openmp one with: update-alternatives --config libblas.so.3-$(uname -m)-linux-gnu"
  fi
}

# ---- plotly.js: optional, for interactive figures in reports ----

fetch_plotly() {
  [[ ! -s "$plotly_file" ]] || return 0
  if dry_run; then say "interp set-up: would fetch $plotly_package from npm (optional: interactive figures)"; return; fi
  local problem="" work
  work=$(mktemp -d "$state/plotly.XXXXXX")
  if ! have npm; then
    problem="npm is not installed"
  elif ! (cd "$work" && timeout 60 npm pack --silent "$plotly_package" && tar xzf ./*.tgz) >"$state/npm.log" 2>&1; then
    problem="npm could not fetch $plotly_package"
  elif [[ "$(sha256sum <"$work/package/plotly-cartesian.min.js")" != "$plotly_sha256  -" ]]; then
    problem="$plotly_package is not the file that was expected"
  else
    mv "$work/package/plotly-cartesian.min.js" "$plotly_file"
  fi
  rm -rf "$work"
  [[ -z "$problem" ]] || say "interp set-up: note: reports are drawn without plotly.js ($problem)."
}

# ---- the tokenizers of npm: optional, a peer for the tests; quiet where it cannot be had, since those tests say so ----

fetch_tokenizers() {
  if [[ -s "$tokenizers_folder/dist/tokenizers.mjs" ]] || ! have npm || ! have node; then return; fi
  if dry_run; then say "interp set-up: would fetch $tokenizers_package from npm (optional: a peer for the tests)"; return; fi
  local work
  work=$(mktemp -d "$state/tokenizers.XXXXXX")
  if (cd "$work" && timeout 60 npm pack --silent "$tokenizers_package" && tar xzf ./*.tgz) >"$state/npm-tokenizers.log" 2>&1 \
    && [[ "$(sha256sum <"$work/package/dist/tokenizers.mjs")" == "$tokenizers_sha256  -" ]]; then
    rm -rf "$tokenizers_folder"
    mkdir -p "$(dirname "$tokenizers_folder")"
    mv "$work/package" "$tokenizers_folder"
  fi
  rm -rf "$work"
}

# ---- main ----

have dotnet || [[ -x "${DOTNET_ROOT:-/nowhere}/dotnet" ]] || [[ -x "$HOME/.dotnet/dotnet" ]] \
  || die "the .NET 10 SDK was not found; install it from https://dotnet.microsoft.com/download and start again."

this_key=$(key)
if ! dry_run && up_to_date "$this_key"; then exit 0; fi

mkdir -p "$state"
if have flock; then
  exec 9>"$state/setup.lock"
  flock 9
  if ! dry_run && up_to_date "$this_key"; then exit 0; fi # another start has just done it
fi

mapfile -t missing < <(missing_packages)
((${#missing[@]} == 0)) || install_packages "${missing[@]}"
if ! dry_run; then found+=("$(command -v g++)"); fi
find_libtorch
fetch_plotly
fetch_tokenizers
if dry_run; then say "interp set-up: dry run, nothing was changed"; exit 0; fi
{ printf '%s\n' "$this_key"; printf '%s\n' "${found[@]}"; } >"$stamp.new"
mv "$stamp.new" "$stamp"
