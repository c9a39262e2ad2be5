/**
 * The scheduler's tracepoints, shared by the tools on run-queue delays. Source: bpf/lib/runq.bpf.h.
 *
 * @module
 */
import type { Hook } from "../../bpf/mod.ts";
import { tracepoints } from "./hooks.ts";

const NAMES = ["sched_wakeup", "sched_wakeup_new", "sched_switch"];

/** Observes threads that become runnable and that start to run. */
export const RUN_QUEUE_HOOKS: readonly Hook[] = [
  { name: "sched_switch", tiers: { tracepoint: [tracepoints("btf", NAMES), tracepoints("raw", NAMES)] } },
];
