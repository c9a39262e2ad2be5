/**
 * filelife: files that `tests/workloads/lives.c` creates and removes, by name; those that the tracepoint tier cannot know among
 * them. Files that are not to be taken for others: of one inode number (`tests/workloads/reused.c`), and on a file system that
 * opens and creates in one operation (`tests/workloads/fused.c`).
 *
 * @module
 */
import type { Case, Check } from "../case.ts";
import { all, nothingLost, printedNumber, wellFormed } from "../checks.ts";
import { runCounting } from "../run.ts";
import { counting } from "./counting.ts";

/** How many files whose names begin so are told, each once. */
const told = (prefix: string, count: number): Check => (outcome) => {
  const files = outcome.ticks.flatMap(({ rows }) => rows).map(({ file }) => String(file)).filter((file) =>
    file.startsWith(prefix)
  );
  return files.length === count && new Set(files).size === count
    ? []
    : [`${files.length} files ${prefix}… were told (${new Set(files).size} different ones), not ${count}`];
};

/** The age of the aged file lies between its sleep and what the workload measured around it. */
const aged: Check = (outcome) => {
  const row = outcome.ticks.flatMap(({ rows }) => rows).find(({ file }) => file === "aged");
  const most = printedNumber(outcome, "aged_us") / 1e6;
  const age = Number(row?.age_s);
  return age >= 0.12 && age <= most ? [] : [`age_s is ${age}, not 0.12 to ${most}`];
};

const both: Check = all(told("told", 103), told("aged", 1), aged, told("old", 0), nothingLost);

/** The guest's disk as ext4 with few inodes. */
const FEW = "{ ! grep -q ' /tmp/disk ' /proc/mounts || umount /tmp/disk; } && " +
  "mke2fs -F /dev/nvme0n1 1024 > /dev/null && mkdir -p /tmp/few && mount -t ext4 /dev/nvme0n1 /tmp/few";

const reused: Case = {
  name: "what takes over the inode number of a replaced file is not taken for it",
  tool: "filelife",
  cells: ["fentry", "kprobe"],
  boot: "usual",
  native: false,
  async run(context) {
    await context.machine.shell(FEW);
    try {
      return await runCounting({
        tool: "filelife",
        workload: ["reused", "/tmp/few"],
        check: all(
          wellFormed,
          told("victim", 3 * 7),
          told("symlink", 0),
          told("socket", 0),
          told("tmpfile", 0),
          nothingLost,
        ),
      }, context);
    } finally {
      await context.machine.shell("umount /tmp/few");
    }
  },
};

export const filelifeCases: readonly Case[] = [
  counting({
    name: "files that end are told once, with their age",
    tool: "filelife",
    workload: ["lives"],
    check: both,
  }),
  counting({
    name: "files of mknod, with two links, or renamed are told by their last name",
    tool: "filelife",
    workload: ["lives"],
    cells: ["fentry", "kprobe"],
    check: all(
      told("node", 17),
      told("linked", 0),
      told("other", 7),
      told("before", 0),
      told("moved", 5),
      nothingLost,
    ),
  }),
  reused,
  counting({
    name: "on FUSE, files that were there before are not told, those that an open created are",
    tool: "filelife",
    workload: ["fused"],
    cells: ["fentry", "kprobe"],
    // The others have it as a module.
    kernels: ["6.12", "7.2"],
    native: false,
    check: all(told("made", 7), told("there", 0), nothingLost),
  }),
];
