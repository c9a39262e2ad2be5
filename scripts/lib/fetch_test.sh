#!/usr/bin/env bash
# Tests of fetch.sh: how often a failing command runs, and its message. `scripts/test static` runs it.
set -euo pipefail
# shellcheck source=scripts/lib/testing.sh
. "$(dirname "${BASH_SOURCE[0]}")/testing.sh"
# shellcheck source=scripts/lib/fetch.sh
. "$root/scripts/lib/fetch.sh"

export WORK=$work KTOP_RETRY_DELAY=0

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

# An apt-get that counts its runs, fails the first $FAILURES times, then "installs" a file. sudo only runs its command.
cat > "$work/apt-get" << 'EOF'
#!/usr/bin/env bash
echo "$*" >> "$WORK/runs"
if (($(wc -l < "$WORK/runs") <= FAILURES)); then
  printf 'W: a warning\nE: Unable to fetch some archives\n' >&2
  exit 100
fi
[[ $* != *install* ]] || : > "$WORK/installed"
EOF
printf '#!/usr/bin/env bash\n[[ $1 == -- ]] && shift\nexec "$@"\n' > "$work/sudo"
chmod 755 "$work/npm" "$work/apt-get" "$work/sudo"
PATH=$work:$PATH

# fetch FAILURES INTEGRITY: its status, the number of runs and standard error, each in a variable.
fetch() {
  rm -rf "$work/runs" "$work/out"
  mkdir "$work/out"
  status=0
  (export FAILURES=$1; npm_fetch a@1.0.0 "$2" "$work/out") 2> "$work/error" || status=$?
  runs=$(wc -l < "$work/runs") error=$(< "$work/error")
}

archive=$(printf archive > "$work/archive" && sha512_sri "$work/archive")
fetch 0 "$archive"
equal "a fetch that succeeds" "$status $runs $error $(< "$work/out/package.tgz")" "0 1  archive"
fetch 1 "$archive"
equal "a fetch that fails once" "$status $runs $error $(< "$work/out/package.tgz")" "0 2  archive"
fetch 2 "$archive"
equal "a fetch that fails twice" "$status $runs $error" \
  "1 2 fetch_test.sh: npm cannot fetch a@1.0.0: 503 Service Unavailable - GET x (registry: http://registry.test/)"
fetch 0 sha512-other
equal "a fetch with the wrong checksum" "$status ${error%%: sha512*}" "1 fetch_test.sh: a@1.0.0 has the wrong checksum"

# provide FAILURES: as fetch, for a Debian package.
provide() {
  rm -f "$work/runs" "$work/installed"
  status=0
  (export FAILURES=$1 deno_home=$work; packages_provide "a=file:$work/installed") 2> "$work/error" || status=$?
  runs=$(wc -l < "$work/runs") error=$(tail -n 1 "$work/error")
}

provide 0
equal "an installation that succeeds" "$status $runs" "0 1"
provide 1
equal "an installation that needs new package lists" "$status $runs" "0 3"
provide 2
equal "package lists that arrive at the second attempt" "$status $runs" "0 4"
provide 9
equal "an installation that fails" "$status $runs $error" \
  "1 3 fetch_test.sh: apt-get cannot install a: Unable to fetch some archives"

# An apt-helper that counts its runs and knows one mirror.
cat > "$work/apt-helper" << 'EOF'
#!/usr/bin/env bash
echo "$*" >> "$WORK/runs"
[[ $2 == http://second.test/pool/a.deb && $4 == SHA256:sum ]] || { printf 'E: Failed to fetch %s\n' "$2" >&2; exit 100; }
printf archive > "$3"
EOF
chmod 755 "$work/apt-helper"
apt_helper=$work/apt-helper

# archive MIRRORS SHA256: as fetch, for a Debian archive.
archive() {
  rm -f "$work/runs" "$work/a.deb"
  status=0
  (KTOP_DEBIAN_MIRRORS=$1 debian_fetch pool/a.deb "$2" "$work/a.deb") 2> "$work/error" || status=$?
  runs=$(wc -l < "$work/runs") error=$(< "$work/error")
}

archive "http://second.test/" sum
equal "an archive of the first mirror" "$status $runs $error $(< "$work/a.deb")" "0 1  archive"
archive "http://first.test http://second.test/" sum
equal "an archive of the second mirror" "$status $runs $error $(< "$work/a.deb")" "0 3  archive"
archive "http://second.test" other
equal "an archive with another checksum" "$status $runs $error" \
  "1 2 fetch_test.sh: no Debian mirror has pool/a.deb with the pinned checksum. http://second.test: Failed to fetch\
 http://second.test/pool/a.deb. Set KTOP_DEBIAN_MIRRORS to the base URL of a mirror that has it, for example of an archive of old packages"

with_retry 0.1 sleep 5 && die "with_retry returned 0 after a timeout"
equal "the reason of a timeout" "$failure" "no answer within 0.1 seconds"

equal "packages_missing" "$(packages_missing here=file:/etc absent=file:/no/such absent2=command:no-such \
  here2=command:bash | paste -sd,)" "absent,absent2"
