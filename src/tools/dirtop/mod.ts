/**
 * dirtop: reads and writes below directories, like BCC's dirtop. Source: bpf/dirtop/dirtop.bpf.c.
 *
 * @module
 */
import { type Attached, mountOf, readMounts, type VmlinuxBtf } from "../../bpf/mod.ts";
import { UsageError } from "../../errors.ts";
import { type Column, type Derived, type GraphSeries, type Row, UNITS } from "../../model/mod.ts";
import { escapeText, shownValue } from "../../text/mod.ts";
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
import { growths, indexKey, sumPerCpu } from "../lib/maps.ts";
import { type DirectoryIdentity, directoryIdentity } from "../lib/mounts.ts";
import { type Counters, pack } from "../lib/struct.ts";
import { subvolumeConstants } from "../lib/subvolumes.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { expandPattern } from "./expand.ts";
import { DirtopCounts, DirtopDirectory } from "./layout.gen.ts";

/** Maximum number of directories (MAX_DIRECTORIES of bpf/dirtop/dirtop.bpf.c). */
const MAX_DIRECTORIES = 25;

const EXAMPLE = "For instance: ktop dirtop -d '/var/*,/home'.";

const COLUMNS: readonly Column[] = [
  // Sums over directories need more digits than single files.
  ...IO_COLUMNS.map((column) => ({
    ...column,
    width: UNITS[column.unit].axis === "bytes" ? 8 : column.width,
    adds: false,
  })),
  {
    key: "path",
    title: "PATH",
    description: "The directory; files in it and in the directories below it count.",
    unit: "text",
    width: 40,
    priority: 2,
    align: "left",
  },
];

function isDirectory(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // deleted in the meantime, or not accessible
  }
}

/** The directories that match a pattern. A directory with exactly this name is taken literally. */
function matching(pattern: string): string[] {
  if (isDirectory(pattern)) return [pattern];
  const paths = expandPattern(pattern);
  if (paths === null) {
    throw new UsageError(`To expand ${shownValue(pattern)}, too many directories would have to be read.`, {
      remedy: "Write more of the path.",
    });
  }
  const found = paths.filter(isDirectory).sort();
  if (found.length > 0) return found;
  throw new UsageError(`No directory matches ${shownValue(pattern)}.`);
}

/** File systems without stored data. */
const KERNEL_FILE_SYSTEMS: ReadonlySet<string> = new Set(["proc", "sysfs", "devtmpfs"]);

/** The default: the directories directly below `/`, at most {@linkcode MAX_DIRECTORIES}, by name. */
function topDirectories(): string[] {
  const mounts = readMounts();
  const names = [...Deno.readDirSync("/")].filter((entry) => entry.isDirectory).map(({ name }) => `/${name}`);
  return names.filter((path) => !KERNEL_FILE_SYSTEMS.has(mountOf(path, mounts)?.type ?? ""))
    .sort().slice(0, MAX_DIRECTORIES);
}

/** The directories that `-d` names: patterns with `*`, `?` and `[…]`, separated by commas. */
function namedDirectories(list: string): string[] {
  const patterns = list.split(",").filter((pattern) => pattern !== "");
  if (patterns.length === 0) throw new UsageError("dirtop needs directories.", { remedy: EXAMPLE });
  return patterns.flatMap(matching);
}

/**
 * The directories to watch, each once.
 *
 * @param list argument of `-d`; undefined: the directories directly below `/`
 * @throws {UsageError} no directories, too many, or a pattern without a match
 */
export function findDirectories(list: string | undefined): DirectoryIdentity[] {
  const found = new Map<string, DirectoryIdentity>();
  for (const path of list === undefined ? topDirectories() : namedDirectories(list)) {
    const directory = directoryIdentity(path);
    found.set(String(directoryKey(directory)), directory);
  }
  if (found.size > MAX_DIRECTORIES) {
    throw new UsageError(`-d names ${found.size} directories; dirtop can watch ${MAX_DIRECTORIES}.`);
  }
  return [...found.values()];
}

