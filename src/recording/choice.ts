/**
 * What of a recording is shown: which of its tools, and of which process the rows. Pure.
 *
 * @module
 */
import type { Model, Row, ToolInfo, ToolModel } from "../model/mod.ts";
import type { RecordedTool } from "./format.ts";

/** A recorded tool that a pane could show. */
interface Offer {
  readonly name: string;
  readonly summary: string;
  /** The tier it was recorded with; null: it could not run. */
  readonly tier: string | null;
  /** Why it could not run; empty where it could. */
  readonly reason: string;
}

/** The process that the rows are narrowed to. */
interface Pivot {
  readonly pid: number;
  /** Its name where a row told it, else empty. */
  readonly comm: string;
  readonly state: "narrowed";
}

/** A model with what can be chosen. */
export type ChosenModel = Model & { readonly offers: readonly Offer[]; readonly pivot: Pivot | null };

/** Immutable: each choice makes a new one. */
export class Choice {
  readonly #tools: readonly RecordedTool[];
  /** Names of the tools that are shown, in order. */
  readonly #names: readonly string[];
  readonly #pivot: Pivot | null;

  private constructor(tools: readonly RecordedTool[], names: readonly string[], pivot: Pivot | null) {
    this.#tools = tools;
    this.#names = names;
    this.#pivot = pivot;
  }

  /** All tools, all processes. */
  static all(tools: readonly RecordedTool[]): Choice {
    return new Choice(tools, tools.map(({ tool }) => tool.name), null);
  }

  /** These tools, as far as they were recorded; all where none was. */
  withTools(names: readonly string[]): Choice {
    const recorded = names.filter((name) => this.#tools.some(({ tool }) => tool.name === name));
    return recorded.length > 0 ? new Choice(this.#tools, recorded, this.#pivot) : this;
  }

  /** Only the process of this process or thread id, which a row of the model may tell apart; null: all. */
  withProcess(id: number | null, model: Model): Choice {
    return new Choice(this.#tools, this.#names, id === null ? null : processOf(id, model));
  }

  /** What of a model is shown. */
  of(model: Model): ChosenModel {
    const tools = this.#names.flatMap((name) => {
      const found = model.tools.find(({ tool }) => tool.name === name);
      return found ? [this.#pivot ? narrowed(found, this.#pivot.pid) : found] : [];
    });
    const offers = this.#tools.map(({ tool: { name, summary }, state }): Offer =>
      state.kind === "unavailable"
        ? { name, summary, tier: null, reason: state.reason }
        : { name, summary, tier: state.kind === "running" ? state.tier : "", reason: "" }
    );
    return { ...model, tools, offers, pivot: this.#pivot };
  }
}

/** All rows that a model holds. */
const rowsOf = ({ tick, events }: ToolModel): readonly Row[] => [...events, ...tick?.rows ?? []];

function processOf(id: number, { tools }: Model): Pivot {
  const rows = tools.flatMap(rowsOf);
  const row = rows.find(({ pid }) => pid === id) ?? rows.find(({ tid }) => tid === id);
  const comm = row?.comm;
  return {
    pid: typeof row?.pid === "number" ? row.pid : id,
    comm: typeof comm === "string" ? comm : "",
    state: "narrowed",
  };
}

const namesProcess = ({ columns }: ToolInfo): boolean => columns.some(({ key }) => key === "pid");

/** Only the rows of a process. What no row says of a process (counters, histograms) stays that of the whole machine. */
function narrowed(model: ToolModel, process: number): ToolModel {
  if (!namesProcess(model.tool)) return model;
  const rows = (all: readonly Row[]): readonly Row[] => all.filter(({ pid }) => pid === process);
  const { tick, events } = model;
  return { ...model, tick: tick && { ...tick, rows: rows(tick.rows) }, events: rows(events) };
}
