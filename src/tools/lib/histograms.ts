/**
 * Log2 histograms, shared by the tools that show distributions. The BPF side is bpf/lib/hist.bpf.h.
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

/** `-T`: the time before the histograms of each interval. */
export const TIMESTAMP: Flag = {
  name: "timestamp",
  printOnly: true,
  letter: "T",
  kind: "switch",
  description: "print the time before each interval's histograms",
};

/** The unit of the options: its name, and its length in nanoseconds and in microseconds. */
export function timeUnit({ flags }: ToolOptions): { unit: "us" | "ms"; ns: bigint; us: number } {
  return flags.milliseconds === true
    ? { unit: "ms", ns: 1_000_000n, us: 1000 }
    : { unit: "us", ns: 1000n, us: 1 };
}

/** The columns of {@linkcode slotRows}. `what` is counted: "waits". */
export function slotColumns(what: string): readonly Column[] {
  return [
    {
      key: "low_us",
      title: "FROM(us)",
      description: "Lower bound of the slot, in microseconds.",
      unit: "us",
      width: 10,
      align: "right",
      adds: false,
    },
    {
      key: "high_us",
      title: "TO(us)",
      description:
        "Upper bound of the slot, in microseconds; unknown for the last slot, which has no upper bound.",
      unit: "us",
      width: 10,
      align: "right",
      adds: false,
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
 * A histogram as rows: one for each slot with a count, shortest time first.
 *
 * @param labels columns that identify the histogram
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
