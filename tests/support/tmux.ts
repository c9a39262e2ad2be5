/**
 * A terminal for tests: a separate tmux server with one window, and waits for conditions.
 *
 * @module
 */
import assert from "node:assert/strict";

/** How long a condition may take before the test fails, milliseconds: no measure of how long it should take. */
const TIMEOUT_MS = 20_000;

/** Calls `probe` until its value satisfies `holds`, and returns the value; fails with the last value after a timeout. */
export async function until<T>(
  what: string,
  probe: () => Promise<T>,
  holds: (value: T) => boolean,
): Promise<T> {
  const end = performance.now() + TIMEOUT_MS;
  while (true) {
    const value = await probe();
    if (holds(value)) return value;
    if (performance.now() > end) assert.fail(`${what} did not happen; last seen:\n${value}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether a process exists and is not a zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

/** Sends a signal to a process that may have ended by now. */
export function killIfAlive(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

let servers = 0;

/** A tmux server with one window that runs a shell command; `await using` ends it. */
export class Tmux implements AsyncDisposable {
  readonly #socket = `ktop-test-${Deno.pid}-${servers++}`;

  private constructor() {}

  /** Starts a window of this size, in cells, with a UTF-8 locale. */
  static async start(width: number, height: number, command: string): Promise<Tmux> {
    const tmux = new Tmux();
    await tmux.#run([
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-x",
      String(width),
      "-y",
      String(height),
      command,
    ]);
    return tmux;
  }

  async #run(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-L", this.#socket, ...args],
      env: { LC_ALL: "C.UTF-8", TERM: "xterm-256color" },
    }).output();
    assert.equal(code, 0, `tmux ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }

  /** Presses keys, by the names that tmux has for them. */
  async keys(...keys: readonly string[]): Promise<void> {
    await this.#run(["send-keys", ...keys]);
  }

  /** Pastes text; with bracketed-paste marks if the program has switched them on and `bracketed` is true. */
  async paste(text: string, bracketed = true): Promise<void> {
    await this.#run(["set-buffer", "--", text]);
    await this.#run(["paste-buffer", "-r", ...(bracketed ? ["-p"] : [])]);
  }

  /** The text on the screen. */
  screen(): Promise<string> {
    return this.#run(["capture-pane", "-p"]);
  }

  /** The text on the screen, with SGR sequences for its colours. */
  colored(): Promise<string> {
    return this.#run(["capture-pane", "-p", "-e"]);
  }

  /** Waits until the screen matches. */
  shows(pattern: RegExp): Promise<string> {
    return until(`${pattern} on the screen`, () => this.screen(), (text) => pattern.test(text));
  }

  /** Expands a format of tmux for the window: `#{alternate_on}`, `#{cursor_flag}`. */
  async format(format: string): Promise<string> {
    return (await this.#run(["display-message", "-p", format])).trim();
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#run(["resize-window", "-x", String(width), "-y", String(height)]);
  }

  /** Closes the window, so that its processes lose their terminal. */
  async close(): Promise<void> {
    await this.#run(["new-session", "-d", "cat"]); // keeps the server alive
    await this.#run(["kill-session", "-t", "0"]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Deno.Command("tmux", { args: ["-L", this.#socket, "kill-server"], stderr: "null" }).output();
  }
}
