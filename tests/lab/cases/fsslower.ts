/**
 * fsslower against slow.c, on ext4 and xfs.
 *
 * @module
 */
import { rowsOf, sumColumn } from "../../support/ticks.ts";
import * as slow from "../../workloads/slow.ts";
import type { Counts } from "../../support/ticks.ts";
import type { Case, Context, Outcome } from "../case.ts";
import { all, nothingLost, rowCounts } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";
import { prepared } from "./prepared.ts";
import { bytes, onExt4, onlySlow, slowOnExt4, withinMeasured } from "./slow.ts";

function offsets({ ticks }: Outcome): string[] {
  return Object.entries(slow.offsets).flatMap(([letter, expected]) => {
    const sum = sumColumn(
      rowsOf(ticks),
      "offset_bytes",
      ({ file, operation }) => file === "small.dat" && operation === letter,
    );
    return sum === expected ? [] : [`the offsets of ${letter} add up to ${sum}, not ${expected}`];
  });
}

const everything = all(
  rowCounts(({ context }) => slow.operations(context.cell), slow.fileAndLetter("operation")),
  bytes,
  offsets,
  withinMeasured("operation", "R"),
  withinMeasured("operation", "W"),
  withinMeasured("operation", "O"),
  nothingLost,
);

const XFS = "cd /lib/modules/6.1 && insmod libcrc32c.ko && insmod xfs.ko && " +
  "{ ! grep -q ' /tmp/disk ' /proc/mounts || umount /tmp/disk; } && mkfs.xfs -q -f /dev/nvme0n1 && " +
  "mkdir -p /tmp/xfs && mount -t xfs /dev/nvme0n1 /tmp/xfs";

/** Clears the disk: busybox's mke2fs leaves remains of xfs, which ext4 then reads as inodes (EUCLEAN). */
const NO_XFS = "umount /tmp/xfs && rmmod xfs libcrc32c && dd if=/dev/zero of=/dev/nvme0n1 bs=1M count=512";

const TMPFS = "mkdir -p /tmp/shm && mount -t tmpfs none /tmp/shm";
const NO_TMPFS = "umount /tmp/shm";

const OVERLAY =
  "insmod /lib/modules/6.1/overlay.ko && mkdir -p /tmp/layers && mount -t tmpfs none /tmp/layers && " +
  "cd /tmp/layers && mkdir lower upper work merged && " +
  "mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay merged";
const NO_OVERLAY = "umount /tmp/layers/merged && umount /tmp/layers && rmmod overlay";

/** Since 6.6 a synchronous write to tmpfs does not call fsync. */
const onTmpfs = ({ version }: Context): Counts =>
  slow.operations(["5.10", "6.1"].includes(version) ? "fentry" : "tracepoint");

export const fsslowerCases: readonly Case[] = [
  onExt4({
    name: "each operation on ext4 is an event at threshold 0",
    tool: "fsslower",
    options: ["0", "-t", "ext4"],
    workload: slowOnExt4,
    check: everything,
  }),
  onExt4({
    name: "at a threshold of 1 ms, long operations are events and short ones are not",
    tool: "ext4slower",
    options: ["1"],
    workload: slowOnExt4,
    check: all(onlySlow, nothingLost),
  }),
  prepared(
    { prepare: XFS, undo: NO_XFS },
    workloadCase({
      name: "each operation on xfs, a module, is an event at threshold 0",
      tool: "fsslower",
      options: ["0", "-t", "xfs"],
      workload: ["slow", "/tmp/xfs"],
      // Debian's kernels have xfs as a module, which fentry does not reach.
      cells: ["kprobe", "tracepoint"],
      kernels: ["6.1"],
      notOnArm64: "the guests have no mkfs.xfs: its package needs seven others",
      native: false,
      check: everything,
    }),
  ),
  prepared(
    { prepare: TMPFS, undo: NO_TMPFS },
    workloadCase({
      name:
        "each operation on tmpfs, which shares functions with other file systems, is an event at threshold 0",
      tool: "fsslower",
      options: ["0", "-t", "tmpfs"],
      workload: ["slow", "/tmp/shm"],
      // Until 6.6 tmpfs has no open function, so no single tier has them all.
      cells: ["default"],
      native: false,
      check: all(rowCounts(({ context }) => onTmpfs(context), slow.fileAndLetter("operation")), nothingLost),
    }),
  ),
  prepared(
    { prepare: OVERLAY, undo: NO_OVERLAY },
    workloadCase({
      name: "each operation on overlayfs, a module, is an event at threshold 0",
      tool: "fsslower",
      options: ["0", "-t", "overlay"],
      workload: ["slow", "/tmp/layers/merged"],
      cells: ["kprobe", "tracepoint"],
      kernels: ["6.1"],
      native: false,
      // A synchronous write is one of the layer below, which calls its own fsync.
      check: all(
        rowCounts(() => slow.operations("tracepoint"), slow.fileAndLetter("operation")),
        nothingLost,
      ),
    }),
  ),
];
