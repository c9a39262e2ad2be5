/**
 * The CPUs the kernel may ever have: per-CPU maps hold one value for each.
 *
 * @module
 */
import { KtopError } from "../errors.ts";

const POSSIBLE = "/sys/devices/system/cpu/possible";

/**
 * The number of CPUs in a kernel list such as "0-3,8": the highest number plus one, as libbpf counts them, because
 * the kernel's per-CPU values are laid out by CPU number.
 *
 * @throws {KtopError} when the text is not such a list
 */
export function countCpus(list: string): number {
  let count = 0;
  for (const range of list.trim().split(",")) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(range);
    if (match === null) throw new KtopError(`${POSSIBLE} holds "${list.trim()}", which is no list of CPUs`);
    count = Math.max(count, Number(match[2] ?? match[1]) + 1);
  }
  return count;
}

let possible = 0;

/** How many values a per-CPU map holds for each key; from /sys/devices/system/cpu/possible, read once. */
export const possibleCpus = (): number => possible ||= countCpus(Deno.readTextFileSync(POSSIBLE));
