/**
 * The file systems that fsslower and fsdist support, and their hooks (bpf/lib/fs_call.bpf.h).
 *
 * @module
 */
import { type Hook, type Mount, type ProgramSet, readAllMounts } from "../../bpf/mod.ts";
import type { Flag, TierName } from "../../model/mod.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { callPrograms, functionHook, hooksOf, syscalls } from "./hooks.ts";

/** The kernel functions of an operation. `all`: alternatives, best first; `any`: optional ones that are hooked too. */
interface Functions {
  readonly all: readonly string[];
  readonly any?: readonly string[];
}

/** A file system: how it is recognized, and its functions. */
interface FileSystem {
  /** superblock->s_magic (include/uapi/linux/magic.h; fs/xfs/libxfs/xfs_format.h; OpenZFS: sys/zpl.h). */
  readonly magic: bigint;
  /** Its types in /proc/PID/mountinfo; absent if its name is the only one. */
  readonly types?: readonly string[];
  readonly read: Functions;
  readonly write: Functions;
  readonly open: Functions;
  readonly fsync: Functions;
}

/** One function for each operation. */
const named = (read: string, write: string, open: string, fsync: string): Omit<FileSystem, "magic"> => ({
  read: { all: [read] },
  write: { all: [write] },
  open: { all: [open] },
  fsync: { all: [fsync] },
});

/** By name: the argument of `-t`. */
const FILE_SYSTEMS: Readonly<Record<string, FileSystem>> = {
  ext4: {
    magic: 0xef53n,
    types: ["ext4", "ext3", "ext2"],
    ...named("ext4_file_read_iter", "ext4_file_write_iter", "ext4_file_open", "ext4_sync_file"),
    read: { all: ["ext4_file_read_iter", "generic_file_read_iter"] },
  },
  xfs: {
    magic: 0x58465342n,
    ...named("xfs_file_read_iter", "xfs_file_write_iter", "xfs_file_open", "xfs_file_fsync"),
    fsync: { all: ["xfs_file_fsync"], any: ["xfs_dir_fsync"] },
  },
  btrfs: {
    magic: 0x9123683en,
    ...named("btrfs_file_read_iter", "btrfs_file_write_iter", "btrfs_file_open", "btrfs_sync_file"),
  },
  f2fs: {
    magic: 0xf2f52010n,
    ...named("f2fs_file_read_iter", "f2fs_file_write_iter", "f2fs_file_open", "f2fs_sync_file"),
  },
  nfs: {
    magic: 0x6969n,
    types: ["nfs", "nfs4"],
    ...named("nfs_file_read", "nfs_file_write", "nfs_file_open", "nfs_file_fsync"),
    open: { all: ["nfs_file_open"], any: ["nfs4_file_open"] },
  },
  overlay: {
    magic: 0x794c7630n,
    ...named("ovl_read_iter", "ovl_write_iter", "ovl_open", "ovl_fsync"),
  },
  // tmpfs has separate write and open functions since 6.6. Its fsync is noop_fsync, which many file systems share.
  tmpfs: {
    magic: 0x01021994n,
    types: ["tmpfs", "devtmpfs"],
    read: { all: ["shmem_file_read_iter"] },
    write: { all: ["shmem_file_write_iter", "generic_file_write_iter"] },
    open: { all: ["shmem_file_open"] },
    fsync: { all: ["noop_fsync"] },
  },
  zfs: {
    magic: 0x2fc12fc1n,
    ...named("zpl_iter_read", "zpl_iter_write", "zpl_open", "zpl_fsync"),
  },
};

/** The operations, in the order of enum fs_operation. */
export const OPERATIONS = ["read", "write", "open", "fsync"] as const;

/** `-t FS`. */
export const TYPE_FLAG: Flag = {
  name: "type",
  letter: "t",
  kind: "choice",
  argument: "FS",
  choices: Object.keys(FILE_SYSTEMS),
  default: "ext4",
  description: "file system (default ext4)",
};

/** What the fentry and kprobe tiers miss. */
const UPPER_CAVEAT =
  "measures asynchronous direct I/O (Linux AIO, io_uring) until it is queued; does not see the reads of sendfile, splice " +
  "and copy_file_range since 6.5, memory-mapped files, or the kernel's own I/O that bypasses read_iter (swap)";

/** What each tier misses. */
export const FS_CAVEATS: Tool["caveats"] = {
  fentry: UPPER_CAVEAT,
  kprobe: UPPER_CAVEAT,
  tracepoint:
    "times whole system calls on files of the file system, opens including the path walk; does not see failed opens, " +
    "the fsync inside a synchronous write, msync, sendfile, splice, copy_file_range, Linux AIO, io_uring, on arm64 32-bit programs, " +
    "memory-mapped files, I/O through overlayfs, or the kernel's own I/O",
};

const fileSystem = (options: ToolOptions): FileSystem => FILE_SYSTEMS[options.flags.type as string]!;

/** The hook of an operation: its functions, and the constants of the system calls that replace them on the tracepoint tier. */
function operationHook(
  name: string,
  functions: Functions,
  constants: readonly string[],
): Hook {
  const sets = (tier: TierName): ProgramSet[] =>
    functions.all.map((one) => ({
      all: callPrograms(one, tier),
      any: (functions.any ?? []).flatMap((other) => callPrograms(other, tier)),
    }));
  return functionHook(name, sets, syscalls(...constants));
}

/** The hooks of the file system that the options name. */
export function fsHooks(options: ToolOptions): readonly Hook[] {
  const { read, write, open, fsync } = fileSystem(options);
  const hook = (functions: Functions, ...constants: string[]): Hook =>
    operationHook(functions.all[0]!, functions, constants);
  return [
    hook(read, "syscalls_read", "syscalls_readv"),
    hook(write, "syscalls_write", "syscalls_writev"),
    hook(open, "syscalls_open"),
    hook(fsync, "syscalls_fsync"),
  ];
}

/** Reports the file system that the options name if it is mounted neither for ktop nor for init. */
export function absentFileSystem(
  options: ToolOptions,
  mounts: () => readonly Mount[] = readAllMounts,
): readonly string[] {
  const name = options.flags.type as string;
  const { types = [name] } = fileSystem(options);
  if (mounts().some(({ type }) => types.includes(type))) return [];
  return [`files on ${name}: no such file system is mounted`];
}

/** The constants of the file system that the options name. */
export function fsConstants(options: ToolOptions): Constants {
  return { fs_magic: fileSystem(options).magic };
}

/** A tool limited to one file system, under another name. `-t` is fixed; the BPF object is shared. */
export function forFileSystem<S>(tool: Tool<S>, type: string, name: string, summary: string): Tool<S> {
  const chosen = (options: ToolOptions): ToolOptions => ({ ...options, flags: { ...options.flags, type } });
  return {
    ...tool,
    name,
    summary,
    examples: tool.examples?.map((example) => ({
      ...example,
      command: example.command.replace(tool.name, name),
    })),
    object: tool.name,
    aliasOf: tool.name,
    flags: tool.flags.filter((flag) => flag.name !== TYPE_FLAG.name),
    hooks: (options) => hooksOf(tool, chosen(options)),
    absent: (options) => tool.absent?.(chosen(options)) ?? [],
    configure: (options) => tool.configure(chosen(options)),
  };
}
