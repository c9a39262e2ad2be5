/**
 * The checks of fileslower, fsslower and fsdist against slow.c, and the guest's disk as ext4.
 *
 * @module
 */
import { rowsOf, sumColumn } from "../../support/ticks.ts";
import * as slow from "../../workloads/slow.ts";
import type { Case, Check, Outcome } from "../case.ts";
import { printedNumber } from "../checks.ts";
import { type WorkloadCase, workloadCase } from "./workload_case.ts";
import { prepared } from "./prepared.ts";

/** The sum of a kind's latencies is above zero and at most what the workload measured around the calls. */
export function withinMeasured(
  column: "direction" | "operation",
  letter: keyof typeof slow.measuredWords,
): Check {
  return (outcome) => {
    const rows = rowsOf(outcome.ticks).filter((row) => row[column] === letter);
    const sum = sumColumn(rows, "lat_ms") * 1e6;
    const measured = printedNumber(outcome, slow.measuredWords[letter]);
    return sum > 0 && sum <= measured ? [] : [`${letter} took ${sum} ns, the workload measured ${measured}`];
  };
}

/** Bytes of the successful calls; a failed call has none. */
export function bytes({ ticks }: Outcome): string[] {
  const sum = sumColumn(rowsOf(ticks), "bytes", ({ file, bytes }) => file === "small.dat" && bytes !== null);
  return sum === slow.SMALL_BYTES ? [] : [`the bytes of small.dat are ${sum}, not ${slow.SMALL_BYTES}`];
}

/** At a threshold of 1 ms: all calls on big.dat, no shorter calls, and at most as many as the workload found slow. */
export function onlySlow(outcome: Outcome): string[] {
  const rows = rowsOf(outcome.ticks);
  const moved = rows.filter(({ bytes }) => bytes !== null);
  const big = moved.filter(({ file }) => file === "big.dat").length;
  const short = rows.find(({ lat_ms }) => !(Number(lat_ms) >= 1));
  const most = printedNumber(outcome, "slow");
  return [
    ...big === slow.BIG ? [] : [`${big} operations on big.dat, not ${slow.BIG}`],
    ...short ? [`shorter than the threshold: ${JSON.stringify(short)}`] : [],
    ...moved.length <= most ? [] : [`${moved.length} reads and writes, but only ${most} took so long`],
  ];
}

/** Mounts the guest's disk as ext4, once, and removes what an earlier case left there. */
export const MOUNT_EXT4 =
  "mkdir -p /tmp/disk && { grep -q ' /tmp/disk ' /proc/mounts || { mke2fs -F /dev/nvme0n1 > /dev/null && " +
  "mount -t ext4 /dev/nvme0n1 /tmp/disk; }; } && rm -rf /tmp/disk/ktop-lab-*";

/** A case on the guest's disk as ext4. */
export function onExt4(spec: Omit<WorkloadCase, "native">): Case {
  return prepared({ prepare: MOUNT_EXT4 }, workloadCase({ ...spec, native: false }));
}

/** `slow` on that disk. */
export const slowOnExt4 = ["slow", "/tmp/disk"];
