/**
 * fsslower: the operations of `slow` on ext4, all of them at threshold 0, the long ones above it.
 *
 * @module
 */
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost, wellFormed } from "../checks.ts";
import { runCounting } from "../run.ts";
import { bytes, diskWorkload, exactly, onDisk, onFileSystem, onlySlow, rowsOf, within } from "./slow.ts";

/** The offsets of pwrite and pread: 0 to 66 and 0 to 60; of write and read: hundreds. */
function offsets(outcome: Outcome): string[] {
  const of = (letter: string): number =>
    rowsOf(outcome).filter((row) => row.file === "small.dat" && row.operation === letter)
      .reduce((total, row) => total + Number(row.offset_bytes), 0);
  const upTo = (count: number): number => count * (count - 1) / 2;
  // write leaves the position at 30700, writev at 34400; the failed write comes after all reads.
  const wanted = {
    W: 100 * upTo(307) + upTo(67) + 37 * 30700 + 100 * upTo(37) + (211 + 31) * 100,
    R: 100 * upTo(211) + upTo(61) + 31 * 21100 + 100 * upTo(31),
  };
  return [...Object.entries(wanted)].flatMap(([letter, sum]) =>
    of(letter) === sum ? [] : [`the offsets of ${letter} add up to ${of(letter)}, not ${sum}`]
  );
}

const everything = all(
  exactly("operation", onFileSystem),
  bytes,
  offsets,
  within("operation", "R", "read_ns"),
  within("operation", "W", "write_ns"),
  within("operation", "O", "open_ns"),
  nothingLost,
);

const XFS = "cd /lib/modules/6.1 && insmod libcrc32c.ko && insmod xfs.ko && " +
  "{ ! grep -q ' /tmp/disk ' /proc/mounts || umount /tmp/disk; } && mkfs.xfs -q -f /dev/nvme0n1 && " +
  "mkdir -p /tmp/xfs && mount -t xfs /dev/nvme0n1 /tmp/xfs";

/** Leaves the disk empty: busybox's mke2fs takes what xfs has left where inodes will be for inodes (EUCLEAN). */
const NO_XFS = "umount /tmp/xfs && rmmod xfs libcrc32c && dd if=/dev/zero of=/dev/nvme0n1 bs=1M count=512";

/** The guest's disk as xfs, whose driver Debian's kernels have as a module: fentry does not reach it. */
const onXfs: Case = {
  name: "every operation on xfs, a module, is an event at threshold 0",
  tool: "fsslower",
  cells: ["kprobe", "tracepoint"],
  kernels: ["6.1"],
  boot: "usual",
  native: false,
  async run(context) {
    await context.machine.shell(XFS);
    try {
      return await runCounting({
        tool: "fsslower",
        options: ["0", "-t", "xfs"],
        workload: ["slow", "/tmp/xfs"],
        check: all(wellFormed, everything),
      }, context);
    } finally {
      await context.machine.shell(NO_XFS);
    }
  },
};

export const fsslowerCases: readonly Case[] = [
  onDisk({
    name: "every operation on ext4 is an event at threshold 0",
    tool: "fsslower",
    options: ["0", "-t", "ext4"],
    workload: diskWorkload,
    check: everything,
  }),
  onDisk({
    name: "long operations are events, short ones are not",
    tool: "ext4slower",
    options: ["1"],
    workload: diskWorkload,
    check: all(onlySlow, nothingLost),
  }),
  onXfs,
];
