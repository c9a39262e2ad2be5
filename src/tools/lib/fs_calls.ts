/**
 * The file systems that fsslower and fsdist know, and the hooks of each (bpf/lib/fs_call.bpf.h).
 *
 * @module
 */
import type { Hook, ProgramSet } from "../../bpf/mod.ts";
import type { Flag, TierName } from "../../model/mod.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { callPrograms, functionHook, hooksOf, syscalls } from "./hooks.ts";

/** A file system: what its superblocks and functions are called in the kernel. */
interface FileSystem {
  /** superblock->s_magic (include/uapi/linux/magic.h; fs/xfs/libxfs/xfs_format.h). */
  readonly magic: bigint;
  /** Functions that read: the best first, the next where the kernel lacks it. */
  readonly read: readonly string[];
  readonly write: string;
  readonly open: string;
  readonly fsync: string;
  /** The fsync of directories, where that is another function. */
  readonly fsyncDirectory?: string;
}

/** By name, as `-t` takes it. */
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
  description: "which file system (default ext4)",
};

/** What the tracepoint tier of these tools approximates. */
export const TRACEPOINT_CAVEAT =
  "times whole system calls on files of the file system, opens with their path walk; not failed opens, the fsync " +
  "within a synchronous write, msync, or I/O through overlayfs and by the kernel's own threads";

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

/** The tool for one file system, under a name of its own: `-t` is chosen, the BPF object shared. */
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
