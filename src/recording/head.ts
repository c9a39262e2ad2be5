/**
 * The model of a replay at the newest tick that was read. Pure: ticks in, models out.
 *
 * @module
 */
import type { History, Model, Snapshot } from "../model/mod.ts";
import { addTick, NO_HISTORY } from "../monitor/history/history.ts";
import { addSnapshot, toolModel } from "../monitor/history/rewind.ts";
import type { RecordedTick, RecordingHeader } from "./format.ts";

/** Immutable: each tick makes a new one. */
export class Head {
  /** With the past that is kept, from which `modelAt` makes older models. */
  readonly model: Model;
  readonly #header: RecordingHeader;
  readonly #histories: ReadonlyMap<string, History>;

  private constructor(
    header: RecordingHeader,
    model: Model,
    histories: ReadonlyMap<string, History>,
  ) {
    this.#header = header;
    this.model = model;
    this.#histories = histories;
  }

  /** Before any tick. */
  static before(header: RecordingHeader): Head {
    const { host, kernel, started, intervalS, tools } = header;
    const model: Model = {
      host: { host, kernel, uptimeS: 0, load: [0, 0, 0], tasks: { running: 0, total: 0 } },
      self: { cpuMsPerS: null, rssBytes: 0 },
      intervalS,
      time: started,
      tools: tools.map(({ tool, state }) => toolModel({ tool, state, tick: null, history: NO_HISTORY })),
      snapshots: [],
    };
    return new Head(header, model, new Map());
  }

  /** One tick on. */
  add(recorded: RecordedTick): Head {
    const { host, kernel, intervalS } = this.#header;
    const { self, time, ticks, failed } = recorded;
    const moment: Snapshot = { host: { host, kernel, ...recorded.host }, self, intervalS, time };
    const histories = new Map<string, History>();
    const tools = this.#header.tools.map(({ tool, state }) => {
      const tick = ticks.get(tool.name) ?? null;
      const before = this.#histories.get(tool.name) ?? NO_HISTORY;
      const history = tick ? addTick(before, tick, tool) : before;
      histories.set(tool.name, history);
      return toolModel({ tool, state: failed.get(tool.name) ?? state, tick, history });
    });
    const snapshots = addSnapshot(this.model.snapshots, moment);
    return new Head(this.#header, { ...moment, tools, snapshots }, histories);
  }

  /** The same moment without a past. */
  cleared(): Head {
    const tools = this.model.tools.map((model) => toolModel({ ...model, history: NO_HISTORY }));
    return new Head(this.#header, { ...this.model, tools, snapshots: [] }, new Map());
  }
}
