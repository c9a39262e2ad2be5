/**
 * Runs ktop from source in a child process, through its command line.
 *
 * @module
 */
import { join } from "node:path";
import type { JsonTick } from "./ticks.ts";
import { killIfAlive } from "./tmux.ts";

/** The repository. */
export const REPOSITORY = join(import.meta.dirname!, "../..");

/** The path of ktop's main module: that of the source, or that which scripts/bundle made of it, which starts faster. */
export const MAIN = Deno.env.get("KTOP_TEST_MAIN") ?? join(REPOSITORY, "main.ts");

/** The flags of V8 that scripts/build gives dist/ktop: without them memory differs. */
const V8_FLAGS = /^v8_flags=(\S+)$/m.exec(
  Deno.readTextFileSync(join(REPOSITORY, "scripts/lib/common.sh")),
)![1];

/** The arguments of Deno that run ktop from source. */
export const RUN_KTOP: readonly string[] = ["run", "--quiet", "-A", `--v8-flags=${V8_FLAGS}`, MAIN];

/** Exit code and output of a finished run. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of the child process. */
export interface KtopOptions extends Deno.CommandOptions {
  /** The beginning of a command that runs ktop's: `["nohup"]`. */
  readonly through?: readonly string[];
}

/** Runs ktop as root without the capabilities that BPF needs: another user may not reach the source of ktop. */
export const WITHOUT_BPF: KtopOptions = {
  through: ["setpriv", "--bounding-set", "-sys_admin,-bpf,-perfmon"],
};

/** The command that runs ktop from source with these arguments. */
export function ktopCommand(
  args: readonly string[],
  { through = [], ...options }: KtopOptions = {},
): Deno.Command {
  const [command, ...rest] = [...through, Deno.execPath(), ...RUN_KTOP, ...args];
  return new Deno.Command(command as string, {
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...options,
    args: rest,
  });
}

/** How long a process may take to exit before the test fails, milliseconds: no measure of how long it should take. */
const EXIT_TIMEOUT_MS = 300_000;

/** What comes when a child has exited, such as its output. Kills the child and throws if it does not come in time. */
export async function untilExit<T>(
  child: Deno.ChildProcess,
  exit: Promise<T>,
  timeoutMs = EXIT_TIMEOUT_MS,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    killIfAlive(child.pid, "SIGKILL");
    late.reject(new Error(`process ${child.pid} did not exit within ${timeoutMs / 1000} s`));
  }, timeoutMs);
  try {
    return await Promise.race([exit, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs ktop until it exits by itself; kills it and throws if it does not exit in time. */
export async function ktop(args: readonly string[], options: KtopOptions = {}): Promise<Finished> {
  const child = ktopCommand(args, options).spawn();
  const { code, stdout, stderr } = await untilExit(child, child.output());
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** The lines of a stream, as they arrive. A line may be tens of megabytes: its parts are joined once. */
export async function* lines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let parts: string[] = [];
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const [first, ...others] = text.split("\n");
    parts.push(first!);
    for (const part of others) {
      yield parts.join("");
      parts = [part];
    }
  }
}

/** A run of ktop that a signal ends. */
export class RunningKtop {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;
  readonly #stderr: Promise<string>;

  constructor(args: readonly string[], options: KtopOptions = {}) {
    this.#process = ktopCommand(args, options).spawn();
    this.#lines = lines(this.#process.stdout);
    this.#stderr = new Response(this.#process.stderr).text();
  }

  /** Process id of ktop, or of {@linkcode KtopOptions.through}. */
  get pid(): number {
    return this.#process.pid;
  }

  /** The next line of standard output. Throws with the text of standard error when ktop has ended. */
  async line(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error(`ktop ended: ${await this.#stderr}`);
    return value;
  }

  /** The next tick, with `--json`. */
  async tick(): Promise<JsonTick> {
    return JSON.parse(await this.line());
  }

  /** Writes to standard input, which must be piped, and closes it. */
  async type(text: string): Promise<void> {
    const writer = this.#process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  }

  /** Sends a signal and waits for the exit; `rest` are the lines that were not read before. */
  end(signal: Deno.Signal = "SIGINT"): Promise<{ rest: string[]; code: number; stderr: string }> {
    this.#process.kill(signal);
    return this.exit();
  }

  /** Waits for the exit; `rest` are the lines that were not read before. Kills ktop and throws if it does not exit in time. */
  exit(): Promise<{ rest: string[]; code: number; stderr: string }> {
    return untilExit(this.#process, this.#rest());
  }

  async #rest(): Promise<{ rest: string[]; code: number; stderr: string }> {
    const rest: string[] = [];
    for await (const line of this.#lines) rest.push(line);
    return { rest, code: (await this.#process.status).code, stderr: await this.#stderr };
  }

  /** As {@linkcode RunningKtop.end}, with `--json`. */
  async finish(signal: Deno.Signal = "SIGINT"): Promise<{ ticks: JsonTick[]; code: number; stderr: string }> {
    const { rest, ...how } = await this.end(signal);
    return { ticks: rest.map((line) => JSON.parse(line)), ...how };
  }
}
