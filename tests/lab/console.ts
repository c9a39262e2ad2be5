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

/** How many lines of the console describe a fault: its message and what follows, usually registers and stacks. */
const EXCERPT_LINES = 40;

/** A fault of the guest's kernel. */
export interface Fault {
  /** Its first message. */
  readonly message: string;
  /** The lines of the console from that message on. */
  readonly excerpt: string;
}

/** The first fault, or null. */
export function findFault(console: string): Fault | null {
  const lines = console.split("\n");
  for (const [index, line] of lines.entries()) {
    for (const fault of FAULTS) {
      const match = fault.exec(line);
      if (!match) continue;
      const excerpt = lines.slice(index, index + EXCERPT_LINES).map((line) => line.trimEnd()).join("\n");
      return { message: match[0].trim(), excerpt };
    }
  }
  return null;
}
