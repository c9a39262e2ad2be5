/**
 * Difficult conditions: one online CPU of eight, a CPU that goes offline, lockdown, missing file systems, few capabilities.
 *
 * @module
 */
import type { Case } from "../case.ts";
import { describeEnd } from "../run.ts";
import { type WorkloadCase, workloadCase } from "./workload_case.ts";
import { ioCheck } from "./filetop.ts";
import { prepared } from "./prepared.ts";
import { callsCheck } from "./vfsstat.ts";

/** vfsstat alongside `calls` on the default tier, whose counts must be exact under each condition. */
const calls = {
  tool: "vfsstat",
  workload: ["calls"],
  cells: ["default"],
  native: false,
  check: callsCheck,
} as const satisfies Omit<WorkloadCase, "name">;

/** A case in which ktop must exit with a status and report the reason. */
function refusal(
  name: string,
  argv: readonly string[],
  expected: { status: number; message: RegExp; native?: boolean; kernels?: readonly string[] },
): Case {
  return {
    name,
    tool: "vfsstat",
    cells: ["default"],
    kernels: expected.kernels,
    boot: "usual",
    native: expected.native ?? false,
    run: async ({ machine }) => {
      const ktop = await machine.start(argv);
      const status = await ktop.end(60_000);
      if (status === expected.status && expected.message.test(ktop.errors)) return [];
      return [
        `expected status ${expected.status} and ${expected.message}; ktop ended with ${describeEnd(ktop)}`,
      ];
    },
  };
}

const ktop = ["ktop", "vfsstat", "--json"];
/** CAP_DAC_READ_SEARCH (tracefs belongs to root), CAP_PERFMON, CAP_BPF (linux/capability.h). */
const CAPABILITIES = "2,38,39";

/** To run ktop from a directory that is closed to other users. */
const DAC_OVERRIDE = "1";
const CPU1 = "/sys/devices/system/cpu/cpu1/online";
const LOCKDOWN = "/sys/kernel/security/lockdown";
/** Takes all CPUs but the first offline; fails unless one CPU of eight possible ones is left. */
const ONE_OF_EIGHT = "for cpu in 1 2 3 4 5 6 7; do echo 0 > /sys/devices/system/cpu/cpu$cpu/online; done; " +
  "[ $(cat /sys/devices/system/cpu/possible) = 0-7 ] && [ $(cat /sys/devices/system/cpu/online) = 0 ]";

const oneOfEight: readonly Case[] = [
  prepared(
    { prepare: ONE_OF_EIGHT },
    workloadCase({ ...calls, name: "counts are exact with one online CPU of eight", boot: "eight-cpus" }),
  ),
  prepared(
    { prepare: ONE_OF_EIGHT },
    workloadCase({
      ...calls,
      name: "reads and writes are exact with one online CPU of eight",
      boot: "eight-cpus",
      tool: "filetop",
      workload: ["io"],
      check: ioCheck,
    }),
  ),
];

const privileges: readonly Case[] = [
  workloadCase({
    ...calls,
    name: "counts are exact with a low RLIMIT_MEMLOCK",
    through: ["sh", "-c", 'ulimit -l 64 && exec "$@"', "sh"],
  }),
  workloadCase({
    ...calls,
    name: "counts are exact without CAP_SYS_ADMIN but with CAP_BPF and CAP_PERFMON",
    through: ["sh", "-c", 'ulimit -l unlimited && exec withcaps "$@"', "sh", CAPABILITIES],
  }),
  refusal(
    "ktop names RLIMIT_MEMLOCK when it is too low and cannot be raised",
    ["sh", "-c", 'ulimit -l 16 && exec withcaps "$@"', "sh", CAPABILITIES, ...ktop],
    // Since 5.11 BPF memory is charged to the cgroup instead.
    { status: 1, message: /RLIMIT_MEMLOCK/, kernels: ["5.10"] },
  ),
  refusal("ktop without capabilities exits with 3 and names them", ["withcaps", DAC_OVERRIDE, ...ktop], {
    status: 3,
    message: /CAP_BPF/,
    native: true,
  }),
];

/** The beginning of a command that runs after lines of shell in its own mount namespace. */
const inMounts = (...lines: readonly string[]): readonly string[] => [
  ...["unshare", "-m", "sh", "-ec"],
  [...lines, 'exec "$@"'].join("; "),
  "sh",
];

const machinery: readonly Case[] = [
  prepared(
    { prepare: "true", undo: `echo 1 > ${CPU1}` },
    workloadCase({
      ...calls,
      name: "counts are exact when a CPU goes offline while ktop runs",
      during: `echo 0 > ${CPU1}`,
    }),
  ),
  prepared(
    {
      prepare: "umount /sys/kernel/debug /sys/kernel/tracing && [ ! -e /sys/kernel/tracing/events ]",
      undo: "mount -t tracefs tracefs /sys/kernel/tracing && mount -t debugfs debugfs /sys/kernel/debug",
    },
    workloadCase({ ...calls, name: "counts are exact without a mounted tracefs" }),
  ),
  prepared(
    { prepare: "mount -t tmpfs tmpfs /sys/kernel/btf", undo: "umount /sys/kernel/btf" },
    refusal("ktop without BTF exits with 4 and names BTF", ktop, {
      status: 4,
      message: /^ktop: vfsstat cannot run here: the kernel has no BTF: [^\n]*CONFIG_DEBUG_INFO_BTF\.\n$/,
    }),
  ),
  refusal(
    "ktop without /sys exits with 4 and names /sys, not the kernel",
    [...inMounts("umount -l /sys"), ...ktop],
    {
      status: 4,
      message:
        /^ktop: vfsstat cannot run here: \/sys is not mounted[^\n]* Run: mount -t sysfs sysfs \/sys\.\n$/,
      native: true,
    },
  ),
  refusal(
    "ktop on cgroup v1 exits with 1 and says how to mount cgroup v2",
    [
      ...inMounts(
        "umount -l /sys/fs/cgroup",
        "mount -t tmpfs tmpfs /sys/fs/cgroup",
        "mkdir /sys/fs/cgroup/v1",
        "mount -t cgroup -o none,name=lab cgroup /sys/fs/cgroup/v1",
      ),
      ...ktop,
      ...["--cgroup", "/sys/fs/cgroup/v1"],
    ],
    {
      status: 1,
      message:
        /^ktop: \/sys\/fs\/cgroup\/v1 is not a cgroup v2 directory\. No cgroup v2 [^\n]* Run: mount -t cgroup2 cgroup2 DIR\.\n$/,
    },
  ),
];

/** Last: lockdown cannot be undone. */
const lockdown: readonly Case[] = [
  prepared(
    { prepare: `echo integrity > ${LOCKDOWN} && grep -q '\\[integrity\\]' ${LOCKDOWN}` },
    workloadCase({ ...calls, name: "counts are exact under lockdown=integrity" }),
  ),
  prepared(
    { prepare: `echo confidentiality > ${LOCKDOWN} && grep -q '\\[confidentiality\\]' ${LOCKDOWN}` },
    refusal("ktop under lockdown=confidentiality exits with 4 and names lockdown", ktop, {
      status: 4,
      message: /lockdown=confidentiality/,
    }),
  ),
];

export const conditionCases: readonly Case[] = [...oneOfEight, ...privileges, ...machinery, ...lockdown];
