/**
 * A monitor without a kernel: four tools in the shape of the real ones, numbers from a seeded generator. Used by the
 * terminal tests and by demo.ts.
 *
 * @module
 */
import { History } from "../../src/monitor/history.ts";
import type { Model, Moment, Offer, SelfCost, ToolModel, ToolState } from "../../src/monitor/model.ts";
import { addMoment, toolModel } from "../../src/monitor/past.ts";
import type { Column, Row, Tick, Tool, Unit } from "../../src/tools/tool.ts";
import { probes } from "../../src/monitor/probes.ts";
import type { MonitorHandle } from "../../src/tui/mod.ts";

/** mulberry32: numbers in [0, 1), the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Spec = readonly [key: string, title: string, unit: Unit, width: number, extra?: Partial<Column>];

const columns = (specs: readonly Spec[]): Column[] =>
  specs.map(([key, title, unit, width, extra]) => ({
    key,
    title,
    unit,
    width,
    align: unit === "text" || unit === "time" ? "left" : "right",
    description: `What ${title} says about one row of this tool.`,
    ...extra,
  }));

function makeTool(name: string, view: Tool["view"], cols: readonly Column[]): Tool {
  return {
    name,
    view,
    summary: `A fake ${name} for tests.`,
    columns: cols,
    flags: name === "filetop"
      ? [{ name: "all-types", letter: "a", description: "All types.", kind: "switch" }]
      : [],
    graph: view === "counters"
      ? cols.filter(({ unit }) => unit === "count").map(({ key }) => key)
      : cols.filter(({ unit }) => unit === "kb").map(({ key }) => key),
    hooks: [],
    caveats: { tracepoint: "Sees system calls only: what the kernel does by itself is missing." },
    configure: () => ({ constants: {} }),
    sampler: () => ({ sample: () => null }),
    derive: () => ({ rows: [], lost: { events: 0, keys: 0 } }),
  };
}

const rate = { perSecond: true };
const filetop = makeTool(
  "filetop",
  "table",
  columns([
    ["tid", "TID", "id", 7],
    ["comm", "COMM", "text", 15],
    ["reads", "READS", "count", 6],
    ["writes", "WRITES", "count", 6],
    ["read_bytes", "R_Kb", "kb", 7],
    ["write_bytes", "W_Kb", "kb", 7],
    ["type", "T", "text", 1],
    ["file", "FILE", "text", 30],
    ["inode", "INODE", "id", 10, { shown: "data" }],
  ]),
);
const CALLS = ["read", "write", "fsync", "open", "create", "unlink", "mkdir", "rmdir"] as const;
const vfsstat = makeTool(
  "vfsstat",
  "counters",
  columns(CALLS.map((key) => [key, `${key.toUpperCase()}/s`, "count", 9, rate] as const)),
);
const dcstat = makeTool(
  "dcstat",
  "counters",
  columns([
    ["refs", "REFS/s", "count", 9, rate],
    ["slow", "SLOW/s", "count", 9, rate],
    ["miss", "MISS/s", "count", 9, rate],
    ["hit_pct", "HIT%", "pct", 7],
  ]),
);
const runqslower = makeTool(
  "runqslower",
  "events",
  columns([
    ["time", "TIME", "time", 8],
    ["comm", "COMM", "text", 15],
    ["tid", "TID", "id", 7],
    ["lat_us", "LAT(us)", "us", 9],
    ["prev_comm", "PREV COMM", "text", 15, { shown: "wide" }],
  ]),
);
const opensnoop = makeTool(
  "opensnoop",
  "events",
  columns([
    ["time", "TIME", "time", 8],
    ["pid", "PID", "id", 7],
    ["comm", "COMM", "text", 15],
    ["fd", "FD", "id", 3],
    ["path", "PATH", "text", 40],
  ]),
);
const runqlat = makeTool(
  "runqlat",
  "histogram",
  columns([["low_us", "LOW", "us", 8], ["count", "COUNT", "count", 8]]),
);
const execsnoop = makeTool(
  "execsnoop",
  "events",
  columns([["time", "TIME", "time", 8], ["pid", "PID", "id", 7]]),
);
const vfscount = makeTool(
  "vfscount",
  "table",
  columns([["func", "FUNC", "text", 30], ["count", "COUNT", "count", 8]]),
);
const TOOLS = [filetop, vfsstat, dcstat, runqslower, opensnoop, runqlat, execsnoop, vfscount];
/** Tools that a kernel without kprobes cannot run. */
const NEEDS_KPROBES: readonly Tool[] = [dcstat, vfscount];

const COMMS = ["postgres", "nginx", "systemd-journal", "node", "rsyslogd", "python3", "containerd", "日本語"];
const FILES = [
  "/var/lib/postgresql/15/main/base/16384/2619",
  "/var/log/nginx/access.log",
  "/var/log/journal/5a1c/system.journal",
  "/srv/app/node_modules/.cache/index.json",
  "/etc/資料/データ.txt",
  "/tmp/caf\u0065\u0301.tmp",
  "evil\\x1b]0;owned\\a.log",
  "/proc/self/stat",
];

