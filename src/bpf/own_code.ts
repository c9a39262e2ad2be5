/**
 * The machine code of this process's BPF programs, to recognize them in stacks of the kernel.
 *
 * @module
 */
import type { CodeRange } from "../ffi/mod.ts";

/** The code of each object that is loaded. It is read at the load: after dropping CAP_BPF the kernel hides it. */
const codeOf = new Map<object, readonly CodeRange[]>();
/** The code of all objects by address; null: objects were added or removed since it was sorted. */
let sorted: readonly CodeRange[] | null = null;

/** Adds the code of an object's programs. */
export function addOwnCode(object: object, code: readonly CodeRange[]): void {
  codeOf.set(object, code);
  sorted = null;
}

/** Removes the code of an object's programs. */
export function removeOwnCode(object: object): void {
  if (codeOf.delete(object)) sorted = null;
}

/** Whether an address is in a BPF program of this process. */
export function isOwnCode(address: bigint): boolean {
  const ranges = sorted ??= [...codeOf.values()].flat()
    .sort((a, b) => a.start < b.start ? -1 : a.start > b.start ? 1 : 0);
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.start <= address) low = middle + 1;
    else high = middle;
  }
  return low > 0 && address < ranges[low - 1]!.end;
}
