#!/usr/bin/env bash
# Tests what stages.sh keeps of a failed suite: `scripts/test static` runs it.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/lib/stages.sh
. "$root/scripts/lib/stages.sh"

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

cat > "$directory/report.xml" << 'XML'
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="4" failures="2" errors="0" time="0.015">
    <testsuite name="./a_test.ts" tests="4" disabled="0" errors="0" failures="2">
        <testcase name="a &amp; &lt;b&gt;" classname="./a_test.ts" time="0.000" line="1" col="6">
            <failure message="Uncaught Error: first
second">Error: first
second</failure>
        </testcase>
        <testcase name="fine" classname="./a_test.ts" time="0.000" line="2" col="6">
        </testcase>
        <testcase name="left out" classname="./a_test.ts" time="0.000" line="3" col="6">
            <skipped/>
        </testcase>
        <testcase name="it says &quot;no&quot;" classname="./a_test.ts" time="0.000" line="4" col="6">
            <failure message="1 test step failed">1 test step failed.</failure>
        </testcase>
    </testsuite>
</testsuites>
XML

# expect WHAT EXPECTED ACTUAL
expect() {
  [[ $2 == "$3" ]] || die "$1: expected"$'\n'"$2"$'\n'"but got"$'\n'"$3"
}

expect counts "4 2 1" "$(junit_counts "$directory/report.xml")"
expect "counts of no report" "0 0 0" "$(junit_counts "$directory/missing.xml")"
expect "failed tests" './a_test.ts: a & <b>: Uncaught Error: first
./a_test.ts: it says "no": 1 test step failed' "$(junit_failures "$directory/report.xml")"
expect "failed tests of no report" "" "$(junit_failures "$directory/missing.xml")"

passed=3 failed=2
remember_failures "unit: 0 of its tests" 0 < /dev/null
remember_failures "unit: 2 of its tests" 2 < <(junit_failures "$directory/report.xml")
expect summary 'test: failed: unit: 2 of its tests
    ./a_test.ts: a & <b>: Uncaught Error: first
    ./a_test.ts: it says "no": 1 test step failed
3 passed, 2 failed' "$(summary 2>&1 || true)"
