/**
 * vfsstat against calls.c.
 *
 * @module
 */
import { kinds } from "../../workloads/calls.ts";
import type { Case } from "../case.ts";
import { all, nothingLost, sums } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** The sums of all kinds of calls. */
export const callsCheck = all(sums(kinds), nothingLost);

export const vfsstatCases: readonly Case[] = [
  workloadCase({
    name: "eight kinds of calls are counted exactly",
    tool: "vfsstat",
    workload: ["calls"],
    check: callsCheck,
  }),
];
