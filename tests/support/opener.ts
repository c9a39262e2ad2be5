/**
 * Processes that wait and then open /etc/hostname, and nothing else, a known number of times.
 *
 * @module
 */
import assert from "node:assert/strict";
import { lines } from "./ktop.ts";

/** The file that they open. */
export const OPENED = "/etc/hostname";

const SCRIPT =
  'printf %s "$2" > /proc/self/comm; echo "$BASHPID"; read -r; for ((i = 0; i < $1; i++)); do : < ' +
  `${OPENED}; done`;

/** How a process is started. */
export interface OpenerOptions {
  readonly comm?: string;
  /** A command that starts the one in its arguments. */
  readonly through?: readonly string[];
}

/** A process that waits. */
export class Opener {
  readonly #process: Deno.ChildProcess;

  private constructor(
    process: Deno.ChildProcess,
    /** Process id of the one that opens. */
    readonly pid: number,
  ) {
    this.#process = process;
  }

  /** Starts a process that will open the file `count` times, and waits until it is ready. */
  static async start(
    count: number,
    { comm = "opener", through = [] }: OpenerOptions = {},
  ): Promise<Opener> {
    const [command, ...args] = [...through, "bash", "-c", SCRIPT, "opener", String(count), comm];
    const process = new Deno.Command(command!, { args, stdin: "piped", stdout: "piped" }).spawn();
    const { value } = await lines(process.stdout).next();
    return new Opener(process, Number(value));
  }

  /** Process id of the command that was started first: of `through`, if that does not execute the next one itself. */
  get startedPid(): number {
    return this.#process.pid;
  }

  /** Lets it open the file, and waits for its end. */
  async run(): Promise<void> {
    const writer = this.#process.stdin.getWriter();
    await writer.write(new TextEncoder().encode("\n"));
    await writer.close();
    assert.equal((await this.#process.status).code, 0);
  }
}
