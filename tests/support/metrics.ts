/**
 * Runs `ktop serve` and reads its metrics.
 *
 * @module
 */
import { RunningKtop } from "./ktop.ts";

/** Series by name and labels as they are written: `ktop_lost_events_total{tool="vfsstat"}`. */
export type Scrape = ReadonlyMap<string, number>;

/** The series of a response in the older text format. */
export function parseMetrics(text: string): Scrape {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const at = line.lastIndexOf(" ");
    return [line.slice(0, at), Number(line.slice(at + 1))];
  }));
}

/** A running `ktop serve` on a port that the kernel chose. */
export class ServingKtop implements AsyncDisposable {
  readonly #ktop: RunningKtop;
  /** Address of the metrics. */
  readonly url: URL;

  private constructor(ktop: RunningKtop, url: URL) {
    this.#ktop = ktop;
    this.url = url;
  }

  /** Starts it with these arguments, and waits until it listens. */
  static async start(args: readonly string[], listen = "127.0.0.1:0"): Promise<ServingKtop> {
    const ktop = new RunningKtop(["serve", "--listen", listen, ...args]);
    const line = await ktop.line();
    return new ServingKtop(ktop, new URL(line.replace(/^Metrics are at /, "")));
  }

  /** Process id of ktop. */
  get pid(): number {
    return this.#ktop.pid;
  }

  /** One scrape. */
  async scrape(): Promise<Scrape> {
    const response = await fetch(this.url);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
    return parseMetrics(text);
  }

  /** Ends it with SIGINT. */
  end(): ReturnType<RunningKtop["end"]> {
    return this.#ktop.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#ktop.end();
    } catch {
      // it has ended
    }
  }
}
