/**
 * dirtop: reads and writes below directories, as BCC's dirtop. Source: bpf/dirtop.bpf.c.
 *
 * @module
 */
import { globSync } from "node:fs";
import type { Attached } from "../bpf/mod.ts";
import { UsageError } from "../errors.ts";
import { escapeText } from "../text/mod.ts";
import { DirtopCounts } from "./dirtop.gen.ts";
import { FILE_IO_HOOKS, ioUringArguments } from "./file_io.ts";
import { directoryIdentity, filterConstants } from "./filter.ts";
import { growth, sumPerCpu } from "./records.ts";
import type { Column, Constant, Derived, Row, Sampler, Tool, ToolOptions } from "./tool.ts";

/** Directories at most (MAX_DIRECTORIES of bpf/dirtop.bpf.c). */
const MAX_DIRECTORIES = 25;

/** What is counted, in the order of BCC's columns. */
const COUNTERS = [
  ["reads", "READS", "count", 6, "Read calls in the interval."],
  ["writes", "WRITES", "count", 6, "Write calls in the interval."],
  ["read_bytes", "R_Kb", "kb", 8, "KiB that reads returned in the interval."],
  ["write_bytes", "W_Kb", "kb", 8, "KiB that writes took in the interval."],
] as const;

type CounterKey = typeof COUNTERS[number][0];
const KEYS: readonly CounterKey[] = COUNTERS.map(([key]) => key);
const OFFSETS = KEYS.map((key) => DirtopCounts.offset[key]);

/** What `-s` may name, and the columns whose sum rows are then ordered by. */
const SORT_KEYS: Readonly<Record<string, readonly CounterKey[]>> = {
  reads: ["reads"],
  writes: ["writes"],
  rbytes: ["read_bytes"],
  wbytes: ["write_bytes"],
  all: KEYS,
};

const COLUMNS: readonly Column[] = [
  ...COUNTERS.map(([key, title, unit, width, description]): Column => (
    { key, title, description, unit, width, align: "right" }
  )),
  {
    key: "path",
    title: "PATH",
    description: "The directory; what happens below it at any depth counts for it.",
    unit: "text",
    width: 40,
    align: "left",
  },
];

/** A directory that is watched. */
interface Directory {
  /** Its real path. */
  readonly path: string;
  readonly dev: number;
  readonly inode: bigint;
}

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // it has gone, or may not be looked at
  }
}

/** Directories that a pattern names; what exists under exactly this name is meant literally. */
function matching(pattern: string): string[] {
  if (isDirectory(pattern)) return [pattern];
  const found = globSync(pattern).filter(isDirectory).sort();
  if (found.length > 0) return found;
  throw new UsageError(`No directory is called ${escapeText(pattern)}.`);
}

/**
 * The directories that `-d` names: a comma separates patterns with `*`, `?` and `[…]`.
 *
 * @throws {UsageError} none, too many, or a pattern that matches none
 */
export function findDirectories(list: unknown): Directory[] {
  const patterns = String(list ?? "").split(",").filter((pattern) => pattern !== "");
  if (patterns.length === 0) {
    throw new UsageError("dirtop needs directories.", {
      remedy: "For instance: ktop dirtop -d '/var/*,/home'.",
    });
  }
  const found = new Map<string, Directory>();
  for (const path of patterns.flatMap(matching)) {
    const { dev, inode, real } = directoryIdentity(path);
    found.set(`${dev} ${inode}`, { path: real, dev, inode });
  }
  if (found.size > MAX_DIRECTORIES) {
    throw new UsageError(`These are ${found.size} directories; dirtop takes ${MAX_DIRECTORIES}.`);
  }
  return [...found.values()];
}

/** What was configured, for the sampler: a pattern may match others a moment later. */
const configured = new WeakMap<ToolOptions, readonly Directory[]>();

function configure(options: ToolOptions): { constants: Record<string, Constant> } {
  const { filters, flags } = options;
  const directories = findDirectories(flags.directories);
  configured.set(options, directories);
  return {
    constants: {
      ...filterConstants(filters),
      ...ioUringArguments(),
      directories: directories.length,
      directory_inodes: new Uint8Array(BigUint64Array.from(directories, ({ inode }) => inode).buffer),
      directory_devs: new Uint8Array(Uint32Array.from(directories, ({ dev }) => dev).buffer),
    },
  };
}

/** Counters since the object was loaded, in the order of KEYS, for each directory. */
interface Sample {
  readonly directories: readonly Directory[];
  readonly counts: readonly (readonly bigint[])[];
}

function sampler({ object }: Attached, options: ToolOptions): Sampler<Sample> {
  const map = object.map("counts");
  const directories = configured.get(options) ?? findDirectories(options.flags.directories);
  const keys = directories.map((_, i) => new Uint8Array(Uint32Array.of(i).buffer));
  return {
    sample: () => ({
      directories,
      counts: keys.map((key) => sumPerCpu(map.perCpu(key), DirtopCounts.size, OFFSETS)),
    }),
  };
}

function derive(sample: Sample, previous: Sample | null, { flags }: ToolOptions): Derived {
  if (previous === null) return { rows: [] };
  const rows = sample.directories.map(({ path }, i): Row => ({
    ...Object.fromEntries(
      KEYS.map((key, k) => [key, growth(sample.counts[i]![k]!, previous.counts[i]![k]!)]),
    ),
    path: escapeText(path),
  }));
  const keys = SORT_KEYS[flags["sort-by"] as string] ?? KEYS;
  const weight = (row: Row): number => keys.reduce((sum, key) => sum + (row[key] as number), 0);
  return { rows: rows.toSorted((a, b) => weight(b) - weight(a)) };
}

/** dirtop, the tool. */
export const dirtop: Tool<Sample> = {
  name: "dirtop",
  summary: "reads and writes below directories (-d DIR,…)",
  view: "table",
  columns: COLUMNS,
  textRows: 20,
  flags: [
    {
      name: "directories",
      letter: "d",
      kind: "text",
      argument: "DIR,…",
      description: `directories, or patterns of them; at most ${MAX_DIRECTORIES} (required)`,
    },
    {
      name: "rows",
      letter: "r",
      kind: "integer",
      argument: "ROWS",
      min: 1,
      description: "at most this many rows (text: 20)",
    },
    {
      name: "sort-by",
      letter: "s",
      kind: "choice",
      argument: "COUNTER",
      choices: Object.keys(SORT_KEYS),
      default: "all",
      description: "order of rows",
    },
  ],
  graph: ["read_bytes", "write_bytes"],
  hooks: FILE_IO_HOOKS,
  caveats: {
    tracepoint:
      "sees the read, write, sendfile, splice and copy_file_range families of system calls; not reads inside " +
      "the kernel, memory-mapped files, or io_uring where its tracepoint lacks the request",
  },
  configure,
  sampler,
  derive,
};
