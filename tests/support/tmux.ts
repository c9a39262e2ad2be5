/**
 * A real terminal to test in: a tmux server of its own, one window, waited for by condition.
 *
 * @module
 */
import assert from "node:assert/strict";

/** How long a condition may take before the test fails; never how long it should take. Milliseconds. */
const PATIENCE_MS = 20_000;

/** Waits until a condition holds; fails with what was there last. */
export async function until<T>(
  what: string,
  probe: () => Promise<T>,
  holds: (value: T) => boolean,
): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  while (true) {
    const value = await probe();
    if (holds(value)) return value;
    if (performance.now() > end) assert.fail(`${what} did not happen; last seen:\n${value}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** True while a process exists and is no zombie. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

let servers = 0;

/** A tmux server with one window that runs a shell command; ended by `await using`. */
export class Tmux implements AsyncDisposable {
  readonly #socket = `ktop-test-${Deno.pid}-${servers++}`;

  private constructor() {}

  /** Starts a window of this size with a UTF-8 locale. */
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

  /** Presses keys, by tmux's names. */
  async keys(...keys: readonly string[]): Promise<void> {
    await this.#run(["send-keys", ...keys]);
  }

  /** The text on the screen. */
  screen(): Promise<string> {
    return this.#run(["capture-pane", "-p"]);
  }

  /** The text on the screen with its colours, as SGR sequences. */
  colored(): Promise<string> {
    return this.#run(["capture-pane", "-p", "-e"]);
  }

  /** Waits until the screen matches. */
  shows(pattern: RegExp): Promise<string> {
    return until(`${pattern} on the screen`, () => this.screen(), (text) => pattern.test(text));
  }

  /** A format of tmux for the window: `#{alternate_on}`, `#{cursor_flag}`. */
  async format(format: string): Promise<string> {
    return (await this.#run(["display-message", "-p", format])).trim();
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#run(["resize-window", "-x", String(width), "-y", String(height)]);
  }

  /** Closes the window: its processes lose their terminal. */
  async close(): Promise<void> {
    await this.#run(["new-session", "-d", "cat"]); // keeps the server
    await this.#run(["kill-session", "-t", "0"]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Deno.Command("tmux", { args: ["-L", this.#socket, "kill-server"], stderr: "null" }).output();
  }
}
