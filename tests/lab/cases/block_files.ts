/**
 * biosnoop and biotop against block_files.c on the guest's disk as ext4.
 *
 * @module
 */
import { rowsOf, sumColumn } from "../../support/ticks.ts";
import { PAGE, WRITTEN, wrongFiles } from "../../workloads/block_files.ts";
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost, printedNumber } from "../checks.ts";
import { prepared } from "./prepared.ts";
import { workloadCase } from "./workload_case.ts";

/** The disk with its file system: other cases write to it without one. */
const FRESH_EXT4 = {
  prepare: "{ ! grep -q ' /tmp/disk ' /proc/mounts || umount /tmp/disk; } && mkdir -p /tmp/disk && " +
    "mke2fs -F /dev/nvme0n1 > /dev/null && mount -t ext4 /dev/nvme0n1 /tmp/disk",
  undo: "umount /tmp/disk",
} as const;

const onDisk = { workload: ["block_files", "/tmp/disk"], wholeMachine: true, native: false } as const;

const pidOf = (outcome: Outcome, word: string): number => printedNumber(outcome, word);

function filesAndWriters(outcome: Outcome): string[] {
  const [own, one, two] = ["own", "one", "two"].map((word) => pidOf(outcome, word));
  return wrongFiles(rowsOf(outcome.ticks), { own: own!, one: one!, two: two! });
}

/** What the child wrote counts for it; a request with pages of another process does not. */
function chargedToWriter(outcome: Outcome): string[] {
  const one = pidOf(outcome, "one");
  const rows = rowsOf(outcome.ticks).filter(({ pid }) => pid === one);
  const pages = sumColumn(rows, "bytes") / PAGE;
  const { deleted, written, first } = WRITTEN;
  return [
    ...pages >= deleted! + written! + first! ? [] : [`${pages} pages were charged to the child`],
    ...rows.every(({ comm, type }) => comm === "one" && type === "W")
      ? []
      : [`the rows of the child are ${JSON.stringify(rows)}`],
    ...sumColumn(rows, "written_back") > 0 ? [] : ["none was made by another process"],
    ...sumColumn(rows, "bytes", ({ file }) => file === "deleted") === deleted! * PAGE
      ? []
      : ["the pages of `deleted` were not counted"],
  ];
}

export const biosnoopFiles: Case = prepared(
  FRESH_EXT4,
  workloadCase({
    ...onDisk,
    name: "requests have the files and the writers of their pages",
    tool: "biosnoop",
    check: all(filesAndWriters, nothingLost),
  }),
);

export const biotopFiles: Case = prepared(
  FRESH_EXT4,
  workloadCase({
    ...onDisk,
    name: "what is written back is charged to the process that wrote it, by file",
    tool: "biotop",
    options: ["--files"],
    check: all(chargedToWriter, nothingLost),
  }),
);