/** The key of a directory in the map `directories`. */
function directoryKey({ dev, inode, subvolume }: DirectoryIdentity): Uint8Array {
  return pack(DirtopDirectory, { inode, dev, subvolume });
}

/** The directories found by `configure`, for the sampler: a pattern may match others a moment later. */
const configured = new WeakMap<ToolOptions, readonly DirectoryIdentity[]>();

function configure(options: ToolOptions): Constants {
  const { filters, flags } = options;
  const directories = findDirectories(flags.directories as string | undefined);
  configured.set(options, directories);
  return filterConstants(filters);
}

function watchedDirectories(options: ToolOptions): readonly DirectoryIdentity[] {
  return configured.get(options) ?? findDirectories(options.flags.directories as string | undefined);
}

function adapt(types: VmlinuxBtf, options: ToolOptions): Constants {
  return { ...ioUringArguments(types), ...subvolumeConstants(types, watchedDirectories(options)) };
}

/** Counters of each directory since the object was loaded. */
interface Sample {
  readonly directories: readonly DirectoryIdentity[];
  readonly counts: readonly Counters<DirtopCounts>[];
}

function sampler({ object }: Attached, options: ToolOptions): Sampler<Sample> {
  const counts = object.map("counts");
  const numbers = object.map("directories");
  const directories = watchedDirectories(options);
  directories.forEach((directory, i) => numbers.update(directoryKey(directory), indexKey(i)));
  return {
    sample: () => ({ directories, counts: directories.map((_, i) => sumPerCpu(counts, DirtopCounts, i)) }),
  };
}

function derive(sample: Sample, previous: Sample | null, options: ToolOptions): Derived {
  if (previous === null) return { rows: [] };
  const rows = sample.directories.map(({ real }, i): Row => ({
    ...growths(sample.counts[i]!, previous.counts[i]!),
    path: escapeText(real),
  }));
  return { rows: sortIo(rows, options) };
}

/** The rows of directories that are in no other row's directory: only their counts may be added. */
function outermost(rows: readonly Row[]): readonly Row[] {
  const prefixes = rows.map(({ path }) => path === "/" ? "/" : `${path}/`);
  return rows.filter(({ path }) =>
    !prefixes.some((prefix) => String(path).startsWith(prefix) && prefix !== `${path}`)
  );
}

/** The bytes read or written below all directories. */
function bytesSeries(key: "read_bytes" | "write_bytes", title: string): GraphSeries {
  const value = (rows: readonly Row[]): number =>
    outermost(rows).reduce((sum, row) => sum + Number(row[key] ?? 0), 0);
  return { key, title, unit: "bytes", value };
}

export const dirtop: Tool<Sample> = {
  name: "dirtop",
  summary: "reads and writes below directories (-d DIR,…)",
  searchWords: "iotop directory folder read write",
  examples: [
    {
      question: "Which of these directories causes the I/O?",
      command: "ktop dirtop -d '/var/lib/*' --sort write_bytes",
      look: "W_Kb and WRITES of each directory, including everything below it.",
    },
  ],
  view: "table",
  columns: COLUMNS,
  textRows: 20,
  flags: [
    {
      name: "directories",
      letter: "d",
      kind: "text",
      argument: "DIR,…",
      list: true,
      description:
        `directories, or patterns of them; at most ${MAX_DIRECTORIES} (required; a pane shows those directly below /)`,
      required: EXAMPLE,
    },
    ROWS,
    SORT_BY,
  ],
  graph: [bytesSeries("read_bytes", "read bytes"), bytesSeries("write_bytes", "write bytes")],
  hooks: FILE_IO_HOOKS,
  caveats: FILE_IO_CAVEATS,
  configure,
  adapt,
  sampler,
  derive,
};
