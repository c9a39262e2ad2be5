/**
 * opensnoop against opens.c and flood.c.
 *
 * @module
 */
import * as below from "../../workloads/below.ts";
import * as opens from "../../workloads/opens.ts";
import * as users from "../../workloads/users.ts";
import type { Case } from "../case.ts";
import { all, allEventsAccounted, nothingLost, rowCounts, somethingLost } from "../checks.ts";
import { belowCase } from "./below.ts";
import { workloadCase } from "./workload_case.ts";

export const opensnoopCases: readonly Case[] = [
  workloadCase({
    name: "each open is reported with its path and result",
    tool: "opensnoop",
    workload: ["opens"],
    check: all(rowCounts(opens.calls, opens.pathErrno), nothingLost),
  }),
  workloadCase({
    name: "-F resolves relative paths to full paths, across mounts",
    tool: "opensnoop",
    options: ["-F"],
    workload: ["opens"],
    check: all(rowCounts(opens.callsByFullPath, opens.pathErrno), nothingLost),
  }),
  workloadCase({
    name: "-x reports only failed calls",
    tool: "opensnoop",
    options: ["-x"],
    workload: ["opens"],
    check: all(rowCounts(opens.failedCalls, opens.pathErrno), nothingLost),
  }),
  workloadCase({
    name: "-f reports only opens with any of the flags, and their flags and mode",
    tool: "opensnoop",
    options: ["-f", "O_RDWR,O_CREAT"],
    workload: ["opens"],
    check: all(rowCounts(opens.callsWithFlags, opens.pathFlagsMode), nothingLost),
  }),
  workloadCase({
    name: "each open has the user of its process, also after setuid",
    tool: "opensnoop",
    options: ["--comm", users.COMM],
    wholeMachine: true,
    workload: ["users"],
    check: all(
      rowCounts(users.byId(users.OPENS), ({ path, uid }) => path === "file" ? String(uid) : null),
      nothingLost,
    ),
  }),
  workloadCase({
    name: "in a flood, received and lost events add up to the opens made",
    tool: "opensnoop",
    // One short column: a guest's serial line is slow. So little memory leaves the ring buffer as small as it is declared.
    options: ["--fields", "fd", "--max-memory", "16"],
    workload: ["flood", "100003"],
    cells: ["default"],
    undrained: true,
    check: all(allEventsAccounted, somethingLost),
  }),
  belowCase({
    name: "--directory reports opens below the directory, and failed ones by their path",
    tool: "opensnoop",
    flag: "--directory",
    rows: () => below.opens,
    lost: 2 * below.TOO_DEEP,
  }),
];