/** How a fake monitor behaves. */
export interface FakeOptions {
  readonly seed?: number;
  /** Rows of the table. */
  readonly rows?: number;
  /** Multiplies every count: 0 is an idle machine. */
  readonly load?: number;
  /** dcstat runs; otherwise it is unavailable as on a kernel without kprobes. */
  readonly dcstat?: boolean;
}

const unavailable = ({ name }: Tool): ToolState => ({
  kind: "unavailable",
  reason: `${name} needs fentry or kprobes; this kernel has neither (CONFIG_KPROBES is not set).`,
  remedy: "Use a kernel with CONFIG_KPROBES=y or CONFIG_FUNCTION_TRACER=y.",
});
const RUNNING: ToolState = { kind: "running", tier: "tracepoint", missing: [] };

const OFFERS: readonly Offer[] = TOOLS.map((tool) => ({
  name: tool.name,
  summary: tool.summary,
  tier: NEEDS_KPROBES.includes(tool) ? null : "tracepoint",
  reason: NEEDS_KPROBES.includes(tool) ? "the kernel was built without CONFIG_KPROBES" : "",
}));

const newTool = (tool: Tool): ToolModel =>
  toolModel({ tool, state: { kind: "attaching" }, tick: null, history: History.empty });

function probePane(time: number): ToolModel {
  const row: Row = {
    tool: "vfsstat",
    events: 4096,
    ns_per_event: 73,
    cpu_pct: 0.03,
    tier: "fentry",
    program: "vfs_read_enter",
    hook: "vfs_read",
  };
  const lost = { events: 0, keys: 0 };
  return toolModel({
    tool: probes as Tool,
    state: { kind: "running", tier: "run-time statistics", missing: [] },
    tick: { tool: probes.name, time, intervalS: 1, tier: "run-time statistics", rows: [row], lost },
    history: History.empty,
  });
}

/** A monitor whose ticks the test makes. */
export class FakeMonitor implements MonitorHandle {
  readonly calls: string[] = [];
  readonly #random: () => number;
  readonly #listeners: (() => void)[] = [];
  readonly #options: Required<FakeOptions>;
  readonly #histories = new Map<string, History>();
  #model: Model;

