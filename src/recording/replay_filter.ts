/**
 * Restricts a replay to chosen tools and to the rows of one process. Pure.
 *
 * @module
 */
import type { Model, Offer, Pivot, Row, ToolInfo, ToolModel } from "../model/mod.ts";
import type { RecordedTool } from "./format.ts";

/** Filters a model by tool and process. Immutable. */
export class ReplayFilter {
  readonly #tools: readonly RecordedTool[];
  /** Names of the shown tools, in order. */
  readonly #names: readonly string[];
  readonly #pivot: Pivot | null;

  private constructor(tools: readonly RecordedTool[], names: readonly string[], pivot: Pivot | null) {
    this.#tools = tools;
    this.#names = names;
    this.#pivot = pivot;
  }

  /** All tools, all processes. */
  static all(tools: readonly RecordedTool[]): ReplayFilter {
    return new ReplayFilter(tools, tools.map(({ tool }) => tool.name), null);
  }

  /** Shows only these tools. Ignores tools that were not recorded; without any recorded one, changes nothing. */
  withTools(names: readonly string[]): ReplayFilter {
    const recorded = names.filter((name) => this.#tools.some(({ tool }) => tool.name === name));
    return recorded.length > 0 ? new ReplayFilter(this.#tools, recorded, this.#pivot) : this;
  }

  /**
   * Shows only the rows of one process; null: of all processes.
   *
   * @param id Process or thread id. The process of a thread is looked up in the rows of `model`.
   */
  withProcess(id: number | null, model: Model): ReplayFilter {
    return new ReplayFilter(this.#tools, this.#names, id === null ? null : processOf(id, model));
  }

  /** The filtered model, with the tools on offer. */
  apply(model: Model): Model & { readonly offers: readonly Offer[]; readonly pivot: Pivot | null } {
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

const hasPid = ({ columns }: ToolInfo): boolean => columns.some(({ key }) => key === "pid");

/** Keeps only the rows of a process. Counters and histograms have no pid and still cover the whole machine. */
function narrowed(model: ToolModel, process: number): ToolModel {
  if (!hasPid(model.tool)) return model;
  const rows = (all: readonly Row[]): readonly Row[] => all.filter(({ pid }) => pid === process);
  const { tick, events } = model;
  return { ...model, tick: tick && { ...tick, rows: rows(tick.rows) }, events: rows(events) };
}
