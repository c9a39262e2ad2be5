/**
 * filetop: reads and writes by file and thread, like BCC's filetop. Source: bpf/filetop/filetop.bpf.c.
 *
 * @module
 */
import type { Attached, VmlinuxBtf } from "../../bpf/mod.ts";
import { UsageError } from "../../errors.ts";
import type { Column, Row } from "../../model/mod.ts";
import { withShown } from "../lib/columns_for.ts";
import { DIRECTORY, directoryConstants, directoryTypes } from "../lib/directory_filter.ts";
import { DoubleHash } from "../lib/double_hash.ts";
import { COMM, FILE, FILE_IDENTITY, PID, TID } from "../lib/file_columns.ts";
import {
  FILE_IO_CAVEATS,
  FILE_IO_HOOKS,
  IO_COLUMNS,
  ioUringArguments,
  ROWS,
  SORT_BY,
  sortIo,
} from "../lib/file_io.ts";
import { filterConstants } from "../lib/filter.ts";
import {
  FULL_PATH,
  FULL_PATH_COLUMN,
  fullPathConstants,
  fullPathHooks,
  isFullPath,
  withFullPath,
} from "../lib/full_path.ts";
import { mapEntries } from "../lib/maps.ts";
import { deviceName } from "../lib/mounts.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { FiletopKey, FiletopValue } from "./layout.gen.ts";
import { KeyPaths, PATHS_BYTES } from "./paths.ts";

const S_IFMT = 0o170000;
/** Letters of file types by S_IFMT bits (inode(7)): BCC's R and S, and find(1)'s letters in upper case for the others. */
const TYPE_LETTERS: Readonly<Record<number, string>> = {
  0o100000: "R",
  0o140000: "S",
  0o040000: "D",
  0o020000: "C",
  0o060000: "B",
  0o010000: "P",
};

const byProcess = (options: ToolOptions): boolean => options.flags["by-process"] === true;

const COLUMNS: readonly Column[] = [
  {
    ...TID,
    description: "Thread id; unknown with --by-process.",
    excludedBy: "by-process",
  },
  { ...PID, shown: "data" },
  COMM,
  ...IO_COLUMNS,
  {
    key: "type",
    title: "T",
    description: "File type: R regular, D directory, C and B devices, P pipe, S socket, O other.",
    unit: "text",
    width: 1,
    priority: -2,
    align: "left",
  },
  FILE,
  FULL_PATH_COLUMN,
  ...FILE_IDENTITY,
  ...WHO,
];

function columnsFor(options: ToolOptions): readonly Column[] {
  const columns = withFullPath(COLUMNS, options);
  return byProcess(options) ? withShown(columns, { tid: "data", pid: "always" }) : columns;
}

function configure(options: ToolOptions): Constants {
  const { flags, filters } = options;
  if (flags["read-only"] && flags["write-only"]) {
    throw new UsageError("--read-only and --write-only exclude each other.");
  }
  return {
    ...filterConstants(filters),
    ...directoryConstants(options),
    ...fullPathConstants(options),
    all_files: flags["all-types"] === true,
    by_process: byProcess(options),
    read_only: flags["read-only"] === true,
    write_only: flags["write-only"] === true,
  };
}

function adapt(types: VmlinuxBtf, options: ToolOptions): Constants {
  return { ...ioUringArguments(types), ...directoryTypes(types, options) };
}

/** A sample is already the rows of one interval. */
function sampler({ object }: Attached, options: ToolOptions): Sampler<readonly Row[]> {
  const files = new DoubleHash(object, "files", FiletopValue);
  const perProcess = byProcess(options);
  const paths = isFullPath(options) ? new KeyPaths(object.map("paths").openRing({ awaited: false })) : null;
  return {
    sample: () => {
      const entries = files.take();
      paths?.read();
      return mapEntries(entries, [FiletopKey, FiletopValue], (key, value): Row => ({
        tid: perProcess ? null : key.tid,
        pid: value.pid,
        comm: value.comm,
        ...whoOf(value, value.pid),
        reads: value.reads,
        writes: value.writes,
        read_bytes: value.read_bytes,
        write_bytes: value.write_bytes,
        type: TYPE_LETTERS[value.mode & S_IFMT] ?? "O",
        file: value.file || null,
        path: paths?.of(key, value.file) ?? null,
        dev: deviceName(key.dev),
        inode: key.inode,
      }));
    },
    fill: (rows) => rows.length / files.maxEntries,
  };
}

export const filetop: Tool<readonly Row[]> = {
  name: "filetop",
  summary: "reads and writes by file and thread",
  searchWords: "iotop busiest top read write bandwidth disk",
  examples: [
    {
      question: "What is filling up the disk?",
      command: "ktop filetop --write-only --sort write_bytes 5",
      look: "W_Kb of the first rows: FILE is growing, and COMM and TID are writing it. -d DIR limits the " +
        "output to one directory.",
    },
  ],
  view: "table",
  columns: COLUMNS,
  columnsFor,
  textRows: 20,
  flags: [
    { name: "all-types", letter: "a", kind: "switch", description: "all file types, not only regular files" },
    DIRECTORY,
    FULL_PATH,
    ROWS,
    SORT_BY,
    { name: "read-only", kind: "switch", description: "only reads" },
    { name: "write-only", kind: "switch", description: "only writes" },
    { name: "by-process", kind: "switch", description: "one row per process and file instead of per thread" },
  ],
  graph: ["read_bytes", "write_bytes"],
  hooks: (options) => fullPathHooks(FILE_IO_HOOKS, options, { paths: PATHS_BYTES }),
  caveats: FILE_IO_CAVEATS,
  configure,
  adapt,
  sampler,
  derive: (rows, _previous, options) => ({ rows: sortIo(rows, options) }),
};
