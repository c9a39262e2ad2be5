/**
 * Restricts a replay to chosen tools and to the rows of one process. Pure.
 *
 * @module
 */
import { MAX_PANES, type Model, type Offer, type Pivot } from "../model/mod.ts";
import { countedPid, narrowTools, processInRows } from "../monitor/mod.ts";
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

  /** All tools, as far as there are panes for them, and all processes. */
  static all(tools: readonly RecordedTool[]): ReplayFilter {
    return new ReplayFilter(tools, tools.slice(0, MAX_PANES).map(({ tool }) => tool.name), null);
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
    const pivot = id === null ? null : { ...processInRows(id, model), state: "narrowed" as const };
    return new ReplayFilter(this.#tools, this.#names, pivot);
  }

  /** The filtered model, with the tools on offer. */
  apply(model: Model): Model & { readonly offers: readonly Offer[]; readonly pivot: Pivot | null } {
    const { pivot: counted } = model;
    const all = this.#pivot ? narrowTools(model.tools, this.#pivot.pid, countedPid(counted)) : model.tools;
    const tools = this.#names.flatMap((name) => all.find(({ tool }) => tool.name === name) ?? []);
    const offers = this.#tools.map(({ tool: { name, summary }, state }): Offer =>
      state.kind === "unavailable"
        ? { name, summary, tier: null, reason: state.reason }
        : { name, summary, tier: state.kind === "running" ? state.tier : "", reason: "" }
    );
    return { ...model, tools, offers, pivot: this.#pivot, ...(counted ? { counted } : {}) };
  }
}
