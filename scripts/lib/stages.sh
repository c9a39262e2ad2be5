# shellcheck shell=bash
# The stages of scripts/test: each has a time limit, its results are added up, and processes that it leaves behind are
# killed. Sourced after common.sh.

# A directory for each run, so that two runs do not overwrite each other's reports.
results=$root/build/test/$$
passed=0 failed=0 skipped=0
failures=()

# Every process of a stage inherits this variable, so that leftover processes are found in any session or process group.
export KTOP_TEST_RUN=$$.$(date +%s%N)

# marked: prints the ids of running processes with the variable, except this shell and its subshell.
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

# leftovers: waits up to 2 seconds for the processes of a stage to exit, then prints the ids of those that run.
leftovers() {
  local attempt left
  for attempt in {1..20}; do
    left=$(marked)
    [[ -z $left ]] && return
    sleep 0.1
  done
  printf '%s\n' "$left"
}

# end_leftovers STAGE: kills the processes that a stage left behind, and counts them as one failure.
end_leftovers() {
  local stage=$1 id left
  left=$(leftovers)
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

# remember_failures WHAT NUMBER: unless NUMBER is 0, keeps WHAT for the summary, with the first 40 lines of standard input
# below it. A log that is cut at its start then still names what failed.
remember_failures() {
  local details
  (($2 > 0)) || return 0
  details=$(head -n 40 | cut -c 1-300 | sed 's/^/    /')
  failures+=("$1${details:+$'\n'$details}")
}

# Prefix of a command that needs root: empty for root, else sudo with the environment that tests need.
elevate=()
if ((EUID != 0)); then
  mapfile -t elevate < <(sudo_environment)
  elevate=(sudo -- env "${elevate[@]}" "KTOP_TEST_RUN=$KTOP_TEST_RUN" "TERM=${TERM-}" "LANG=${LANG-}")
fi

# can_elevate NAME: false without root and sudo; the stage NAME then counts as failed.
can_elevate() {
  ((EUID == 0)) || command -v sudo > /dev/null && return
  count_failure "$1: needs root, and sudo is not installed"
}

# reown: makes the user the owner of files that an elevated stage created in the working tree.
reown() {
  ((EUID == 0)) || sudo -- chown -R "$(id -u):$(id -g)" "$deno_home" "$root/build"
}

# limited SECONDS COMMAND…: runs a command with a time limit and an empty standard input, and ends it when this script is
# interrupted. Returns 124 after the time limit.
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

# check NAME SECONDS COMMAND…: a command that counts as one test. Its output is printed when it fails.
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

# suite NAME SECONDS COMMAND…: a run of `deno test`, counted from the JUnit file that it writes to $results/NAME.xml. A run
# that crashes, is stopped or finds no test counts as one more failure.
suite() {
  local name=$1 seconds=$2 status=0 report=$results/$1.xml counts all bad ignored
  shift 2
  note "test: $name"
  rm -f "$report"
  limited "$seconds" "$@" "--junit-path=$report" >&2 || status=$?
  counts=$(junit_counts "$report")
  read -r all bad ignored <<< "$counts"
  passed=$((passed + all - bad - ignored)) failed=$((failed + bad)) skipped=$((skipped + ignored))
  remember_failures "$name: $bad of its tests" "$bad" < <(junit_failures "$report")
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

# summed NAME SECONDS COMMAND…: a run that prints the last line `N passed, N failed`. A run whose status contradicts that
# line, or that does not print it, counts as one more failure.
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
  remember_failures "$name: $bad of its cases" "$bad" < <(grep -A 3 '^FAILED ' "$log")
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

# junit_counts FILE: prints the numbers of tests, failures and ignored tests of a JUnit file; zeros if it does not exist.
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

# junit_failures FILE: prints a line for each failed test of a JUnit file: its file, its name and the message's first line.
junit_failures() {
  awk '
    /<testcase / { test = $0; sub(/^.*<testcase name="/, "", test); sub(/" time=.*$/, "", test) }
    /<failure message="/ {
      message = $0
      sub(/^.*<failure message="/, "", message)
      sub(/">.*$/, "", message)
      split(test, parts, "\" classname=\"")
      line = parts[2] ": " parts[1] ": " message
      gsub(/&lt;/, "<", line); gsub(/&gt;/, ">", line); gsub(/&quot;/, "\"", line); gsub(/&apos;/, "\047", line)
      gsub(/&amp;/, "\\&", line)
      print line
    }
  ' "$1" 2> /dev/null
}

# summary: prints what failed, then the totals. Returns 1 when anything failed or nothing ran.
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
