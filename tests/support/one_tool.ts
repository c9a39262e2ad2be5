/**
 * A screen with one tool, whose ticks the test writes.
 *
 * @module
 */
import {
  collectGroups,
  groupingNamed,
  keptOrders,
  keptRows,
  type Model,
  type Row,
  type RowPreference,
  type Tick,
  type ToolModel,
} from "../../src/model/mod.ts";
import { addSnapshot, addTick, NO_HISTORY, toolModel } from "../../src/monitor/mod.ts";
import { arrangeScreen, handleEvent } from "../../src/tui/keys/mod.ts";
import type { Screen } from "../../src/tui/layout/mod.ts";
import {
  type Context,
  followModel,
  initialUi,
  type PaneUi,
  rowSelections,
  type Ui,
} from "../../src/tui/state/mod.ts";
import { view } from "../../src/tui/view/mod.ts";
import { gridText, LIVE } from "./test_screen.ts";
import { ALL_TOOLS } from "./tool_infos.ts";

const host = {
  host: "h",
  kernel: "6",
  uptimeS: 1,
  load: [0, 0, 0],
  tasks: { running: 1, total: 1 },
} as const;
const self = { cpuMsPerS: null, rssBytes: 0 };

/** A screen with one tool whose ticks the test writes, one a second. */
export class OneTool {
  /** Wall clock at the start of the first interval, milliseconds. */
  static readonly START = Date.UTC(2026, 10, 20, 18);

  model: Model;
  ui: Ui = initialUi(1);
  readonly size: { readonly width: number; readonly height: number };

  constructor(name: string, [width, height]: readonly [number, number] = [100, 24]) {
    this.size = { width, height };
    const tool = ALL_TOOLS.find((one) => one.name === name)!;
    const state = { kind: "running", tier: "fentry", missing: [] } as const;
    this.model = {
      host,
      self,
      intervalS: 1,
      time: OneTool.START,
      snapshots: [],
      tools: [toolModel({ tool, state, tick: null, history: NO_HISTORY })],
    };
  }

  /** Another interval with these rows, of which the monitor keeps at most `most`. */
  tick(rows: readonly Row[], most = Infinity): this {
    const before = this.model.tools[0]!;
    const { tool, state } = before;
    const time = this.model.time + 1000;
    const lost = { events: 0, keys: 0, runs: 0 };
    const at = new Date(time - 500).toISOString();
    const timed = rows.map((row): Row => ({ time: at, ...row }));
    const { kept, counted, preference } = this.#select(timed, most);
    const droppedRows = timed.length - kept.length;
    const tick: Tick = {
      tool: tool.name,
      time,
      intervalS: 1,
      tier: "fentry",
      rows: kept,
      lost,
      droppedRows,
      ...counted,
    };
    const history = addTick(before, tick, tool, undefined, preference);
    const model: ToolModel = toolModel({ tool, state, tick, history });
    const snapshots = addSnapshot(this.model.snapshots, { host, self, intervalS: 1, time });
    this.model = { ...this.model, time, snapshots, tools: [model] };
    this.ui = followModel(this.ui, this.model);
    return this;
  }

  /** Applies the filter, the groups and the order of the pane to rows before all but `most` are dropped, as the monitor does. */
  #select(rows: readonly Row[], most: number): {
    kept: readonly Row[];
    counted: Pick<Tick, "counted">;
    preference: RowPreference;
  } {
    const [selection] = rowSelections(this.ui, this.model, []);
    const test = selection?.test?.(1) ?? null;
    const passed = test ? rows.filter(test) : rows;
    const preference = { test, orders: keptOrders(this.model.tools[0]!.tool, selection?.order ?? null) };
    const kept = keptRows(rows, { most, maxBytes: Infinity, ...preference });
    if (!selection) return { kept, counted: {}, preference };
    const { filter, by } = selection;
    const { tool } = this.model.tools[0]!;
    const groups = by === null ? {} : { groups: collectGroups(passed, groupingNamed(tool, by)) };
    return { kept, counted: { counted: { filter, by, passed: passed.length, ...groups } }, preference };
  }

  /** The panes are narrowed to a process, or widened again. */
  narrow(pid: number | null): this {
    const { pivot: _, ...wide } = this.model;
    this.model = pid === null ? wide : { ...wide, pivot: { pid, comm: "", state: "narrowed" } };
    return this;
  }

  get #context(): Context {
    return { ui: this.ui, model: this.model, size: this.size, capabilities: LIVE };
  }

  /** The screen as it is arranged. */
  get screen(): Screen {
    return arrangeScreen(this.#context);
  }

  press(...keys: readonly string[]): this {
    for (const key of keys) {
      const text = key.length === 1 ? { text: key } : {};
      this.ui = handleEvent(this.#context, { kind: "key", key, ...text }).ui;
    }
    return this;
  }

  click(x: number, y: number): this {
    this.ui = handleEvent(this.#context, { kind: "mouse", button: "left", pressed: true, x, y }).ui;
    return this;
  }

  get pane(): PaneUi {
    return this.ui.panes[0]!;
  }

  /** Values of a column of the lines, undefined where a line does not have it. */
  column(key: string): unknown[] {
    return this.screen.focused!.rows.map((row) => row[key]);
  }

  get lines(): string[] {
    return gridText(view(this.screen, false)).split("\n");
  }

  get title(): string {
    return this.lines[1]!;
  }

  get keys(): string[] {
    return this.screen.hints.map(({ name }) => name);
  }
}
