#!/usr/bin/env bash
# Tests of fetch.sh: how often a failing command runs, and what is printed. `scripts/test static` runs it.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/lib/fetch.sh
. "$root/scripts/lib/fetch.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export WORK=$work KTOP_RETRY_DELAY=0

# equal WHAT ACTUAL EXPECTED
equal() {
  [[ $2 == "$3" ]] || die "$1: got '$2', expected '$3'"
}

# An npm that counts its runs, fails the first $FAILURES times, then "packs" one file.
cat > "$work/npm" << 'EOF'
#!/usr/bin/env bash
[[ $1 == pack ]] || { echo http://registry.test/; exit; }
echo run >> "$WORK/runs"
if (($(wc -l < "$WORK/runs") <= FAILURES)); then
  printf 'npm error code E503\nnpm error 503 Service Unavailable - GET x\nnpm error A complete log of this run can be found in: y\n' >&2
  exit 1
fi
while [[ $1 != --pack-destination ]]; do shift; done
printf archive > "$2/a-1.0.0.tgz"
echo a-1.0.0.tgz
EOF
chmod 755 "$work/npm"
PATH=$work:$PATH

# fetch FAILURES INTEGRITY: its status, the number of runs and standard error, each in a variable.
fetch() {
  rm -rf "$work/runs" "$work/out"
  mkdir "$work/out"
  status=0
  (export FAILURES=$1; npm_fetch a@1.0.0 "$2" "$work/out") 2> "$work/error" || status=$?
  runs=$(wc -l < "$work/runs") error=$(< "$work/error")
}

fetch 0 registry
equal "a fetch that succeeds" "$status $runs $error $(< "$work/out/package.tgz")" "0 1  archive"
fetch 1 registry
equal "a fetch that fails once" "$status $runs $error $(< "$work/out/package.tgz")" "0 2  archive"
fetch 2 registry
equal "a fetch that fails twice" "$status $runs $error" \
  "1 2 fetch_test.sh: npm cannot fetch a@1.0.0: 503 Service Unavailable - GET x (registry: http://registry.test/)"
fetch 0 sha512-other
equal "a fetch with the wrong checksum" "$status ${error%%: sha512*}" "1 fetch_test.sh: a@1.0.0 has the wrong checksum"

with_retry 0.1 sleep 5 && die "with_retry returned 0 after a timeout"
equal "the reason of a timeout" "$failure" "no answer within 0.1 seconds"

equal "packages_missing" "$(packages_missing here=file:/etc gone=file:/no/such gone2=command:no-such here2=command:bash | paste -sd,)" \
  "gone,gone2"
