# shellcheck shell=bash
# Everything that comes over the network: one retry, then one sentence with the reason. Sourced after common.sh.

# with_retry SECONDS COMMAND…: runs a command that uses the network, for SECONDS at most (0: no limit), and runs it once
# more when it fails. Returns 1 when it failed twice; `failure` is then the reason, in one line.
failure=
with_retry() {
  local seconds=$1 attempt status log
  shift
  log=$(mktemp)
  for attempt in 1 2; do
    status=0
    timeout --foreground "$seconds" "$@" < /dev/null 2> "$log" || status=$?
    ((status == 0)) && break
    ((attempt == 2)) || sleep "${KTOP_RETRY_DELAY:-2}"
  done
  failure=$(first_reason "$log")
  ((status != 124)) || failure="no answer within $seconds seconds"
  rm -f "$log"
  ((status == 0)) || return 1
}

# first_reason LOG: the reason in the error output of npm, Deno or apt-get, as one line.
first_reason() {
  if grep -q '^npm error' "$1"; then
    # The first line after the codes; stack traces and general advice follow it.
    sed -n -E -e '/^npm error (code|errno|syscall) /d' -e 's/^npm error //p' "$1" | head -n 1
  else
    sed -E -e '/^Caused by:|^ *[1-9][0-9]*: |^W: /d' -e 's/^(error|E): //; s/^ *(0: )?//' "$1"
  fi | tr -s '\n ' ' ' | cut -c 1-300 | sed 's/ *$//'
}

# sha512_sri FILE: the file's SHA-512 as npm writes it in lock files ("sha512-…").
sha512_sri() {
  node -e '
    const { createHash } = require("node:crypto"), { createReadStream } = require("node:fs");
    const hash = createHash("sha512");
    createReadStream(process.argv[1]).on("data", (bytes) => hash.update(bytes))
      .on("end", () => console.log("sha512-" + hash.digest("base64")));
  ' "$1"
}

# npm reads a .npmrc of the working directory: let it be the one of this tree.
npm=(env -C "$root" npm)

# npm_fetch PACKAGE@VERSION INTEGRITY DIRECTORY: fetches a package's archive to DIRECTORY/package.tgz from the registry
# that npm is configured with. INTEGRITY is the archive's SHA-512.
npm_fetch() {
  local package=$1 integrity=$2 directory=$3 found
  command -v npm > /dev/null || die "npm is missing: install the packages nodejs and npm"
  # npm retries each request once, also one without any data for 30 seconds; with_retry covers damaged archives too.
  with_retry 1800 "${npm[@]}" pack --loglevel=error --fetch-retries=1 --fetch-retry-mintimeout=1000 \
    --fetch-timeout=30000 --pack-destination "$directory" "$package" > "$directory/name" \
    || die "npm cannot fetch $package: $failure (registry: $("${npm[@]}" config get registry))"
  mv "$directory/$(tail -n 1 "$directory/name")" "$directory/package.tgz"
  found=$(sha512_sri "$directory/package.tgz")
  [[ $found == "$integrity" ]] \
    || die "$package has the wrong checksum: $found, expected $integrity"
}

# debian_mirrors: prints the base URLs of Debian mirrors, without a slash at the end: those of KTOP_DEBIAN_MIRRORS, else apt's.
debian_mirrors() {
  {
    if [[ -n ${KTOP_DEBIAN_MIRRORS-} ]]; then
      tr -s ' ' '\n' <<< "$KTOP_DEBIAN_MIRRORS"
    else
      # Without --no-release-info apt leaves out mirrors whose package lists it has not fetched.
      apt-get indextargets --no-release-info --format '$(REPO_URI)'
    fi
  } | grep -E '^https?://' | sed 's,/*$,,' | awk '!seen[$0]++'
}

# Downloads one file and compares its checksum; apt-get downloads only what its package lists name.
apt_helper=/usr/lib/apt/apt-helper

# debian_fetch PATH SHA256 FILE: fetches an archive from the first Debian mirror that has it with this checksum.
debian_fetch() {
  local path=$1 sum=$2 file=$3 mirror reasons=
  command -v apt-get > /dev/null || die "this is not Debian, and apt fetches $path"
  while read -r mirror; do
    with_retry 600 "$apt_helper" download-file "$mirror/$path" "$file" "SHA256:$sum" > /dev/null && return
    reasons+=" $mirror: $failure."
  done < <(debian_mirrors)
  rm -f "$file"
  die "no Debian mirror has $path with the pinned checksum.${reasons:- apt is configured with no mirror.} Set KTOP_DEBIAN_MIRRORS" \
    "to the base URL of a mirror that has it, for example of an archive of old packages"
}

# packages_missing PACKAGE=SIGN…: prints the Debian packages whose sign (command:NAME or file:PATH) is absent, one a
# line. It looks at files only: asking dpkg takes longer than all of scripts/setup.
packages_missing() {
  local entry sign
  for entry in "$@"; do
    sign=${entry#*=}
    case $sign in
      command:*) command -v "${sign#command:}" > /dev/null && continue ;;
      file:*) [[ -e ${sign#file:} ]] && continue ;;
    esac
    printf '%s\n' "${entry%%=*}"
  done
}

# What compiles C programs for arm64 on another machine; clang uses its linker and headers too.
cross_packages=(
  gcc-aarch64-linux-gnu=command:aarch64-linux-gnu-gcc
  libc6-dev-arm64-cross=file:/usr/aarch64-linux-gnu/include/stdlib.h
)

# packages_provide PACKAGE=SIGN…: installs the Debian packages that are missing, without their recommendations.
packages_provide() {
  local missing lock
  [[ -n $(packages_missing "$@") ]] || return 0
  # Another script may be installing the same packages.
  mkdir -p "$deno_home"
  exec {lock}> "$deno_home/packages.lock"
  flock "$lock"
  mapfile -t missing < <(packages_missing "$@")
  ((${#missing[@]} == 0)) || packages_install "${missing[@]}"
  exec {lock}>&-
  mapfile -t missing < <(packages_missing "$@")
  ((${#missing[@]} == 0)) || die "apt-get installed ${missing[*]}, but a file that they should contain is missing"
}

# packages_install PACKAGE…: fetches the package lists only when the installation fails with those on this machine.
packages_install() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
  command -v apt-get > /dev/null \
    || die "this is not Debian: install the equivalents of these Debian packages, then start again: $*"
  if ((EUID != 0)); then
    command -v sudo > /dev/null || die "installing $* needs root, and there is no sudo"
    apt=(sudo -- "${apt[@]}")
  fi
  note "${0##*/}: installing the Debian packages $*"
  "${apt[@]}" install --no-install-recommends "$@" < /dev/null > /dev/null 2>&1 && return
  { with_retry 0 "${apt[@]}" update && with_retry 0 "${apt[@]}" install --no-install-recommends "$@"; } > /dev/null \
    || die "apt-get cannot install $*: $failure"
}
