/**
 * filelife against lives.c, reused.c, below.c and fused.c.
 *
 * @module
 */
import { type Counts, rowsOf } from "../../support/ticks.ts";
import * as below from "../../workloads/below.ts";
import * as lives from "../../workloads/lives.ts";
import { type Case, type Check, tiers } from "../case.ts";
import { all, differences, nothingLost, printedNumber } from "../checks.ts";
import { belowCase, directoriesCheck } from "./below.ts";
import { workloadCase } from "./workload_case.ts";
import { prepared } from "./prepared.ts";

/** How many files are reported, by the prefix of their names. */
const files = (expected: Counts): Check => ({ ticks }) =>
  differences(lives.countFiles(rowsOf(ticks), expected), expected);

/** The age of "aged" is between the workload's sleep and what the workload measured around it. */
const age: Check = (outcome) => {
  const row = rowsOf(outcome.ticks).find(({ file }) => file === "aged");
  const most = printedNumber(outcome, "aged_us") / 1e6;
  const age = Number(row?.age_s);
  return age >= lives.AGED_S && age <= most ? [] : [`age_s is ${age}, not ${lives.AGED_S} to ${most}`];
};

/** No "target" is older than the workload measured: the file that it replaced is. */
const ageAfterReplacing: Check = (outcome) => {
  const most = printedNumber(outcome, "replaced_us") / 1e6;
  const ages = rowsOf(outcome.ticks).filter(({ file }) => String(file).startsWith("target"))
    .map(({ age_s }) => Number(age_s));
  return ages.every((age) => age <= most) ? [] : [`ages ${ages} exceed ${most}`];
};

/** The guest's disk as ext4 with few inodes. */
const FEW_INODES = "{ ! grep -q ' /tmp/disk ' /proc/mounts || umount /tmp/disk; } && " +
  "mke2fs -F /dev/nvme0n1 1024 > /dev/null && mkdir -p /tmp/few && mount -t ext4 /dev/nvme0n1 /tmp/few";

const inodeTiers = tiers.filter((tier) => tier !== "tracepoint");

export const filelifeCases: readonly Case[] = [
  workloadCase({
    name: "each file that was created and removed is reported once, with its age",
    tool: "filelife",
    workload: ["lives"],
    check: all(files({ ...lives.files, ...lives.neverReported }), age, ageAfterReplacing, nothingLost),
  }),
  workloadCase({
    name: "files of mknod and with two links are reported by their last name",
    tool: "filelife",
    workload: ["lives"],
    cells: inodeTiers,
    check: all(files(lives.filesByInode), nothingLost),
  }),
  prepared(
    { prepare: FEW_INODES, undo: "umount /tmp/few" },
    workloadCase({
      name: "what takes over the inode number of a replaced file is not taken for that file",
      tool: "filelife",
      workload: ["reused", "/tmp/few"],
      cells: inodeTiers,
      native: false,
      check: all(files(lives.filesOfReused), nothingLost),
    }),
  ),
  workloadCase({
    name: "on FUSE, files that an open created are reported, files that existed before are not",
    tool: "filelife",
    workload: ["fused"],
    cells: inodeTiers,
    // The other kernels have FUSE as a module.
    kernels: ["6.12", "7.2"],
    native: false,
    check: all(files(lives.filesOfFused), nothingLost),
  }),
  belowCase({
    name: "each removed file has its directory",
    tool: "filelife",
    flag: null,
    rows: below.allLives,
    lost: 0,
    check: directoriesCheck(below.directories),
  }),
  belowCase({
    name: "-d reports files removed below the directory, and no others",
    tool: "filelife",
    rows: below.lives,
    lost: below.TOO_DEEP,
  }),
];
