/**
 * vfscount: calls of each vfs_* function of the kernel, like BCC's vfscount. Source: bpf/vfscount/vfscount.bpf.c.
 *
 * @module
 */
import { type Attached, type Hook, type KernelFunction, SymbolTable } from "../../bpf/mod.ts";
import type { Column, Derived, Row } from "../../model/mod.ts";
import { filterConstants } from "../lib/filter.ts";
import { growth, mapEntries } from "../lib/maps.ts";
import { U64 } from "../lib/struct.ts";
import type { Sampler, Tool } from "../tool.ts";

const COLUMNS: readonly Column[] = [
  {
    key: "addr",
    title: "ADDR",
    description: "Address of the function.",
    unit: "text",
    width: 18,
    priority: -2,
    align: "left",
  },
  {
    key: "func",
    title: "FUNC",
    description: "Name of the function.",
    unit: "text",
    width: 32,
    priority: 2,
    align: "left",
  },
  {
    key: "count",
    title: "COUNT",
    description: "Calls in the interval.",
    unit: "count",
    width: 8,
    priority: 3,
    align: "right",
    adds: false,
  },
];

/** Functions with a program in the fentry tier (bpf/vfscount/vfscount.bpf.c), except vfs_read. */
const FENTRY = (
  "cancel_lock clean_context clone_file_range copy_file_range coredump create create_mount dedupe_file_range " +
  "dedupe_file_range_one dup_fs_context fadvise fallocate fchmod fchown fileattr_get fileattr_set fstat fstatat fsync " +
  "fsync_range get_acl get_fsid get_link get_super get_tree getattr getattr_nosec getxattr getxattr_alloc inode_has_locks " +
  "iocb_iter_read iocb_iter_write ioctl iter_read iter_write kern_mount link listxattr llseek lock_file mkdir mknod open " +
  "open_tree parse_comma_sep parse_fs_param parse_fs_param_source parse_fs_qstr parse_fs_string parse_monolithic_sep " +
  "path_lookup path_parent_lookup readlink readv remove_acl removexattr rename rmdir set_acl set_acl_prepare setlease " +
  "setpos setxattr splice_read statfs statx statx_path submount symlink test_lock tmpfile tmpfile_open truncate unlink " +
  "utimes write writev"
).split(" ").map((name) => `vfs_${name}_enter__fentry`);

const HOOKS: readonly Hook[] = [{
  name: "vfs_*",
  order: ["kprobe", "fentry"],
  tiers: {
    kprobe: [{ all: ["vfs_multi__kprobe"] }, { all: ["vfs_each__kprobe"] }],
    fentry: [{ all: ["vfs_read_enter__fentry"], any: FENTRY }],
  },
}];

/** Calls since the object was loaded. */
interface Sample {
  /** By address: the function's, or up to {@linkcode PROBE_OFFSET} bytes after it. */
  readonly calls: ReadonlyMap<bigint, bigint>;
  /** Functions by address; null if they cannot be read. */
  readonly symbols: SymbolTable | null;
}

/** Maximum bytes between a function's start and its probe: endbr64 and ftrace's call. */
const PROBE_OFFSET = 16n;

/** The function at this address; null if it is unknown. */
function functionAt(address: bigint, symbols: SymbolTable | null): KernelFunction | null {
  const found = symbols?.find(address) ?? null;
  return found !== null && address - found.address <= PROBE_OFFSET ? found : null;
}

/** The functions of this kernel, read once. */
let symbols: SymbolTable | null = null;

async function prepare(): Promise<void> {
  symbols ??= await SymbolTable.read("vfs_");
}

function sampler({ object }: Attached): Sampler<Sample> {
  const counts = object.map("counts");
  const read = (address: U64, calls: U64) => [address.exact("value"), calls.counters().value] as const;
  return { sample: () => ({ calls: new Map(mapEntries(counts.entries(), [U64, U64], read)), symbols }) };
}

function derive(sample: Sample, previous: Sample | null): Derived {
  if (previous === null) return { rows: [] };
  const rows: Row[] = [];
  for (const [address, calls] of sample.calls) {
    const count = growth(calls, previous.calls.get(address) ?? 0n);
    if (count === 0) continue;
    const found = functionAt(address, sample.symbols);
    rows.push({
      addr: `0x${(found?.address ?? address).toString(16)}`,
      func: found?.name ?? null,
      count,
    });
  }
  return { rows: rows.sort((a, b) => (b.count as number) - (a.count as number)) };
}

export const vfscount: Tool<Sample> = {
  name: "vfscount",
  summary: "calls of each vfs_* function of the kernel",
  searchWords: "functions calls rate",
  examples: [
    {
      question: "Which VFS functions does the load call?",
      command: "ktop vfscount 5 1",
      look:
        "COUNT: much more vfs_getattr than vfs_read means that programs check files rather than read them.",
    },
  ],
  view: "table",
  columns: COLUMNS,
  flags: [],
  order: ["count"],
  graph: [],
  hooks: HOOKS,
  caveats: {
    fentry: "counts the functions of kernels 5.10 to 7.2; needs Linux 5.15 or later",
    tracepoint: "not available: system calls do not show which vfs_* functions they call",
  },
  configure: ({ filters }) => filterConstants(filters),
  reads: ["addresses", "traceable functions"],
  prepare,
  sampler,
  derive,
};
