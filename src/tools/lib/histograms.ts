/**
 * Log2 histograms: what the tools that show distributions share. The BPF side is bpf/lib/hist.bpf.h.
 *
 * @module
 */
import type { Column, Flag, Row } from "../../model/mod.ts";
import type { ToolOptions } from "../tool.ts";

/** `-m`: milliseconds instead of microseconds. */
export const MILLISECONDS: Flag = {
  name: "milliseconds",
  letter: "m",
  kind: "switch",
  description: "histogram in milliseconds",
};

/** `-T`: the time before each interval's histograms. */
export const TIMESTAMP: Flag = {
  name: "timestamp",
  letter: "T",
  kind: "switch",
  description: "print the time before each interval's histograms",
};

/** The unit that the options choose: its name, and its size in nanoseconds and in microseconds. */
export function timeUnit({ flags }: ToolOptions): { unit: "us" | "ms"; ns: bigint; us: number } {
  return flags.milliseconds === true
    ? { unit: "ms", ns: 1_000_000n, us: 1000 }
    : { unit: "us", ns: 1000n, us: 1 };
}

/** Columns of {@linkcode slotRows}. `what` is counted: "waits". */
export function slotColumns(what: string): readonly Column[] {
  return [
    {
      key: "low_us",
      title: "FROM(us)",
      description: "Shortest time that the slot counts, in microseconds.",
      unit: "us",
      width: 10,
      align: "right",
    },
    {
      key: "high_us",
      title: "TO(us)",
      description:
        "Longest time that the slot counts; unknown for the last slot, which counts all that is longer.",
      unit: "us",
      width: 10,
      align: "right",
    },
    {
      key: "count",
      title: "COUNT",
      description: `Number of ${what} in the slot.`,
      unit: "count",
      width: 8,
      align: "right",
    },
  ];
}

/**
 * A histogram as rows: one for each slot that counted anything, from the shortest time up.
 *
 * @param labels columns that say which histogram it is
 * @param unitUs microseconds in the unit of the slots
 */
export function slotRows(labels: Row, slots: readonly number[], unitUs: number): Row[] {
  return slots.flatMap((count, i) => {
    if (count === 0) return [];
    const low = i === 0 ? 0 : 2 ** i * unitUs;
    const high = i === slots.length - 1 ? null : 2 ** (i + 1) * unitUs - 1;
    return [{ ...labels, low_us: low, high_us: high, count }];
  });
}
