/**
 * Cases in a guest that a shell command changes first.
 *
 * @module
 */
import type { Case } from "../case.ts";

/** A change of the guest, by shell commands. */
export interface Change {
  /** Makes the change; fails unless it took effect. */
  readonly prepare: string;
  /** Undoes it. Absent if that is impossible: such cases run last. */
  readonly undo?: string;
}

/** The case with the change made before it and undone after it. */
export function prepared({ prepare, undo }: Change, inner: Case): Case {
  return {
    ...inner,
    run: async (context) => {
      await context.machine.shell(prepare);
      try {
        return await inner.run(context);
      } finally {
        if (undo) await context.machine.shell(undo);
      }
    },
  };
}
