/**
 * The programs that see accepted TCP connections. Source: bpf/lib/accept.bpf.h.
 *
 * @module
 */
import type { ProgramSet, VmlinuxBtf } from "../../bpf/mod.ts";
import type { TierName } from "../../model/mod.ts";
import type { Constants } from "../tool.ts";

/** Threads that can be inside accept at once on the kprobe tier. */
const ACCEPTS_IN_FLIGHT = 4096;

/** The programs of each tier. */
export const ACCEPT: Readonly<Record<TierName, ProgramSet>> = {
  fentry: { all: ["inet_csk_accept_exit__fentry"] },
  kprobe: {
    all: ["inet_csk_accept_exit__kprobe", "inet_csk_accept_enter__kprobe"],
    maxEntries: { accepts: ACCEPTS_IN_FLIGHT },
  },
  tracepoint: { all: ["sys_exit__tracepoint"] },
};

/** The kernel's function has 2 arguments since 6.10 and 4 before. */
export function acceptArguments(types: VmlinuxBtf): Constants {
  const count = types.parameterCount("inet_csk_accept");
  return count === null ? {} : { accept_argument_count: count };
}
