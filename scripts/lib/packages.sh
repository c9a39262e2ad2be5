# shellcheck shell=bash
# Debian packages: which are missing, and how they come. Sourced after common.sh.

# packages_missing PACKAGE=SIGN…: prints the packages whose sign (command:NAME or file:PATH) is absent, one a line;
# returns 1 when there are any. Looks at files only: asking dpkg would take longer than all of scripts/setup.
packages_missing() {
  local entry sign found=0
  for entry in "$@"; do
    sign=${entry#*=}
    case $sign in
      command:*) command -v "${sign#command:}" > /dev/null && continue ;;
      file:*) [[ -e ${sign#file:} ]] && continue ;;
    esac
    printf '%s\n' "${entry%%=*}"
    found=1
  done
  return "$found"
}

# as_root COMMAND…: runs it as root, through sudo for an ordinary user.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo -- "$@"
  else
    die "this needs root, and there is no sudo: $*"
  fi
}

# packages_install WHO PACKAGE…: installs Debian packages without their recommendations, for the script WHO. The
# lists are fetched again only when the installation fails with those at hand. On other distributions: an error that
# names the packages.
packages_install() {
  local who=$1 log
  shift
  command -v apt-get > /dev/null \
    || die "this is not Debian: install what these Debian packages bring, then start again: $*"
  note "$who: Debian packages $*"
  log=$(mktemp)
  if ! apt_install "$@" > "$log" 2>&1; then
    note "$who: apt-get update"
    if ! { as_root apt-get -q update && apt_install "$@"; } > "$log" 2>&1; then
      cat "$log" >&2
      rm -f "$log"
      die "apt-get could not install: $* (Debian 12 or later is expected; its messages are above)"
    fi
  fi
  rm -f "$log"
}

# apt_install PACKAGE…: one quiet installation that asks nothing and waits for another apt.
apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    install --no-install-recommends "$@"
}
