/**
 * Finds faults of a guest's kernel on its console: after a fault, its results prove nothing.
 *
 * @module
 */

/** Messages of panic(), BUG(), WARN(), oopses and the watchdogs (kernel/panic.c, lib/bug.c, …). */
const FAULTS = [
  /Kernel panic - not syncing.*/,
  /BUG: .*/,
  /kernel BUG at .*/,
  /WARNING: CPU: .*/,
  /WARNING: .* at .*/,
  /Oops: .*/,
  /general protection fault.*/,
  /[Uu]nable to handle .*/,
  /INFO: task .* blocked for more than .*/,
  /INFO: rcu_\w+ .*stall.*/,
];

/** The first message of a fault, or null. */
export function findFault(console: string): string | null {
  for (const line of console.split("\n")) {
    for (const fault of FAULTS) {
      const match = fault.exec(line);
      if (match) return match[0].trim();
    }
  }
  return null;
}
