/**
 * The scheduler's tracepoints, for the tools on run-queue waits. Source: bpf/runq.bpf.h.
 *
 * @module
 */
import type { Hook } from "../bpf/mod.ts";

/** The same programs as tp_btf, else as raw tracepoints. */
const programs = (kind: string): { all: string[] } => ({
  all: ["sched_wakeup", "sched_wakeup_new", "sched_switch"].map((name) => `${name}_${kind}__tracepoint`),
});

/** What sees threads become runnable and get a CPU. */
export const RUN_QUEUE_HOOKS: readonly Hook[] = [
  { name: "sched_switch", tiers: { tracepoint: [programs("btf"), programs("raw")] } },
];
