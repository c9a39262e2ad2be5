/**
 * The scheduler's tracepoints, for the tools on run-queue waits. Source: bpf/lib/runq.bpf.h.
 *
 * @module
 */
import type { Hook } from "../../bpf/mod.ts";
import { tracepoints } from "./hooks.ts";

const NAMES = ["sched_wakeup", "sched_wakeup_new", "sched_switch"];

/** What sees threads become runnable and get a CPU. */
export const RUN_QUEUE_HOOKS: readonly Hook[] = [
  { name: "sched_switch", tiers: { tracepoint: [tracepoints("btf", NAMES), tracepoints("raw", NAMES)] } },
];
