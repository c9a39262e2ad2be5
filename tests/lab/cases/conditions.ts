/**
 * Hard conditions: guests with few of many CPUs, a CPU that goes offline, lockdown, missing file systems, few capabilities.
 *
 * @module
 */
import type { Case, Context } from "../case.ts";
import { all, nothingLost, sums } from "../checks.ts";
import { describeEnd, runCounting } from "../run.ts";
import { counting, type CountingCase } from "./counting.ts";
import { ioCheck } from "./filetop.ts";
import { callsSums } from "./vfsstat.ts";

/** vfsstat beside `calls` on the default tier: the run that a condition must not disturb. */
const calls = {
  tool: "vfsstat",
  workload: ["calls"],
  cells: ["default"],
  native: false,
  check: all(sums(callsSums), nothingLost),
} as const satisfies Omit<CountingCase, "name">;

/** A case that changes the guest with a shell command, and changes it back. */
function under(change: string, undo: string, spec: CountingCase): Case {
  const inner = counting(spec);
  return {
    ...inner,
    run: async (context) => {
      await context.machine.shell(change);
      try {
        return await inner.run(context);
      } finally {
        if (undo) await context.machine.shell(undo);
      }
    },
  };
}

/** ktop must end with a status and say something; nothing is counted. */
async function refuses(
  context: Context,
  argv: readonly string[],
  expected: { status: number; says: RegExp },
): Promise<string[]> {
  const ktop = await context.machine.start(argv);
  const status = await ktop.end(60_000);
  if (status === expected.status && expected.says.test(ktop.errors)) return [];
  return [`expected status ${expected.status} and ${expected.says}; ktop ended with ${describeEnd(ktop)}`];
}

const LOCKDOWN = "/sys/kernel/security/lockdown";

export const conditionCases: readonly Case[] = [
  counting({ ...calls, name: "counts are exact with one CPU of eight possible ones", boot: "one-cpu" }),
  counting({
    ...calls,
    name: "reads and writes are exact with one CPU of eight possible ones",
    boot: "one-cpu",
    tool: "filetop",
    workload: ["io"],
    check: ioCheck,
  }),
  under("true", "echo 1 > /sys/devices/system/cpu/cpu1/online", {
    ...calls,
    name: "counts are exact when a CPU goes offline while ktop runs",
    during: "echo 0 > /sys/devices/system/cpu/cpu1/online",
  }),
  under(
    "umount /sys/kernel/debug/tracing 2>/dev/null; umount /sys/kernel/tracing",
    "mount -t tracefs tracefs /sys/kernel/tracing",
    {
      ...calls,
      name: "counts are exact without a mounted tracefs",
    },
  ),
  counting({
    ...calls,
    name: "counts are exact with a low RLIMIT_MEMLOCK",
    through: ["sh", "-c", 'ulimit -l 64; exec "$@"', "sh"],
  }),
  counting({
    ...calls,
    name: "counts are exact without CAP_SYS_ADMIN but with CAP_BPF and CAP_PERFMON",
    // CAP_DAC_READ_SEARCH 2 (tracefs is root's), CAP_PERFMON 38, CAP_BPF 39 (linux/capability.h).
    through: ["withcaps", "2,38,39"],
  }),
  {
    name: "without capabilities ktop ends with 3 and names them",
    tool: "vfsstat",
    cells: ["default"],
    boot: "usual",
    native: true,
    run: (context) =>
      refuses(context, ["withcaps", "0", "ktop", "vfsstat", "--json"], { status: 3, says: /CAP_BPF/ }),
  },
  {
    name: "without BTF ktop ends with 4 and says so",
    tool: "vfsstat",
    cells: ["default"],
    boot: "usual",
    native: false,
    run: async (context) => {
      await context.machine.shell("mount -t tmpfs tmpfs /sys/kernel/btf");
      try {
        return await refuses(context, ["ktop", "vfsstat", "--json"], { status: 4, says: /BTF/ });
      } finally {
        await context.machine.shell("umount /sys/kernel/btf");
      }
    },
  },
  under(`echo integrity > ${LOCKDOWN}`, "", { ...calls, name: "counts are exact under lockdown=integrity" }),
  {
    name: "under lockdown=confidentiality counts are exact or ktop ends with 4 and names lockdown",
    tool: "vfsstat",
    cells: ["default"],
    boot: "usual",
    native: false,
    run: async (context) => {
      await context.machine.shell(`echo confidentiality > ${LOCKDOWN}`);
      const complaints = await runCounting(calls, context);
      return complaints.filter((complaint) => !/status 4: .*lockdown/i.test(complaint));
    },
  },
];
