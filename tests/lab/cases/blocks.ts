/**
 * What the cases of biosnoop and biolatency share: requests of known number and size on the guest's disk, with those that the
 * kernel merges.
 *
 * @module
 */
import type { Case, Outcome, Tick } from "../case.ts";
import { counting, type CountingCase } from "./counting.ts";

/** What `blocks` does: reads and writes that are waited for, and batches of adjacent writes. */
export const READS = 1009, WRITES = 503, BATCHES = 61, TOGETHER = 8, BLOCK = 4096;

/** All rows of a run. */
export const rowsOf = (outcome: Outcome): Tick["rows"] => outcome.ticks.flatMap(({ rows }) => rows);

/** Each read is one request; a batch is one to eight, according to how many the kernel merged. */
export function requests(reads: number, writes: number): string[] {
  const fewest = WRITES + BATCHES, most = WRITES + BATCHES * TOGETHER;
  return [
    ...reads === READS ? [] : [`${reads} reads, not ${READS}`],
    ...writes >= fewest && writes <= most ? [] : [`${writes} writes, not ${fewest} to ${most}`],
  ];
}

const choose = (scheduler: string): string => `echo ${scheduler} > /sys/block/nvme0n1/queue/scheduler`;

/** A run of `blocks` on the guest's disk. */
export const onDisk = {
  workload: ["blocks", "/dev/nvme0n1"],
  during: choose("none"),
  native: false,
} as const;

/** As a case of a disk with an I/O scheduler, on the kernels that have one built in. */
export function scheduled(spec: Omit<CountingCase, "name">, what: string): Case {
  return counting({
    ...spec,
    name: `${what}, with an I/O scheduler`,
    kernels: ["5.10", "6.1"],
    during: choose("mq-deadline"),
  });
}
