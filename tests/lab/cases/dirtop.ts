/**
 * dirtop against io.c, whose files are below two of the directories and not below the third.
 *
 * @module
 */
import * as io from "../../workloads/io.ts";
import type { Case } from "../case.ts";
import { all, keysLost, nothingLost, sums } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

export const dirtopCases: readonly Case[] = [
  workloadCase({
    name: "I/O is counted exactly for each directory above the file, and for no other",
    tool: "dirtop",
    workload: ["io"],
    options: ["-d", "/tmp,/,/etc"],
    check: all(
      sums({ ...io.allFiles }, { path: "/tmp" }),
      sums({ ...io.allFiles }, { path: "/" }),
      sums({ reads: 0, writes: 0 }, { path: "/etc" }),
      nothingLost,
    ),
  }),
  workloadCase({
    name: "I/O on deep files is counted, and on those too deep to follow as lost",
    tool: "dirtop",
    workload: ["deep"],
    options: ["-d", "/tmp,/"],
    check: all(
      sums({ writes: io.deep.near }, { path: "/tmp" }),
      sums({ writes: io.deep.near }, { path: "/" }),
      keysLost(io.deep.far),
    ),
  }),
];
