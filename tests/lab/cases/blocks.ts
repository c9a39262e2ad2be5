/**
 * The checks of biosnoop and biolatency against blocks.c on the guest's disk.
 *
 * @module
 */
import { BATCHES, READS, TOGETHER, WRITES } from "../../workloads/blocks.ts";
import type { Case } from "../case.ts";
import { type WorkloadCase, workloadCase } from "./workload_case.ts";

/** Each read is one request; a batch of writes is one to eight, as the kernel merges them. */
export function requests(reads: number, writes: number): string[] {
  const fewest = WRITES + BATCHES, most = WRITES + BATCHES * TOGETHER;
  return [
    ...reads === READS ? [] : [`${reads} reads, not ${READS}`],
    ...writes >= fewest && writes <= most ? [] : [`${writes} writes, not ${fewest} to ${most}`],
  ];
}

const useScheduler = (name: string): string => `echo ${name} > /sys/block/nvme0n1/queue/scheduler`;

/** A run of `blocks` on the guest's disk. */
export const blocksOnDisk = {
  workload: ["blocks", "/dev/nvme0n1"],
  during: useScheduler("none"),
  native: false,
} as const;

/** The case on a disk with an I/O scheduler, on the kernels that have one built in. */
export function scheduled(spec: WorkloadCase): Case {
  return workloadCase({
    ...spec,
    name: `${spec.name}, with an I/O scheduler`,
    kernels: ["5.10", "6.1"],
    during: useScheduler("mq-deadline"),
  });
}
