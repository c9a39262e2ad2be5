/**
 * Runs ktop as people do: a process of its own, with arguments, standard output and an exit code.
 *
 * @module
 */

const main = new URL("../../main.ts", import.meta.url).pathname;

/** What a finished run left. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line of `--json`. */
export interface JsonTick {
  readonly v: number;
  readonly tool: string;
  readonly time: string;
  readonly interval_s: number;
  readonly tier: string;
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  readonly histograms?: readonly {
    readonly label: string;
    readonly unit: string;
    readonly slots: readonly number[];
  }[];
  readonly lost: { readonly events: number; readonly keys: number };
}

/** How ktop is run. */
export interface KtopOptions extends Deno.CommandOptions {
  /** A command that runs the command given to it: `["nohup"]`. */
  readonly through?: readonly string[];
}

/** The command that runs ktop from source with these arguments. */
export function ktopCommand(
  args: readonly string[],
  { through = [], ...options }: KtopOptions = {},
): Deno.Command {
  const [command, ...rest] = [...through, Deno.execPath(), "run", "--quiet", "-A", main, ...args];
  return new Deno.Command(command as string, {
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...options,
    args: rest,
  });
}

/** Runs ktop until it ends by itself. */
export async function ktop(args: readonly string[], options: KtopOptions = {}): Promise<Finished> {
  const { code, stdout, stderr } = await ktopCommand(args, options).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Lines of a stream, as they come. */
async function* lines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}

/** A run of ktop that goes on until it is told to end. */
export class RunningKtop {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;
  readonly #stderr: Promise<string>;

  constructor(args: readonly string[], options: KtopOptions = {}) {
    this.#process = ktopCommand(args, options).spawn();
    this.#lines = lines(this.#process.stdout);
    this.#stderr = new Response(this.#process.stderr).text();
  }

  /** Its process id. */
  get pid(): number {
    return this.#process.pid;
  }

  /** The next line; throws with what stderr says when there is none. */
  async line(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error(`ktop ended: ${await this.#stderr}`);
    return value;
  }

  /** The next tick of a run with --json. */
  async tick(): Promise<JsonTick> {
    return JSON.parse(await this.line());
  }

  /** Sends a signal that ends the run; returns the lines that were still to be read, and the exit code. */
  async end(signal: Deno.Signal = "SIGINT"): Promise<{ rest: string[]; code: number; stderr: string }> {
    this.#process.kill(signal);
    const rest: string[] = [];
    for await (const line of this.#lines) rest.push(line);
    return { rest, code: (await this.#process.status).code, stderr: await this.#stderr };
  }

  /** As {@linkcode RunningKtop.end}, for a run with --json. */
  async finish(signal: Deno.Signal = "SIGINT"): Promise<{ ticks: JsonTick[]; code: number; stderr: string }> {
    const { rest, ...how } = await this.end(signal);
    return { ticks: rest.map((line) => JSON.parse(line)), ...how };
  }
}

/** Sums a column over the rows that pass. */
export function sum(
  ticks: readonly JsonTick[],
  key: string,
  wanted: (row: JsonTick["rows"][number]) => boolean = () => true,
): number {
  return ticks.flatMap(({ rows }) => rows).filter(wanted).reduce((total, row) => total + Number(row[key]), 0);
}

/** How many rows have each name, over all ticks. */
export function countRows(
  ticks: readonly JsonTick[],
  name: (row: JsonTick["rows"][number]) => string,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of ticks.flatMap(({ rows }) => rows)) counts[name(row)] = (counts[name(row)] ?? 0) + 1;
  return counts;
}