  constructor(options: FakeOptions = {}) {
    this.#options = { seed: 1, rows: 24, load: 1, dcstat: false, ...options };
    this.#random = random(this.#options.seed);
    this.#model = {
      host: {
        host: "web-01",
        kernel: "6.18.5-amd64",
        uptimeS: 1053000,
        load: [0.42, 0.38, 0.3],
        tasks: { running: 2, total: 318 },
      },
      self: { cpuMsPerS: null, rssBytes: 62e6 },
      intervalS: 1,
      time: Date.UTC(2026, 10, 20, 18, 0, 0),
      tools: [filetop, vfsstat, dcstat, runqslower].map(newTool),
      moments: [],
      offers: OFFERS,
      pivot: null,
      watched: null,
    };
  }

  model(): Model {
    return this.#model;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  setInterval(seconds: number): void {
    this.calls.push(`setInterval ${seconds}`);
    this.#publish({ intervalS: seconds });
  }

  clear(): void {
    this.calls.push("clear");
    const { empty } = History;
    this.#histories.clear();
    this.#publish({
      tools: this.#model.tools.map((tool) => toolModel({ ...tool, history: empty })),
      moments: [],
    });
  }

  /** With all types one row more: a socket. */
  toggleAll(): void {
    this.calls.push("toggleAll");
    const socket: Row = { tid: 4242, comm: "nginx", reads: 1, writes: 1, type: "S", file: "TCP" };
    this.change((tool) => {
      if (tool.tool !== filetop || !tool.tick) return tool;
      const regular = tool.tick.rows.filter(({ type }) => type === "R");
      const rows = regular.length < tool.tick.rows.length ? regular : [...regular, socket];
      return { ...tool, tick: { ...tool.tick, rows } };
    });
  }

  /** A pane more with what one program costs, or without it. */
  toggleCost(): void {
    this.calls.push("toggleCost");
    const others = this.#model.tools.filter(({ tool }) => tool.name !== probes.name);
    const shown = others.length < this.#model.tools.length ? [] : [probePane(this.#model.time)];
    this.#publish({ tools: [...others, ...shown] });
  }

  setTools(names: readonly string[]): void {
    this.calls.push(`setTools ${names.join(" ")}`);
    const { tools } = this.#model;
    this.#publish({
      tools: names.map((name) => {
        const known = tools.find(({ tool }) => tool.name === name);
        const tool = TOOLS.find((candidate) => candidate.name === name)!;
        return known ?? { ...newTool(tool), state: this.#attached(tool) };
      }),
    });
  }

  listTools(): void {
    this.calls.push("listTools");
  }

  /** Process 1 has always ended. */
  setPivot(id: number | null): void {
    this.calls.push(`setPivot ${id}`);
    const pivot = id === null
      ? null
      : { pid: id, comm: COMMS[id % COMMS.length]!, state: "narrowed" as const };
    this.#publish({ pivot: id === 1 ? { pid: 1, comm: "", state: "gone" } : pivot });
  }

  /** The process that is narrowed to ends. */
  endPivot(): void {
    const { pivot } = this.#model;
    if (pivot) this.#publish({ pivot: { ...pivot, state: "ended" } });
  }

  watch(id: number | null): void {
    this.calls.push(`watch ${id}`);
    const details = {
      pid: id ?? 0,
      comm: "nginx",
      command: `/usr/sbin/nginx -g 'daemon off;' --prefix=/srv/${"very/".repeat(30)}long`,
      cgroup: "/system.slice/nginx.service",
      uid: 33,
    };
    this.#publish({ watched: id === null ? null : { id, ended: false, details } });
  }

  close(): void {
    this.calls.push("close");
  }

  /** Every tool runs, but for dcstat unless it was asked for. */
  attach(): void {
    this.change((tool) => ({ ...tool, state: this.#attached(tool.tool) }));
  }

  #attached(tool: Tool): ToolState {
    const refused = NEEDS_KPROBES.includes(tool) && !(tool === dcstat && this.#options.dcstat);
    return refused ? unavailable(tool) : RUNNING;
  }

  /** Changes every tool. */
  change(change: (tool: ToolModel) => ToolModel): void {
    this.#publish({ tools: this.#model.tools.map(change) });
  }

  /** One second goes by. */
  tick(): void {
    const time = this.#model.time + 1000;
    const self: SelfCost = { cpuMsPerS: 3.1, rssBytes: 62e6 };
    const tools = this.#model.tools.map((tool) =>
      tool.state.kind === "running" && tool.tool.name !== probes.name ? this.#advance(tool, time) : tool
    );
    const { host, intervalS } = this.#model;
    const moment: Moment = { host, self, intervalS, time };
    this.#publish({ ...moment, tools, moments: addMoment(this.#model.moments, moment) });
  }

  #publish(change: Partial<Model>): void {
    this.#model = { ...this.#model, ...change };
    for (const listener of this.#listeners) listener();
  }

  #count(scale: number): number {
    return Math.floor(this.#random() ** 3 * scale * this.#options.load);
  }

  #pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.#random() * values.length)] as T;
  }

  #rows(tool: Tool, time: number): Row[] {
    if (tool === filetop) {
      return Array.from({ length: this.#options.rows }, (_, i): Row => ({
        tid: 1000 + i * 37,
        comm: COMMS[i % COMMS.length] as string,
        reads: this.#count(900),
        writes: this.#count(400),
        read_bytes: this.#count(9e6),
        write_bytes: this.#count(4e6),
        type: "R",
        file: FILES[i % FILES.length] as string,
        inode: 5000 + i,
      })).sort((a, b) => Number(b["reads"]) - Number(a["reads"]));
    }
    if (tool === vfsstat) {
      return [Object.fromEntries(CALLS.map((key, i) => [key, this.#count(3000 / (i + 1))]))];
    }
    if (tool === dcstat) {
      return [{
        refs: this.#count(90000),
        slow: this.#count(900),
        miss: this.#count(90),
        hit_pct: 90 + this.#random() * 10,
      }];
    }
    if (tool === runqlat) return [];
    return this.#random() < 0.3 * this.#options.load ? [this.#event(tool, time)] : [];
  }

  #event(tool: Tool, time: number): Row {
    if (tool !== runqslower) {
      const pid = 1000 + this.#count(9) * 37;
      return {
        time: new Date(time).toISOString(),
        pid,
        comm: this.#pick(COMMS),
        fd: 3,
        path: this.#pick(FILES),
      };
    }
    return {
      time: new Date(time).toISOString(),
      comm: this.#pick(COMMS),
      tid: 1000 + Math.floor(this.#random() * 30000),
      lat_us: 10000 + this.#count(90000),
      prev_comm: this.#pick(COMMS),
    };
  }

  #advance(tool: ToolModel, time: number): ToolModel {
    const rows = this.#rows(tool.tool, time);
    const slots = Array.from(
      { length: 20 },
      (_, i) => i < 2 ? 0 : this.#count(4000 / 2 ** Math.abs(i - 4)),
    );
    const tick: Tick = {
      tool: tool.tool.name,
      time,
      intervalS: 1,
      tier: "tracepoint",
      rows,
      ...(tool.tool === runqslower || tool.tool === runqlat
        ? { histograms: [{ label: "run-queue delay", unit: "us", slots }] }
        : {}),
      lost: { events: 0, keys: 0 },
    };
    const history = (this.#histories.get(tool.tool.name) ?? History.empty).add(tick, tool.tool);
    this.#histories.set(tool.tool.name, history);
    return { ...toolModel({ ...tool, tick, history }), lost: tool.lost };
  }
}
