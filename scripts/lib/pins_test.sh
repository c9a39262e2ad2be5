#!/usr/bin/env bash
# Tests of pins.sh: which files are accepted; and of the architectures of common.sh. `scripts/test static` runs it.
set -euo pipefail
# shellcheck source=scripts/lib/testing.sh
. "$(dirname "${BASH_SOURCE[0]}")/testing.sh"
# shellcheck source=scripts/lib/fetch.sh
. "$root/scripts/lib/fetch.sh"
# shellcheck source=scripts/lib/pins.sh
. "$root/scripts/lib/pins.sh"
# shellcheck source=scripts/lib/denort.sh
. "$root/scripts/lib/denort.sh"

printf 'a runtime\n' > "$work/file"
chmod 755 "$work/file"
sum=$(sha256sum < "$work/file")

refused() {
  local what=$1
  shift
  if ("$@") > "$work/out" 2>&1; then die "$what was accepted"; fi
  grep -q -F "${sum%% *}" "$work/out" || die "$what: the message lacks the checksum: $(< "$work/out")"
}

for name in denort libbpf.so.1 libelf.so.1 libz.so.1 deno esbuild; do
  refused "another $name" require_pinned "$name" "$work/file"
done
DENORT_BIN=$work/file refused "another DENORT_BIN" denort_provide "$(machine)"
DENORT_BIN=$work/file refused "another DENORT_BIN for arm64" denort_provide aarch64
missing=$( (DENORT_BIN='' denort_provide other) 2>&1) && die "a build for another architecture needs no denort"
[[ $missing == "pins_test.sh: DENORT_BIN is not set: to build for other, set it to a denort $deno_version for other that "* ]] \
  || die "another message than expected: $missing"
KTOP_PINS="libz.so.1 $(machine) ${sum%% *} here" require_pinned libz.so.1 "$work/file"
if KTOP_PINS="libz.so.1 other ${sum%% *} here" pinned libz.so.1 "$work/file"; then die "another machine's pin was accepted"; fi

equal() {
  [[ $2 == "$3" ]] || die "$1: got '$2', expected '$3'"
}
equal "the target by default" "$(target_machine)" "$(machine)"
equal "the target arm64" "$(target_machine --arch arm64)" aarch64
equal "the target amd64" "$(target_machine --arch amd64)" x86_64
if (target_machine --arch mips) 2> /dev/null; then die "an unknown architecture was accepted"; fi
equal "the root of this machine" "$(target_root "$(machine)")" "$root"
equal "the root of another machine" "$(target_root other)" "$root/build/other"

machine() { printf 'aarch64\n'; }
[[ -z $(pins_of deno-archive) && -n $(pins_of libbpf.so.1) ]] || die "arm64 has other pins than expected"
# shellcheck disable=SC2016 # expanded by the inner shell
if grep -nE '(sha512-[A-Za-z0-9+/]{80}|\b[0-9a-f]{64}\b)' "$root"/scripts/{setup,build,bpf} "$root"/scripts/lib/{fetch,denort,common,program,bundle,libraries}.sh; then
  die "a checksum is not in scripts/lib/pins.sh"
fi
