/**
 * Prints what hosts measure: as text all hosts together each interval, as NDJSON a line for each host, tool and tick.
 *
 * @module
 */
import {
  type Grouping,
  groupingsNamed,
  HOST_KEY,
  type HostStatus,
  type Model,
  type ToolInfo,
} from "../model/mod.ts";
import { batchText, ndjsonPieces, type Piece } from "../output/mod.ts";
import { initialModel, nextModel } from "../recording/mod.ts";
import {
  failureError,
  failureMessage,
  failureText,
  type FleetOptions,
  type HostStream,
} from "../remote/mod.ts";
import type { HostOptions } from "./host_options.ts";
import { groupingsOfModel, type HostRun } from "./host_screen.ts";
import { warn } from "./notices.ts";
import { printDebugMessages } from "./options.ts";
import { Session } from "./session.ts";

/** How often the states of the hosts are polled, milliseconds. */
const POLL_MS = 1000;
/** Warnings of one host that are printed: a host may send any number. */
const MAX_WARNINGS = 20;

/** The tools that every host measures. */
interface RequestedTools {
  readonly tools: readonly string[];
  /** The user named them: the reason of each that is left out is printed. */
  readonly toolsWereNamed: boolean;
}

/** A run without a screen. */
export class HostBatch {
  readonly #options: HostOptions;
  readonly #session: Session;
  readonly #output: ReturnType<Session["output"]>;
  readonly #requested: RequestedTools;
  /** The last state of each host that was printed. */
  readonly #reportedStates = new Map<string, HostStatus["state"]>();
  /** Hosts whose tools were checked. */
  readonly #checked = new Set<string>();

  constructor(options: HostOptions, requested: RequestedTools) {
    this.#options = options;
    this.#requested = requested;
    printDebugMessages(options);
    this.#session = new Session({ intervalS: options.interval ?? 1 });
    this.#output = this.#session.output();
  }

  /** What prints the ticks. */
  hooks(tools: readonly ToolInfo[], hosts: number): Pick<FleetOptions, "onTick" | "onInterval"> {
    const { json, by } = this.#options;
    if (!json || (by?.trim().toLowerCase() === HOST_KEY && hosts > 1)) {
      return { onInterval: (model) => this.#print(this.#together(model)) };
    }
    const groupings: ReadonlyMap<string, Grouping> = by === undefined ? new Map() : groupingsNamed(tools, by);
    return {
      onTick: ({ host, tick }, header) =>
        this.#print(ndjsonPieces(nextModel(initialModel(header), header, tick), { groupings, host })),
    };
  }

  /**
   * Prints until the hosts have sent everything, or the run is ended.
   *
   * @param connect calls back with hosts that cannot be connected
   */
  async run(
    { fleet, streams }: HostRun,
    connect: (report: (stream: HostStream) => void) => Promise<void>,
  ): Promise<void> {
    const stopPolling = this.#poll(streams);
    try {
      await this.#session.beforeEnd(connect((stream) => this.#report(stream)));
      const all = Promise.all(streams.map(({ done }) => done)).then(() => fleet.settled());
      if (!this.#session.ended) await this.#session.beforeEnd(Promise.race([all, fleet.failed]));
      const failed = streams.filter(({ failure }) => failure !== null);
      if (!this.#session.ended && failed.length === streams.length) {
        const [first, ...others] = failed;
        for (const stream of others) this.#report(stream);
        throw failureError(first!.host, first!.failure!);
      }
      for (const stream of streams) this.#reportEnd(stream);
    } finally {
      stopPolling();
      fleet.close();
      await fleet.settled(); // a line that is being written is whole
      this.#session.close();
    }
  }

  *#together(model: Model): Generator<Piece> {
    const groupings = groupingsOfModel(model, this.#options.by);
    if (this.#options.json) {
      const tools = model.tools.filter(({ flags }) => flags !== undefined);
      yield* ndjsonPieces({ tools }, { groupings });
    } else yield batchText(model, groupings);
  }

  async #print(pieces: Iterable<Piece>): Promise<void> {
    for (const piece of pieces) await this.#output.write(piece);
  }

  /** Reports hosts whose state changes. Returns a function that stops it. */
  #poll(streams: readonly HostStream[]): () => void {
    const timer = setInterval(() => streams.forEach((stream) => this.#report(stream)), POLL_MS);
    return () => clearInterval(timer);
  }

  #report(stream: HostStream): void {
    this.#warnOfTools(stream);
    const { host, failure } = stream;
    const status = stream.status();
    const { name, state } = status;
    const before = this.#reportedStates.get(name) ?? "connecting";
    if (state === before) return;
    this.#reportedStates.set(name, state);
    if (state === "ended" || (before === "connecting" && state === "running")) return;
    const message = failureMessage(status);
    if (state === "failed") warn(failureText(host, failure!));
    else warn(`${name} is ${state}${message === "" ? "" : `: ${message}`}`);
  }

  /** Reports a host whose state the last poll missed, or that was never connected. */
  #reportEnd(stream: HostStream): void {
    this.#report(stream);
    const { name, state } = stream.status();
    if (state === "connecting") warn(`${name} was still connecting`);
  }

  /** Names tools that cannot run on a host, or run without some of their hooks. */
  #warnOfTools({ host: { name }, header }: HostStream): void {
    if (header === null || this.#checked.has(name)) return;
    this.#checked.add(name);
    const { tools: requested, toolsWereNamed } = this.#requested;
    const tools = header.tools.filter(({ tool }) => requested.includes(tool.name));
    const warnings = [...header.warnings];
    const left = tools.filter(({ state }) => state.kind === "unavailable").map(({ tool }) => tool.name);
    if (left.length > 0 && !toolsWereNamed) {
      warnings.push(
        `${left.join(", ")}: left out, because it cannot run there: ktop doctor on this host shows why`,
      );
    }
    for (const { tool, state } of tools) {
      if (state.kind === "unavailable" && toolsWereNamed) {
        warnings.push(`${tool.name} is left out: ${state.reason} ${state.remedy}`.trimEnd());
      } else if (state.kind === "running") {
        warnings.push(...state.missing.map((missing) => `${tool.name} runs without ${missing}`));
      }
    }
    for (const warning of warnings.slice(0, MAX_WARNINGS)) warn(`${name}: ${warning}`);
  }
}
