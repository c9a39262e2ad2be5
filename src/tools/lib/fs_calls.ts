/**
 * The file systems that fsslower and fsdist support, and their hooks (bpf/lib/fs_call.bpf.h).
 *
 * @module
 */
import type { Hook, ProgramSet } from "../../bpf/mod.ts";
import type { Flag, TierName } from "../../model/mod.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { callPrograms, functionHook, hooksOf, syscalls } from "./hooks.ts";

/** A file system: its magic number and the names of its functions. */
interface FileSystem {
  /** superblock->s_magic (include/uapi/linux/magic.h; fs/xfs/libxfs/xfs_format.h). */
  readonly magic: bigint;
  /** Functions that read, best first: each is the fallback for kernels without the previous one. */
  readonly read: readonly string[];
  readonly write: string;
  readonly open: string;
  readonly fsync: string;
  /** The fsync of directories, if it is another function. */
  readonly fsyncDirectory?: string;
}

/** By name, the argument of `-t`. */
const FILE_SYSTEMS: Readonly<Record<string, FileSystem>> = {
  ext4: {
    magic: 0xef53n,
    read: ["ext4_file_read_iter", "generic_file_read_iter"],
    write: "ext4_file_write_iter",
    open: "ext4_file_open",
    fsync: "ext4_sync_file",
  },
  xfs: {
    magic: 0x58465342n,
    read: ["xfs_file_read_iter"],
    write: "xfs_file_write_iter",
    open: "xfs_file_open",
    fsync: "xfs_file_fsync",
    fsyncDirectory: "xfs_dir_fsync",
  },
  btrfs: {
    magic: 0x9123683en,
    read: ["btrfs_file_read_iter"],
    write: "btrfs_file_write_iter",
    open: "btrfs_file_open",
    fsync: "btrfs_sync_file",
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

/** What the tiers on the file system's own functions miss. */
const UPPER_CAVEAT =
  "measures asynchronous direct I/O (Linux AIO, io_uring) until it is queued; does not see the reads of sendfile, splice " +
  "and copy_file_range since 6.5, memory-mapped files, or the kernel's own I/O that bypasses read_iter (swap)";

/** What each tier misses. */
export const FS_CAVEATS: Tool["caveats"] = {
  fentry: UPPER_CAVEAT,
  kprobe: UPPER_CAVEAT,
  tracepoint:
    "times whole system calls on files of the file system, opens including the path walk; does not see failed opens, " +
    "the fsync inside a synchronous write, msync, sendfile, splice, copy_file_range, Linux AIO, io_uring, 32-bit programs, " +
    "memory-mapped files, I/O through overlayfs, or the kernel's own I/O",
};

const fileSystem = (options: ToolOptions): FileSystem => FILE_SYSTEMS[options.flags.type as string]!;

/** One operation: alternative functions, and the constants of the system calls that replace them. */
function operationHook(
  name: string,
  functions: { readonly all: readonly string[]; readonly any?: readonly string[] },
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
  const { read, write, open, fsync, fsyncDirectory } = fileSystem(options);
  return [
    operationHook(read[0]!, { all: read }, ["syscalls_read", "syscalls_readv"]),
    operationHook(write, { all: [write] }, ["syscalls_write", "syscalls_writev"]),
    operationHook(open, { all: [open] }, ["syscalls_open"]),
    operationHook(fsync, { all: [fsync], any: fsyncDirectory ? [fsyncDirectory] : [] }, ["syscalls_fsync"]),
  ];
}

/** The constants of the file system that the options name. */
export function fsConstants(options: ToolOptions): Constants {
  return { fs_magic: fileSystem(options).magic };
}

/** The tool for one file system under another name. `-t` is fixed; the BPF object is shared. */
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
    configure: (options) => tool.configure(chosen(options)),
  };
}
