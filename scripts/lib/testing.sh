# shellcheck shell=bash
# Sourced first by the tests of these files: common.sh, a temporary directory $work, and `equal`.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# equal WHAT ACTUAL EXPECTED: ends the test unless both are the same.
equal() {
  [[ $2 == "$3" ]] || die "$1: expected"$'\n'"$3"$'\n'"but got"$'\n'"$2"
}
