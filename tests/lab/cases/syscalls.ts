/**
 * What the tools of system calls share: calls by 32-bit programs (program32.c), and none of their programs on other calls
 * (unrelated.c).
 *
 * @module
 */
import * as program32 from "../../workloads/program32.ts";
import { rowsOf, sumColumn } from "../../support/ticks.ts";
import type { Case } from "../case.ts";
import { all, nothingLost, rowCounts, sums } from "../checks.ts";
import { runWithWorkload } from "../run.ts";
import { type WorkloadCase, workloadCase } from "./workload_case.ts";

const in32 = (spec: Omit<WorkloadCase, "name" | "workload">): Case =>
  workloadCase({
    ...spec,
    name: "calls by a 32-bit program are reported exactly",
    workload: ["program32"],
    is32Bit: true,
    notOnArm64: "system calls of 32-bit programs are not seen there; the program makes those of i386",
    check: all(spec.check, nothingLost),
  });

/** Calls of unrelated.c in each round. */
const CALLS = 10_007;

/**
 * A program that runs for the calls runs in each round. Others run in some rounds: for what ktop and the lab do in the meantime. On the
 * tracepoint tier each call runs a program, which shows that the kernel counts.
 */
function unrelatedCalls(tool: string, options: readonly string[] = []): Case {
  return {
    name: "no program runs for a system call that the tool does not report",
    tool,
    cells: ["fentry", "kprobe", "tracepoint"],
    boot: "usual",
    native: false,
    run: (context) =>
      runWithWorkload({
        tool,
        options,
        interval: 1,
        workload: ["unrelated"],
        check: ({ workload }) => {
          const rounds = [...workload.matchAll(/^runs (\d+)$/gm)].map(([, count]) => Number(count));
          const fewest = Math.min(...rounds);
          const expected = context.cell === "tracepoint" ? fewest >= CALLS : fewest === 0;
          return expected && rounds.length > 0
            ? []
            : [`programs ran at least ${fewest} times in each round of ${CALLS} calls`];
        },
      }, context),
  };
}

export const syscallCases: readonly Case[] = [
  in32({
    tool: "opensnoop",
    check: rowCounts(program32.opens, program32.pathErrnoFlagsMode),
  }),
  in32({
    tool: "statsnoop",
    check: rowCounts(program32.stats, program32.syscallPathErrno),
  }),
  in32({
    tool: "mountsnoop",
    check: rowCounts(program32.mounts, ({ call }) => String(call)),
  }),
  in32({
    tool: "execsnoop",
    options: ["-x"],
    check: rowCounts(program32.execs, program32.resultAndArguments),
  }),
  in32({
    tool: "filetop",
    check: sums({ reads: program32.reads, writes: program32.writes }),
  }),
  in32({
    tool: "vfsstat",
    check: sums(program32.kinds),
  }),
  in32({
    tool: "fileslower",
    options: ["0"],
    check: rowCounts({ R: program32.reads, W: program32.writes }, ({ direction }) => String(direction)),
  }),
  in32({
    tool: "readpath",
    check: ({ ticks }) => {
      const found = sumColumn(rowsOf(ticks), "calls", program32.isAllReads);
      return found === program32.reads ? [] : [`${found} reads, not ${program32.reads}`];
    },
  }),
  ...["opensnoop", "statsnoop", "mountsnoop", "filetop", "vfsstat"].map((tool) => unrelatedCalls(tool)),
  unrelatedCalls("execsnoop", ["-x"]),
];
