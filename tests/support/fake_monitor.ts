/**
 * A monitor without a kernel, with four fake tools at first and pseudo-random numbers from a seed. For unit tests,
 * terminal tests and tests/terminal/demo.ts.
 *
 * @module
 */
import type {
  FlagValue,
  History,
  MachineFigures,
  Model,
  MonitorCapabilities,
  MonitorCommand,
  Replacement,
  Restrictions,
  Row,
  SelfCost,
  Snapshot,
  Tick,
  ToolInfo,
  ToolModel,
  ToolState,
  Traffic,
} from "../../src/model/mod.ts";
import { addSnapshot, addTick, NO_HISTORY, probes, toolModel } from "../../src/monitor/mod.ts";
import type { MonitorHandle } from "../../src/tui/mod.ts";
import { COMMS, FakeRows } from "./fake_rows.ts";
import {
  dcstat,
  filetop,
  NEEDS_KPROBES,
  OFFERS,
  RUNNING,
  runqlat,
  runqslower,
  TOOLS,
  unavailable,
  vfsstat,
} from "./fake_tools.ts";

/** How a fake monitor behaves. */
export interface FakeOptions {
  readonly seed?: number;
  /** Number of rows of filetop. */
  readonly rows?: number;
  /** Multiplies every count: 0 is an idle machine. */
  readonly load?: number;
  /** True: dcstat runs; false: it is unavailable, as on a kernel without kprobes. */
  readonly dcstat?: boolean;
  /** What the command line restricts. */
  readonly restrictions?: Restrictions;
  /** True: pressure, network and disks are measured. */
  readonly figures?: boolean;
}

/** Figures of the machine in the interval with this number; 0 is the first. */
function figuresOf(interval: number): MachineFigures {
  const traffic = (inBytes: number, outBytes: number): Traffic | null =>
    interval === 0 ? null : { inBytes: inBytes * interval, outBytes: outBytes * interval, intervalS: 2 };
  return {
    pressure: {
      cpu: { some: interval, full: null },
      io: { some: 12.34, full: 0.04 },
      memory: { some: 0, full: 0 },
    },
    network: traffic(2048, 1024),
    disks: traffic(0, 4096),
  };
}

const newTool = (tool: ToolInfo): ToolModel =>
  toolModel({ tool, state: { kind: "attaching" }, tick: null, history: NO_HISTORY });

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
  const lost = { events: 0, keys: 0, runs: 0 };
  return toolModel({
    tool: probes as ToolInfo,
    state: { kind: "running", tier: "run-time statistics", missing: [] },
    tick: { tool: probes.name, time, intervalS: 1, tier: "run-time statistics", rows: [row], lost },
    history: NO_HISTORY,
  });
}

/** A monitor that the test advances with `tick()`. */
export class FakeMonitor implements MonitorHandle {
  readonly calls: string[] = [];
  readonly #rows: FakeRows;
  readonly #listeners: (() => void)[] = [];
  readonly #options: Required<FakeOptions>;
  readonly #histories = new Map<string, History>();
  #model: Model;
  #ticks = 0;

