# shellcheck shell=bash
# Shared by every script: where things are, how messages look, and Deno's environment.
# Sourced, never run. Sets no working directory: the caller's stays.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

deno_version=2.4.2
deno_home=$root/.deno
deno=$deno_home/bin/deno

# Everything that Deno caches stays inside the working tree; its npm client accepts the machine's certificates.
export DENO_DIR=$deno_home/cache
export DENO_TLS_CA_STORE=${DENO_TLS_CA_STORE:-system,mozilla}
export DENO_NO_UPDATE_CHECK=1
export DENO_NO_PROMPT=1
# Its messages say what is wrong; the stack trace of its own Rust code below each says nothing here.
export RUST_LIB_BACKTRACE=0

# Debian keeps bpftool in /usr/sbin, which is not in an ordinary user's PATH.
case ":$PATH:" in
  *:/usr/sbin:*) ;;
  *) PATH=$PATH:/usr/sbin ;;
esac

# note TEXT…: progress, on standard error.
note() {
  printf '%s\n' "$*" >&2
}

# die TEXT…: says why and ends the script with status 1.
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# machine: the processor architecture as `uname -m` names it.
machine() {
  uname -m
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

# npm_fetch PACKAGE@VERSION INTEGRITY DIRECTORY: fetches a package's archive with npm, refuses it when its
# SHA-512 is not INTEGRITY ("registry": npm's own comparison is enough), and prints the archive's path.
npm_fetch() {
  local package=$1 integrity=$2 directory=$3 archive found
  command -v npm > /dev/null || die "npm is missing: install the packages nodejs and npm"
  archive=$(cd "$directory" && npm pack --silent --loglevel=error "$package") \
    || die "npm could not fetch $package: is the npm registry reachable? (npm config get registry)"
  archive=$directory/${archive##*$'\n'}
  found=$(sha512_sri "$archive")
  [[ $integrity == registry || $found == "$integrity" ]] \
    || die "$package is not what it should be: integrity $found, expected $integrity"
  printf '%s\n' "$archive"
}
