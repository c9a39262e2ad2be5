/**
 * cachestat: hits, misses and dirtied pages of the page cache, like BCC's cachestat and cachetop. Source:
 * bpf/cachestat/cachestat.bpf.c.
 *
 * @module
 */
import { type Attached, type Hook, pageSize, type ProgramSet } from "../../bpf/mod.ts";
import type { Column, Derived, GraphSeries, Row } from "../../model/mod.ts";
import { DiskNames } from "../lib/block_io.ts";
import { withShown } from "../lib/columns_for.ts";
import { DoubleHash } from "../lib/double_hash.ts";
import { COMM, FILE, FILE_IDENTITY, PID } from "../lib/file_columns.ts";
import { ROWS } from "../lib/file_io.ts";
import { filterConstants } from "../lib/filter.ts";
import { callPrograms } from "../lib/hooks.ts";
import { growths, mapEntries, sumPerCpu } from "../lib/maps.ts";
import { deviceName } from "../lib/mounts.ts";
import type { Counters } from "../lib/struct.ts";
import { NOBODY, WHO, whoOf } from "../lib/who.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { CachestatCounts, CachestatKey, CachestatValue } from "./layout.gen.ts";
import { HitDebts, TotalHits } from "./hit_debts.ts";
import { type CacheMemory, readCacheMemory } from "./memory.ts";

const HIT_DEFINITION = "Pages asked for by reads and page faults that were in the page cache.";

const counter = (key: string, title: string, description: string, column: Partial<Column> = {}): Column => ({
  key,
  title,
  description,
  unit: "count",
  width: 9,
  align: "right",
  ...column,
});

const level = (key: string, title: string, description: string): Column => ({
  key,
  title,
  description,
  unit: "mb",
  width: 10,
  align: "right",
  gauge: true,
  adds: false,
  excludedBy: "by",
  priority: -1,
});

const COLUMNS: readonly Column[] = [
  {
    ...PID,
    description: "Process that asked for the pages or wrote to them; with --by process.",
    needs: ["by=process"],
    shown: "data",
  },
  { ...COMM, description: "Name of its main thread.", needs: ["by=process"], priority: 2, shown: "data" },
  counter("hits", "HITS", HIT_DEFINITION, { priority: 4 }),
  counter(
    "misses",
    "MISSES",
    "Pages added to the page cache by reads, page faults and read-ahead.",
    { priority: 5 },
  ),
  counter("dirties", "DIRTIES", "Pages that became dirty.", { priority: 3 }),
  {
    key: "hit_pct",
    title: "HITRATIO",
    description: "HITS as a percentage of HITS and MISSES.",
    unit: "pct",
    width: 8,
    align: "right",
  },
  level("buffers_bytes", "BUFFERS_MB", "Memory that caches block devices, from /proc/meminfo."),
  level("cached_bytes", "CACHED_MB", "Memory that caches files, from /proc/meminfo."),
  counter(
    "readahead",
    "READAHEAD",
    "Of MISSES: pages that read-ahead added and that were not asked for then.",
    { shown: "wide" },
  ),
  counter("mmap", "MMAP", "Pages asked for by page faults, in HITS or MISSES.", { shown: "wide" }),
  {
    ...FILE,
    description: "Name of the file; of a block device its name; with --by file.",
    needs: ["by=file"],
    shown: "data",
  },
  ...FILE_IDENTITY.map((column): Column => ({ ...column, needs: ["by=file"] })),
  ...WHO.map((column): Column => ({ ...column, needs: ["by=process"] })),
];

type By = "process" | "file";

const byOf = ({ flags }: ToolOptions): By | null => flags.by as By | undefined ?? null;

const TABLE_COLUMNS: Readonly<Record<By, readonly string[]>> = {
  process: ["pid", "comm"],
  file: ["file"],
};

function columnsFor(options: ToolOptions): readonly Column[] {
  const by = byOf(options);
  if (by === null) return COLUMNS;
  const shown = TABLE_COLUMNS[by].map((key) => [key, "always"] as const);
  return withShown(COLUMNS, { ...Object.fromEntries(shown), buffers_bytes: "data", cached_bytes: "data" });
}

