# shellcheck shell=bash
# Sourced by every script: paths, messages, and Deno's environment. The working directory stays the caller's.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

deno_version=2.4.2
deno_home=$root/.deno
deno=$deno_home/deno-$deno_version/deno

# Deno's cache is inside the working tree. Its npm client accepts the certificates installed on the machine.
export DENO_DIR=$deno_home/cache
export DENO_TLS_CA_STORE=${DENO_TLS_CA_STORE:-system,mozilla}
export DENO_NO_UPDATE_CHECK=1
export DENO_NO_PROMPT=1
# No Rust stack traces below Deno's error messages.
export RUST_LIB_BACKTRACE=0
# npm reads this variable in lower case too, Deno does not.
[[ -z ${npm_config_registry-} ]] || export NPM_CONFIG_REGISTRY=$npm_config_registry

# V8 keeps less garbage. --max-semi-space-size: megabytes for new objects, which in a flood otherwise grow to three times
# 16. --heap-growing-percent: the heap is collected before it has doubled.
# shellcheck disable=SC2034
v8_flags=--max-semi-space-size=4,--heap-growing-percent=30

# Debian installs bpftool in /usr/sbin, which is not in an ordinary user's PATH.
case ":$PATH:" in
  *:/usr/sbin:*) ;;
  *) PATH=$PATH:/usr/sbin ;;
esac

# note TEXT…: progress, on standard error.
note() {
  printf '%s\n' "$*" >&2
}

# die TEXT…: prints the reason on standard error and ends the script with status 1.
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# machine: the processor architecture as `uname -m` names it.
machine() {
  uname -m
}

# target_machine ARGUMENT…: the architecture that a script builds for, as `uname -m` names it: that of `--arch amd64` or
# `--arch arm64`, this machine's without arguments.
target_machine() {
  case $* in
    '') machine ;;
    '--arch amd64') printf 'x86_64\n' ;;
    '--arch arm64') printf 'aarch64\n' ;;
    *) die "usage: ${0##*/} [--arch amd64 | --arch arm64]" ;;
  esac
}

# target_root MACHINE: the directory whose `build` holds what is built for the architecture: this tree, or a part of its build
# directory for another architecture.
target_root() {
  if [[ $1 == "$(machine)" ]]; then
    printf '%s\n' "$root"
  else
    printf '%s\n' "$root/build/$1"
  fi
}

# sudo_environment: the variables, as NAME=VALUE lines, that a command run through sudo needs to find the same Deno
# packages: Deno's cache has a folder for each registry.
sudo_environment() {
  local name
  for name in DENO_DIR DENO_TLS_CA_STORE DENO_NO_UPDATE_CHECK DENO_NO_PROMPT; do
    printf '%s=%s\n' "$name" "${!name}"
  done
  printf 'NPM_CONFIG_REGISTRY=%s\n' "$(env -C "$root" npm config get registry)"
}

# source_date: the time that built files carry, in seconds since 1970: SOURCE_DATE_EPOCH, or that of the commit; without git, that of
# deno.json.
source_date() {
  if [[ -n ${SOURCE_DATE_EPOCH-} ]]; then
    printf '%s\n' "$SOURCE_DATE_EPOCH"
  else
    git -C "$root" log -1 --format=%ct 2> /dev/null || stat -c %Y "$root/deno.json"
  fi
}
