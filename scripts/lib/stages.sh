# shellcheck shell=bash
# The test runner's bookkeeping: stages with a time limit, their real results summed, nothing left running.
# Sourced after common.sh.

# A directory for each run, so that two runs do not overwrite each other's reports.
results=$root/build/test/$$
passed=0 failed=0 skipped=0
failures=()

# Every process of a stage inherits this mark in its environment, so that what it leaves behind can be found,
# whatever session or process group it went to.
export KTOP_TEST_RUN=$$.$(date +%s%N)

# marked: the ids of living processes that carry the mark, this script's own children of bash left out.
marked() {
  local directory id state
  for directory in /proc/[0-9]*; do
    id=${directory#/proc/}
    ((id != $$ && id != BASHPID)) || continue
    grep -q -z -x -F "KTOP_TEST_RUN=$KTOP_TEST_RUN" "$directory/environ" 2> /dev/null || continue
    state=$(awk '/^State:/ { print $2 }' "$directory/status" 2> /dev/null) || continue
    [[ -z $state || $state == Z ]] || printf '%s\n' "$id"
  done
}

# settled: waits up to 2 seconds for the processes of a stage that are about to end, then prints those that stay.
settled() {
  local attempt left
  for attempt in {1..20}; do
    left=$(marked)
    [[ -z $left ]] && return
    sleep 0.1
  done
  printf '%s\n' "$left"
}

# end_leftovers STAGE: whatever a stage leaves behind is ended, and counts as one failure.
end_leftovers() {
  local stage=$1 id left
  left=$(settled)
  [[ -n $left ]] || return 0
  for id in $left; do
    note "test: $stage left a process behind: $id $(tr '\0' ' ' < "/proc/$id/cmdline" 2> /dev/null)"
    "${elevate[@]}" kill -KILL "$id" 2> /dev/null || true
  done
  count_failure "$stage: processes left behind"
}

count_failure() {
  failed=$((failed + 1))
  failures+=("$1")
}

# What goes before a command that needs root: nothing for root, sudo with what a test needs of the environment.
elevate=()
if ((EUID != 0)); then
  mapfile -t elevate < <(sudo_environment)
  elevate=(sudo -- env "${elevate[@]}" "KTOP_TEST_RUN=$KTOP_TEST_RUN" "TERM=${TERM-}" "LANG=${LANG-}")
fi

# can_elevate NAME: true when root's rights can be had; else the stage NAME has failed.
can_elevate() {
  ((EUID == 0)) || command -v sudo > /dev/null && return
  count_failure "$1: needs root, and there is no sudo"
}

# reown: gives what an elevated stage made in the working tree back to the user who runs this.
reown() {
  ((EUID == 0)) || sudo -- chown -R "$(id -u):$(id -g)" "$deno_home" "$root/build"
}

# limited SECONDS COMMAND…: runs it with a time limit, and ends it when this script is interrupted. Standard input is
# empty, so that no test can wait for a person. Status 124: the time was up.
stage_process=
limited() {
  local seconds=$1 status=0
  shift
  timeout --kill-after=10 "$seconds" "$@" < /dev/null &
  stage_process=$!
  wait "$stage_process" || status=$?
  stage_process=
  return "$status"
}

interrupted() {
  trap - INT TERM HUP
  [[ -z $stage_process ]] || kill "$stage_process" 2> /dev/null || true
  end_leftovers "the interrupted stage"
  note "test: interrupted"
  exit 130
}
trap interrupted INT TERM HUP

# check NAME SECONDS COMMAND…: a check that is one result. Its output is shown when it fails.
check() {
  local name=$1 seconds=$2 status=0 log=$results/check.log
  shift 2
  rm -f "$log"
  limited "$seconds" "$@" > "$log" 2>&1 || status=$?
  if ((status == 0)); then
    passed=$((passed + 1))
    note "test: $name: ok"
    return
  fi
  cat "$log" >&2
  ((status == 124)) && note "test: $name: stopped after $seconds seconds"
  note "test: $name: failed"
  count_failure "$name"
}

# suite NAME SECONDS COMMAND…: a run of `deno test`, counted from the JUnit file it writes to $results/NAME.xml. A run
# that crashes, is stopped or finds no test is a failure of its own.
suite() {
  local name=$1 seconds=$2 status=0 report=$results/$1.xml counts all bad ignored
  shift 2
  note "test: $name"
  rm -f "$report"
  limited "$seconds" "$@" "--junit-path=$report" >&2 || status=$?
  counts=$(junit_counts "$report")
  read -r all bad ignored <<< "$counts"
  passed=$((passed + all - bad - ignored)) failed=$((failed + bad)) skipped=$((skipped + ignored))
  ((bad == 0)) || failures+=("$name: $bad of its tests")
  if ((status == 124)); then
    count_failure "$name: stopped after $seconds seconds"
  elif ((status != 0 && bad == 0)); then
    count_failure "$name: ended with status $status"
  elif ((all == 0)); then
    count_failure "$name: no test ran"
  fi
  end_leftovers "$name"
  [[ $* != sudo* ]] || reown
}

# summed NAME SECONDS COMMAND…: a run that counts for itself and ends with the line `N passed, N failed`. One that ends
# without it, or against it, is a failure of its own.
summed() {
  local name=$1 seconds=$2 status=0 log=$results/$1.log good=0 bad=0
  shift 2
  note "test: $name"
  limited "$seconds" "$@" > "$log" || status=$?
  cat "$log" >&2
  if [[ $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    good=${BASH_REMATCH[1]} bad=${BASH_REMATCH[2]}
  fi
  passed=$((passed + good)) failed=$((failed + bad))
  ((bad == 0)) || failures+=("$name: $bad of its cases")
  if ((status == 124)); then
    count_failure "$name: stopped after $seconds seconds"
  elif ((status != 0 && bad == 0)); then
    count_failure "$name: ended with status $status"
  elif ((good + bad == 0)); then
    count_failure "$name: no case ran"
  fi
  end_leftovers "$name"
  [[ $* != sudo* ]] || reown
}

# junit_counts FILE: tests, failures and ignored tests of a JUnit file; zeros when there is none.
junit_counts() {
  awk '
    /<testsuites / {
      if (match($0, / tests="[0-9]+"/)) tests = substr($0, RSTART + 8, RLENGTH - 9)
      if (match($0, / failures="[0-9]+"/)) failures = substr($0, RSTART + 11, RLENGTH - 12)
      if (match($0, / errors="[0-9]+"/)) errors = substr($0, RSTART + 9, RLENGTH - 10)
    }
    /^ *<skipped\/>$/ { ignored++ }
    END { print tests + 0, failures + errors, ignored + 0 }
  ' "$1" 2> /dev/null || printf '0 0 0\n'
}

# summary: what failed, then the one line that says how it went. Returns 1 when anything failed.
summary() {
  local failure
  for failure in "${failures[@]}"; do
    note "test: failed: $failure"
  done
  printf '%d passed, %d failed' "$passed" "$failed"
  ((skipped == 0)) || printf ', %d skipped' "$skipped"
  printf '\n'
  ((failed == 0 && passed > 0))
}