const ADDED = "mm_filemap_add_to_page_cache__tracepoint";
const REPORTED_READ = "mm_filemap_get_pages__tracepoint";
const READ_AHEAD = ["page_cache_sync_ra__tracepoint", "page_cache_async_ra__tracepoint"];
/** Entries of each hash of `totals`. */
const MAX_ROWS = 10240;

/** Reads by function: its name differs. */
const readSets = (tier: "fentry" | "kprobe"): ProgramSet[] =>
  ["filemap_read", "generic_file_buffered_read"].map((name) => ({
    all: [ADDED, ...callPrograms(name, tier)],
    ifPresent: callPrograms("filemap_splice_read", tier),
  }));

function hooks(options: ToolOptions): readonly Hook[] {
  const rows = byOf(options) === null ? 1 : MAX_ROWS;
  const sized = (set: ProgramSet): ProgramSet => ({ ...set, maxEntries: { totals_0: rows, totals_1: rows } });
  const faults = (tier: "fentry" | "kprobe"): ProgramSet => ({
    all: [`filemap_fault_enter__${tier}`, `filemap_map_pages_enter__${tier}`],
  });
  const dirtied = ["folio", "page"].map((kind) => ({ all: [`writeback_dirty_${kind}__tracepoint`] }));
  const reported = { reads_by_tracepoint: true };
  return [
    {
      name: "filemap_read",
      tiers: {
        fentry: readSets("fentry").map(sized),
        kprobe: readSets("kprobe").map(sized),
        tracepoint: [
          { all: [ADDED, REPORTED_READ, ...READ_AHEAD], constants: reported },
          { all: [ADDED, REPORTED_READ], constants: { ...reported, asked_at_end: true } },
        ].map(sized),
      },
    },
    {
      name: "filemap_fault",
      tiers: {
        fentry: [faults("fentry")],
        kprobe: [faults("kprobe")],
        tracepoint: [{ all: ["mm_filemap_fault__tracepoint", "mm_filemap_map_pages__tracepoint"] }],
      },
    },
    {
      name: "writeback_dirty_folio",
      tiers: { fentry: dirtied, kprobe: dirtied, tracepoint: dirtied },
    },
  ];
}

const UNSEEN =
  "does not see pages that a process has already mapped, O_DIRECT, DAX, and file systems in memory (tmpfs, ramfs); a " +
  "page that writeback dirties again counts again in DIRTIES";

function configure(options: ToolOptions): Constants {
  const by = byOf(options);
  return {
    ...filterConstants(options.filters),
    by_process: by === "process",
    by_file: by === "file",
    page_shift: Math.log2(pageSize()),
  };
}

type CountKey = keyof Counters<CachestatCounts>;

/** Pages of an interval. */
type Pages = Readonly<Record<CountKey, number>>;

/** One sample: with --by the rows of the interval, without it counters since the object was loaded. */
export interface Sample {
  readonly counts: Counters<CachestatCounts> | null;
  readonly rows: readonly Row[];
  readonly memory: CacheMemory | null;
}

function pageColumns({ hits, misses, readahead, dirties, mapped }: Pages): Row {
  const all = hits + misses;
  return {
    hits,
    misses,
    dirties,
    hit_pct: all === 0 ? null : Math.round(hits / all * 10_000) / 100,
    readahead,
    mmap: mapped,
  };
}

const NO_IDENTITY: Row = { pid: null, comm: null, ...NOBODY, file: null, dev: null, inode: null };
const NO_MEMORY: CacheMemory = { buffers_bytes: null, cached_bytes: null };

const S_IFMT = 0o170000;
const S_IFBLK = 0o060000;

function identityOf(by: By, key: CachestatKey, value: CachestatValue, disks: DiskNames): Row {
  if (by === "process") {
    return { ...NO_IDENTITY, pid: key.pid, comm: value.comm, ...whoOf(value, key.pid) };
  }
  const isDisk = (value.mode & S_IFMT) === S_IFBLK;
  return {
    ...NO_IDENTITY,
    file: isDisk ? disks.of(key.dev) : value.file || null,
    dev: deviceName(key.dev),
    inode: key.inode,
  };
}

