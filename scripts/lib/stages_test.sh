#!/usr/bin/env bash
# Tests what stages.sh keeps of a failed suite: `scripts/test static` runs it.
set -euo pipefail
# shellcheck source=scripts/lib/testing.sh
. "$(dirname "${BASH_SOURCE[0]}")/testing.sh"
# shellcheck source=scripts/lib/stages.sh
. "$root/scripts/lib/stages.sh"

cat > "$work/report.xml" << 'XML'
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

equal counts "$(junit_counts "$work/report.xml")" "4 2 1"
equal "counts of no report" "$(junit_counts "$work/missing.xml")" "0 0 0"
equal "failed tests" "$(junit_failures "$work/report.xml")" './a_test.ts: a & <b>: Uncaught Error: first
./a_test.ts: it says "no": 1 test step failed'
equal "failed tests of no report" "$(junit_failures "$work/missing.xml")" ""

passed=3 failed=2
remember_failures "unit: 0 of its tests" 0 < /dev/null
remember_failures "unit: 2 of its tests" 2 < <(junit_failures "$work/report.xml")
equal summary "$(summary 2>&1 || true)" 'test: failed: unit: 2 of its tests
    ./a_test.ts: a & <b>: Uncaught Error: first
    ./a_test.ts: it says "no": 1 test step failed
3 passed, 2 failed'
