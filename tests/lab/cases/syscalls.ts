/**
 * What the tools of system calls share: calls by 32-bit programs (program32.c), and none of their programs on other calls
 * (getppid.c).
 *
 * @module
 */
import * as program32 from "../../workloads/program32.ts";
import { rowsOf, sumColumn } from "../../support/ticks.ts";
import type { Case, Context } from "../case.ts";
import { all, nothingLost, rowCounts, sums } from "../checks.ts";
import { runWithWorkload } from "../run.ts";
import { type WorkloadCase, workloadCase } from "./workload_case.ts";

const in32 = (spec: Omit<WorkloadCase, "name" | "workload">): Case =>
  workloadCase({
    ...spec,
    name: "calls by a 32-bit program are reported exactly",
    workload: ["program32"],
    notOnArm64: "system calls of 32-bit programs are not seen there; the program makes those of i386",
    check: all(spec.check, nothingLost),
  });

/** Calls of getppid.c, and at most how often programs may run for what the lab itself does in the meantime. */
const CALLS = 1_000_003, OTHERS = 10_000;

/** How often all BPF programs have run since the statistics were switched on. */
async function runs({ machine }: Context): Promise<number> {
  const printed = await machine.shell(
    "echo 1 > /proc/sys/kernel/bpf_stats_enabled; bpftool prog list | grep -oE 'run_cnt [0-9]+'; true",
  );
  return [...printed.matchAll(/run_cnt (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** On the tracepoint tier each call runs a program, which shows that the statistics count. */
function unrelatedCalls(tool: string, options: readonly string[] = []): Case {
  return {
    name: "no program runs for a system call that the tool does not report",
    tool,
    cells: ["fentry", "kprobe", "tracepoint"],
    boot: "usual",
    native: false,
    run: async (context) => {
      let before = 0, after = 0;
      const failures = await runWithWorkload({
        tool,
        options,
        workload: ["getppid"],
        during: async () => {
          before = await runs(context);
        },
        check: () => [],
        atEnd: async () => {
          after = await runs(context);
        },
      }, context);
      const made = after - before;
      const expected = context.cell === "tracepoint" ? made >= CALLS : made < OTHERS;
      return expected ? failures : [...failures, `programs ran ${made} times during ${CALLS} calls`];
    },
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
