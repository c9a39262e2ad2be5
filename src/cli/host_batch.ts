/**
 * Prints what hosts measure: as text all hosts together each interval, as NDJSON a line for each host, tool and tick.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import { type Grouping, groupingsNamed, HOST_KEY, type Model, type ToolInfo } from "../model/mod.ts";
import { batchText, ndjsonPieces, type Piece } from "../output/mod.ts";
import { initialModel, nextModel } from "../recording/mod.ts";
import { callAfter } from "../monitor/mod.ts";
import type { FleetOptions, HostStream } from "../remote/mod.ts";
import type { HostOptions } from "./host_options.ts";
import { groupingsOfModel, type HostRun } from "./host_screen.ts";
import { warn } from "./notices.ts";
import { printDebugMessages } from "./options.ts";
import { Session } from "./session.ts";

/** How often the hosts are looked at for those that are behind, seconds. */
const LOOK_S = 1;

/** A run without a screen. */
export class HostBatch {
  readonly #options: HostOptions;
  readonly #session: Session;
  readonly #output: ReturnType<Session["output"]>;
  /** The states of the hosts that were named. */
  readonly #named = new Map<string, string>();

  constructor(options: HostOptions) {
    this.#options = options;
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

  /** Prints until the hosts have sent everything, or the run is ended. */
  async run({ fleet, streams }: HostRun, connect: () => Promise<void>): Promise<void> {
    const looks = this.#lookAt(streams);
    try {
      await this.#session.beforeEnd(connect());
      if (this.#session.ended) return;
      const all = Promise.all(streams.map(({ done }) => done)).then(() => fleet.settled());
      await this.#session.beforeEnd(Promise.race([all, fleet.failed]));
      const failed = streams.filter(({ failure }) => failure !== null);
      if (!this.#session.ended && failed.length === streams.length) {
        const { host, failure } = failed[0]!;
        const others = streams.length === 1 ? "" : " The other hosts are lost, too.";
        throw new KtopError(`${host.name}: ${failure!.reason}.${others}`, { remedy: failure!.remedy });
      }
    } finally {
      looks();
      fleet.close();
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

  /** Reports hosts whose state changes. Returns a function that ends it. */
  #lookAt(streams: readonly HostStream[]): () => void {
    let cancel: () => void;
    const look = (): void => {
      for (const stream of streams) this.#report(stream);
      cancel = callAfter(LOOK_S * 1000, look);
    };
    cancel = callAfter(LOOK_S * 1000, look);
    return () => cancel();
  }

  #report(stream: HostStream): void {
    const { name, state, reason } = stream.status();
    const before = this.#named.get(name) ?? "connecting";
    this.#named.set(name, state);
    if (state === before || before === "connecting" || state === "ended") return;
    warn(`${name} is ${state}${reason === "" ? "" : `: ${reason}`}`);
  }
}
