/**
 * mountsnoop against mounts.c.
 *
 * @module
 */
import * as mounts from "../../workloads/mounts.ts";
import type { Case } from "../case.ts";
import { all, nothingLost, rowCounts } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

export const mountsnoopCases: readonly Case[] = [
  workloadCase({
    name: "each call is reported with its arguments, flags and result",
    tool: "mountsnoop",
    workload: ["mounts"],
    check: all(
      rowCounts(
        // The workload prints the result of mount_setattr(2). 5.10 does not have it: no function of the kernel shows the call.
        ({ workload, ticks }) =>
          mounts.calls(
            /^setattr 0$/m.test(workload) ? "0" : ticks[0]!.tier === "tracepoint" ? "-ENOSYS" : null,
          ),
        mounts.callText,
      ),
      nothingLost,
    ),
  }),
];
