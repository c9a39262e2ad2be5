/**
 * filetop: reads and writes by file and thread, as BCC's filetop. Source: bpf/filetop.bpf.c.
 *
 * @module
 */
import type { Attached } from "../bpf/mod.ts";
import { UsageError } from "../errors.ts";
import { FiletopKey, FiletopValue } from "./filetop.gen.ts";
import { FILE_IO_HOOKS, ioUringArguments } from "./file_io.ts";
import { deviceName, directoryIdentity, filterConstants } from "./filter.ts";
import { readCount, readText } from "./records.ts";
import type { Column, Constant, Derived, Row, Sampler, Tool, ToolOptions } from "./tool.ts";

/** What `-s` may name, and the columns whose sum rows are then ordered by. */
const SORT_KEYS: Readonly<Record<string, readonly string[]>> = {
  reads: ["reads"],
  writes: ["writes"],
  rbytes: ["read_bytes"],
  wbytes: ["write_bytes"],
  all: ["reads", "writes", "read_bytes", "write_bytes"],
};

/** Type of a file, from the bits of st_mode (inode(7)): one letter, as BCC's and as find(1)'s. */
const S_IFMT = 0o170000;
const TYPE_LETTERS: Readonly<Record<number, string>> = {
  0o100000: "R",
  0o140000: "S",
  0o040000: "D",
  0o020000: "C",
  0o060000: "B",
  0o010000: "P",
  0o120000: "L",
};

const byProcess = (options: ToolOptions): boolean => options.flags["by-process"] === true;

const COLUMNS: readonly Column[] = [
  {
    key: "tid",
    title: "TID",
    description: "Thread id; unknown where rows are per process.",
    unit: "id",
    width: 7,
    align: "left",
    shownFor: (options) => byProcess(options) ? "data" : "always",
  },
  {
    key: "pid",
    title: "PID",
    description: "Process id (tgid).",
    unit: "id",
    width: 7,
    align: "left",
    shownFor: (options) => byProcess(options) ? "always" : "data",
  },
  { key: "comm", title: "COMM", description: "Name of the thread.", unit: "text", width: 16, align: "left" },
  {
    key: "reads",
    title: "READS",
    description: "Read calls in the interval.",
    unit: "count",
    width: 6,
    align: "right",
  },
  {
    key: "writes",
    title: "WRITES",
    description: "Write calls in the interval.",
    unit: "count",
    width: 6,
    align: "right",
  },
  {
    key: "read_bytes",
    title: "R_Kb",
    description: "KiB that reads returned in the interval.",
    unit: "kb",
    width: 7,
    align: "right",
  },
  {
    key: "write_bytes",
    title: "W_Kb",
    description: "KiB that writes took in the interval.",
    unit: "kb",
    width: 7,
    align: "right",
  },
  {
    key: "type",
    title: "T",
    description: "File type: R regular, D directory, C and B devices, P pipe, S socket, O other.",
    unit: "text",
    width: 1,
    align: "left",
  },
  { key: "file", title: "FILE", description: "Name of the file.", unit: "text", width: 24, align: "left" },
  {
    key: "dev",
    title: "DEV",
    description: "Device of the file system, major:minor.",
    unit: "id",
    width: 7,
    align: "left",
    shown: "data",
  },
  {
    key: "inode",
    title: "INODE",
    description: "Inode number.",
    unit: "id",
    width: 10,
    align: "left",
    shown: "data",
  },
];

function configure(options: ToolOptions): { constants: Record<string, Constant> } {
  const { flags, filters } = options;
  if (flags["read-only"] && flags["write-only"]) {
    throw new UsageError("--read-only and --write-only exclude each other.");
  }
  const constants: Record<string, Constant> = {
    ...filterConstants(filters),
    ...ioUringArguments(),
    all_files: flags["all-types"] === true,
    by_process: byProcess(options),
    read_only: flags["read-only"] === true,
    write_only: flags["write-only"] === true,
  };
  if (typeof flags.directory === "string") {
    const { dev, inode } = directoryIdentity(flags.directory);
    Object.assign(constants, { dir_on: true, dir_dev: dev, dir_inode: inode });
  }
  return { constants };
}

/** One sample is already the rows: the map is emptied as it is read. */
function sampler({ object }: Attached, options: ToolOptions): Sampler<readonly Row[]> {
  const files = object.map("files");
  const perProcess = byProcess(options);
  const { offset, length } = FiletopValue;
  return {
    sample() {
      const { count, keys, values, keySize, valueSize } = files.drain();
      const rows: Row[] = new Array(count);
      for (let i = 0; i < count; i++) {
        const key = i * keySize;
        const value = i * valueSize;
        rows[i] = {
          tid: perProcess ? null : keys.getUint32(key + FiletopKey.offset.tid, true),
          pid: values.getUint32(value + offset.pid, true),
          comm: readText(values, value + offset.comm, length.comm),
          reads: readCount(values, value + offset.reads),
          writes: readCount(values, value + offset.writes),
          read_bytes: readCount(values, value + offset.read_bytes),
          write_bytes: readCount(values, value + offset.write_bytes),
          type: TYPE_LETTERS[values.getUint32(value + offset.mode, true) & S_IFMT] ?? "O",
          file: readText(values, value + offset.file, length.file) || null,
          dev: deviceName(keys.getUint32(key + FiletopKey.offset.dev, true)),
          inode: readCount(keys, key + FiletopKey.offset.inode),
        };
      }
      return rows;
    },
    fill: (rows) => rows.length / files.maxEntries,
  };
}

function derive(rows: readonly Row[], _previous: readonly Row[] | null, options: ToolOptions): Derived {
  const keys = SORT_KEYS[options.flags["sort-by"] as string] ?? SORT_KEYS.all!;
  const weight = (row: Row): number => keys.reduce((sum, key) => sum + (row[key] as number), 0);
  return { rows: rows.toSorted((a, b) => weight(b) - weight(a)) };
}

/** filetop, the tool. */
export const filetop: Tool<readonly Row[]> = {
  name: "filetop",
  summary: "reads and writes by file and thread",
  view: "table",
  columns: COLUMNS,
  textRows: 20,
  flags: [
    { name: "all-types", letter: "a", kind: "switch", description: "all file types, not only regular files" },
    {
      name: "directory",
      letter: "d",
      kind: "text",
      argument: "DIR",
      description: "only files in this directory, at any depth",
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
    { name: "read-only", kind: "switch", description: "only reads" },
    { name: "write-only", kind: "switch", description: "only writes" },
    { name: "by-process", kind: "switch", description: "one row per process and file instead of per thread" },
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
