/**
 * The hooks of everything that follows reads and writes of files (bpf/file_io.bpf.h).
 *
 * @module
 */
import { btf, type Hook } from "../bpf/mod.ts";
import { exitHook, syscalls } from "./hooks.ts";
import type { Constant } from "./tool.ts";

/** Functions that read a file into a pipe: the newest first; a kernel has one of them. */
const SPLICE_READERS = ["do_splice_read", "vfs_splice_read", "do_splice_to"] as const;
const SPLICE_WRITER = "iter_file_splice_write";

function spliceHook(): Hook {
  return {
    name: "splice",
    optional: "sendfile, splice and copy_file_range",
    tiers: {
      fentry: SPLICE_READERS.map((reader) => ({
        all: [`${reader}_exit__fentry`, `${SPLICE_WRITER}_exit__fentry`],
      })),
      kprobe: SPLICE_READERS.map((reader) => ({
        all: [reader, SPLICE_WRITER].flatMap((name) => [`${name}_exit__kprobe`, `${name}_enter__kprobe`]),
      })),
      tracepoint: [syscalls("syscalls_splice")],
    },
  };
}

/** read and write, vectored, spliced, and by io_uring. No call passes two of them. */
export const FILE_IO_HOOKS: readonly Hook[] = [
  exitHook("vfs_read", { kprobeEntry: true, tracepoint: syscalls("syscalls_read") }),
  exitHook("vfs_write", { kprobeEntry: true, tracepoint: syscalls("syscalls_write") }),
  {
    ...exitHook("vfs_readv", {
      kprobeEntry: true,
      tracepoint: syscalls("syscalls_readv"),
    }),
    optional: "readv and its family",
  },
  {
    ...exitHook("vfs_writev", {
      kprobeEntry: true,
      tracepoint: syscalls("syscalls_writev"),
    }),
    optional: "writev and its family",
  },
  spliceHook(),
  {
    name: "io_uring",
    optional: "io_uring",
    tiers: { tracepoint: [{ all: ["io_uring_complete_raw__tracepoint"] }] },
  },
];

/**
 * How many arguments the kernel's io_uring_complete tracepoint has, beside its context: 3 or 7 where it names the
 * request; 0 where it does not, and io_uring stays uncounted.
 */
export function ioUringArguments(): Record<string, Constant> {
  using types = btf();
  const parameters = types.parameterCount("btf_trace_io_uring_complete");
  const known = parameters === null ? 0 : parameters - 1;
  return { io_uring_complete_args: known === 3 || known === 7 ? known : 0 };
}