  constructor(options: FakeOptions = {}) {
    this.#options = {
      seed: 1,
      rows: 24,
      load: 1,
      dcstat: false,
      restrictions: {},
      figures: false,
      ...options,
    };
    this.#rows = new FakeRows(this.#options);
    this.#model = {
      host: {
        host: "web-01",
        kernel: "6.18.5-amd64",
        uptimeS: 1053000,
        load: [0.42, 0.38, 0.3],
        tasks: { running: 2, total: 318 },
        ...(this.#options.figures ? figuresOf(0) : {}),
      },
      self: { cpuMsPerS: null, rssBytes: 62e6 },
      intervalS: 1,
      time: Date.UTC(2026, 10, 20, 18, 0, 0),
      tools: [filetop, vfsstat, dcstat, runqslower].map(newTool),
      snapshots: [],
      offers: OFFERS,
      restrictions: this.#options.restrictions,
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

  readonly capabilities: MonitorCapabilities = new Set<MonitorCommand["kind"]>([
    "clear",
    "setInterval",
    "toggleAllTypes",
    "setFlags",
    "toggleCost",
    "selectRows",
    "setTools",
    "listTools",
    "setPivot",
    "watchProcess",
  ]);

  perform(command: MonitorCommand): void {
    const { kind, ...values } = command;
    const texts = Object.values(values).flat().map((value) =>
      typeof value === "object" ? JSON.stringify(value) : String(value)
    );
    this.calls.push([kind, ...texts].join(" "));
    switch (command.kind) {
      case "clear":
        return this.clear();
      case "setInterval":
        return this.#publish({ intervalS: command.seconds });
      case "toggleAllTypes":
        return this.#toggleAllTypes();
      case "setFlags":
        return this.setFlags(command.tool, command.flags);
      case "toggleCost":
        return this.#toggleCost();
      case "setTools":
        return this.setTools(command.names, command.spares);
      case "setPivot":
        return this.setPivot(command.id);
      case "watchProcess":
        return this.#watch(command.id);
    }
  }

  clear(): void {
    this.#histories.clear();
    this.#publish({
      tools: this.#model.tools.map((tool) => toolModel({ ...tool, history: NO_HISTORY })),
      snapshots: [],
    });
  }

  /** Adds a socket to the rows of filetop, or removes it. */
  #toggleAllTypes(): void {
    const socket: Row = { tid: 4242, comm: "nginx", reads: 1, writes: 1, type: "S", file: "TCP" };
    this.mapTools((tool) => {
      if (tool.tool !== filetop || !tool.tick) return tool;
      const { rows } = tool.tick;
      const hasSocket = rows.some(({ type }) => type === "S");
      const toggled = hasSocket ? rows.filter(({ type }) => type === "R") : [...rows, socket];
      return { ...tool, flags: { "all-types": !hasSocket }, tick: { ...tool.tick, rows: toggled } };
    });
  }

  /** Shows or hides the probes pane. */
  #toggleCost(): void {
    const { tools, time } = this.#model;
    const others = tools.filter(({ tool }) => tool.name !== probes.name);
    const shown = others.length < tools.length;
    this.#publish({ tools: shown ? others : [...others, probePane(time)] });
  }

  /** Sets flags; a directory that starts with /missing is refused. */
  setFlags(name: string, flags: Readonly<Record<string, FlagValue>>): void {
    if (String(flags["directory"]).startsWith("/missing")) {
      return this.#publish({
        notice: {
          text: `Cannot set the flags of ${name}: there is no /missing.`,
          kind: "error",
          refusedFlags: name,
        },
      });
    }
    this.#publish({
      tools: this.#model.tools.map((tool) => tool.tool.name === name ? { ...tool, flags } : tool),
      notice: { text: `${name} re-attaches with new flags; its history is kept`, kind: "info" },
    });
  }

  /** With spares, the first of them replaces each tool that needs kprobes. */
  setTools(wanted: readonly string[], spares?: readonly string[]): void {
    const { tools } = this.#model;
    const refused = (name: string): boolean => NEEDS_KPROBES.some((tool) => tool.name === name);
    const left = [...spares ?? []];
    const replacements: Replacement[] = [];
    const names = wanted.map((name) => {
      const by = spares && refused(name) ? left.shift() : undefined;
      if (by !== undefined) replacements.push({ tool: name, by });
      return by ?? name;
    });
    this.#publish({
      ...(spares ? { replacements } : {}),
      tools: names.map((name) => {
        const known = tools.find(({ tool }) => tool.name === name);
        const tool = TOOLS.find((candidate) => candidate.name === name)!;
        return known ?? { ...newTool(tool), state: this.#stateAfterAttach(tool) };
      }),
    });
  }

  /** Sets the pivot. Process 1 is always reported as gone. */
  setPivot(id: number | null): void {
    const pivot = id === null
      ? null
      : { pid: id, comm: COMMS[id % COMMS.length]!, state: "narrowed" as const };
    this.#publish({ pivot: id === 1 ? { pid: 1, comm: "", state: "gone" } : pivot });
  }

  /** Simulates the exit of the pivot process. */
  endPivot(): void {
    const { pivot } = this.#model;
    if (pivot) this.#publish({ pivot: { ...pivot, state: "ended" } });
  }

  #watch(id: number | null): void {
    const details = {
      pid: id ?? 0,
      comm: "nginx",
      command: `/usr/sbin/nginx -g 'daemon off;' --prefix=/srv/${"very/".repeat(30)}long`,
      parent: { pid: 1, comm: "systemd" },
      cgroup: "/system.slice/nginx.service",
      uid: 33,
      user: "www-data",
      startedMs: Date.UTC(2026, 10, 20, 12),
    };
    this.#publish({ watched: id === null ? null : { id, ended: false, details } });
  }

  close(): void {
    this.calls.push("close");
  }

  /** Attaches every tool that does not need kprobes; dcstat if the options request it. */
  attach(): void {
    this.mapTools((tool) => ({ ...tool, state: this.#stateAfterAttach(tool.tool) }));
  }

  #stateAfterAttach(tool: ToolInfo): ToolState {
    const refused = NEEDS_KPROBES.includes(tool) && !(tool === dcstat && this.#options.dcstat);
    return refused ? unavailable(tool) : RUNNING;
  }

  /** Replaces every tool by the result of `map`. */
  mapTools(map: (tool: ToolModel) => ToolModel): void {
    this.#publish({ tools: this.#model.tools.map(map) });
  }

  /** Advances by one second. */
  tick(): void {
    const time = this.#model.time + 1000;
    const self: SelfCost = { cpuMsPerS: 3.1, rssBytes: 62e6 };
    const tools = this.#model.tools.map((tool) =>
      tool.state.kind === "running" && tool.tool.name !== probes.name ? this.#advance(tool, time) : tool
    );
    const { intervalS, pivot } = this.#model;
    const figures = this.#options.figures ? figuresOf(++this.#ticks) : {};
    const host = { ...this.#model.host, ...figures };
    const snapshot: Snapshot = { host, self, intervalS, time, pivot };
    this.#publish({ ...snapshot, tools, snapshots: addSnapshot(this.#model.snapshots, snapshot) });
  }

  #publish(changes: Partial<Model>): void {
    this.#model = { ...this.#model, ...changes };
    for (const listener of this.#listeners) listener();
  }

  #advance(tool: ToolModel, time: number): ToolModel {
    const rows = this.#rows.rows(tool.tool, time);
    const slots = Array.from(
      { length: 20 },
      (_, i) => i < 2 ? 0 : this.#rows.count(4000 / 2 ** Math.abs(i - 4)),
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
      lost: { events: 0, keys: 0, runs: 0 },
    };
    const history = addTick(this.#histories.get(tool.tool.name) ?? NO_HISTORY, tick, tool.tool);
    this.#histories.set(tool.tool.name, history);
    return { ...tool, ...toolModel({ ...tool, tick, history }), lost: tool.lost };
  }
}