function sampler({ object }: Attached, options: ToolOptions): Sampler<Sample> {
  const by = byOf(options);
  if (by === null) {
    const counts = object.map("counts");
    const total = new TotalHits();
    return {
      sample: () => {
        const sums = sumPerCpu(counts, CachestatCounts);
        return { counts: { ...sums, hits: total.of(sums.hits) }, rows: [], memory: readCacheMemory() };
      },
    };
  }
  const totals = new DoubleHash(object, "totals", CachestatValue);
  const disks = new DiskNames();
  const debts = new HitDebts();
  const row = (key: CachestatKey, value: CachestatValue): Row => {
    const { misses, readahead, dirties, mapped } = value;
    const hits = debts.settle(`${key.pid} ${key.dev} ${key.inode}`, BigInt.asIntN(64, value.exact("hits")));
    return {
      ...identityOf(by, key, value, disks),
      ...pageColumns({ hits, misses, readahead, dirties, mapped }),
      ...NO_MEMORY,
    };
  };
  return {
    sample: () => ({
      counts: null,
      memory: null,
      rows: mapEntries(totals.take(), [CachestatKey, CachestatValue], row),
    }),
    fill: ({ rows }) => rows.length / totals.maxEntries,
  };
}

const activity = ({ hits, misses, dirties }: Row): number => Number(hits) + Number(misses) + Number(dirties);

function derive(sample: Sample, previous: Sample | null): Derived {
  if (sample.counts === null) return { rows: [...sample.rows].sort((a, b) => activity(b) - activity(a)) };
  const before = previous?.counts ?? null;
  if (before === null) return { rows: [] };
  const memory = sample.memory ?? NO_MEMORY;
  return { rows: [{ ...NO_IDENTITY, ...pageColumns(growths(sample.counts, before)), ...memory }] };
}

const sumOf = (rows: readonly Row[], key: string): number =>
  rows.reduce((sum, row) => sum + Number(row[key]), 0);

const HIT_RATIO: GraphSeries = {
  key: "hit_pct",
  title: "hit ratio",
  unit: "pct",
  value: (rows) => {
    const hits = sumOf(rows, "hits");
    const all = hits + sumOf(rows, "misses");
    return all === 0 ? null : 100 * hits / all;
  },
};

export const cachestat: Tool<Sample> = {
  name: "cachestat",
  summary: "page cache: hits, misses and dirtied pages",
  searchWords: "memory cached buffers hit ratio rate readahead mmap cachetop",
  examples: [
    {
      question: "Does memory hold the files that a database reads?",
      command: "ktop cachestat -p 1234 5",
      look:
        "HITRATIO near 100: yes. Many MISSES in every interval: it reads more than the page cache holds. Pages that " +
        "read-ahead added (READAHEAD) count in MISSES when they are added, and in HITS when they are asked for.",
    },
    {
      question: "Which files push others out of the page cache?",
      command: "ktop cachestat --by file --sort misses 10",
      look: "MISSES of the first rows: pages that each file has added.",
    },
  ],
  view: "counters",
  viewFor: (options) => byOf(options) === null ? "counters" : "table",
  columns: COLUMNS,
  columnsFor,
  textRows: 20,
  order: ["hits", "misses", "dirties"],
  flags: [
    {
      name: "by",
      kind: "choice",
      argument: "WHAT",
      choices: ["process", "file"],
      description: "a row for each process or file",
    },
    {
      name: "timestamp",
      letter: "T",
      printOnly: true,
      kind: "switch",
      description: "the time (always printed)",
    },
    ROWS,
  ],
  graph: ["hits", "misses", "dirties", HIT_RATIO],
  hooks,
  caveats: {
    fentry: UNSEEN,
    kprobe: UNSEEN,
    tracepoint:
      `${UNSEEN}; does not see page faults that map a huge page at once; until 6.16, pages that 32-bit programs read by readahead(2), ` +
      "fadvise or madvise count when the thread reads again",
  },
  configure,
  sampler,
  derive,
};
