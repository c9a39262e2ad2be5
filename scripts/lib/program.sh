# shellcheck shell=bash
# How main.ts is resolved to npm packages by scripts/build, and by scripts/setup to prove that build can. Sourced after
# common.sh.

program_lock=$root/build/program.lock

# From the cache, in the versions of the lock file: without a lock file Deno looks for the registry's package documents,
# of which `deno install` caches a random subset.
program_flags=(--quiet --cached-only --frozen --lock="$program_lock" --no-code-cache)

# derive_lock KIND…: prints a lock file made from deno.lock (scripts/lib/locks.ts).
derive_lock() {
  "$deno" run --quiet --no-config --no-lock --allow-read="$root/deno.lock" "$root/scripts/lib/locks.ts" "$@"
}

make_program_lock() {
  mkdir -p "$root/build"
  derive_lock program > "$program_lock.$$"
  mv -f "$program_lock.$$" "$program_lock"
}
