/**
 * Measures dist/ktop on a link that stalls, and how long quitting takes, in an emulated terminal of 120×40. Part of
 * scripts/bench; needs root, build/bench/ptypipe and dist/ktop.
 *
 *     link.ts [SECONDS]   length of the stall, 60 by default
 *
 * @module
 */
import { join } from "node:path";
import { Emulator } from "../../../tests/support/emulator.ts";

const root = join(import.meta.dirname!, "../../..");

/** Resident set of a process, kB (proc_pid_status(5)). */
const residentKb = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1]);

/** Seconds since midnight, local time. */
const secondOfDay = (date: Date): number =>
  date.getHours() * 3600 + date.getMinutes() * 60 + date.getSeconds();

/** ktop in an emulated terminal. */
class Screen {
  readonly #child: Deno.ChildProcess;
  readonly #emulator = new Emulator(120, 40);
  readonly #keys: WritableStreamDefaultWriter<Uint8Array>;
  #painted = Promise.withResolvers<void>();
  /** Frames painted: each starts with a synchronized update (DECSET 2026). */
  frames = 0;

  constructor() {
    this.#child = new Deno.Command(`${root}/build/bench/ptypipe`, {
      args: ["120", "40", "--", `${root}/dist/ktop`],
      stdin: "piped",
      stdout: "piped",
      env: { TERM: "xterm-256color", LANG: "C.UTF-8" },
    }).spawn();
    this.#keys = this.#child.stdin.getWriter();
    this.#read();
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.frames += text.split("\x1b[?2026h").length - 1;
      await this.#emulator.write(text);
      this.#painted.resolve();
      this.#painted = Promise.withResolvers();
    }
  }

  /** ktop's process id. */
  get pid(): number {
    const { pid } = this.#child;
    return Number(Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`));
  }

  /** Types a key. */
  type(key: string): void {
    this.#keys.write(new TextEncoder().encode(key));
  }

  /** Resolves when the next bytes have been painted. */
  painted(): Promise<void> {
    return this.#painted.promise;
  }

  /** Resolves when the screen matches. */
  async shows(wanted: RegExp): Promise<void> {
    while (!wanted.test(this.#emulator.lines().join("\n"))) await this.painted();
  }

  /** Seconds by which the clock in the header is behind. */
  lag(): number {
    const clock = /(\d\d):(\d\d):(\d\d)\s*$/.exec(this.#emulator.lines()[0]!)!.slice(1).map(Number);
    return secondOfDay(new Date()) - (clock[0]! * 3600 + clock[1]! * 60 + clock[2]!);
  }

  /** Stalls or resumes the link. */
  signal(name: "SIGSTOP" | "SIGCONT"): void {
    this.#child.kill(name);
  }

  /** Resolves when ktop has exited. */
  async ended(): Promise<void> {
    await this.#child.status;
    await this.#keys.abort().catch(() => {});
  }
}

const sleep = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const stallS = Number(Deno.args[0] ?? 60);
const screen = new Screen();
await screen.shows(/READ\/s +\d/);
await sleep(10);
const before = residentKb(screen.pid);
screen.signal("SIGSTOP");
await sleep(stallS);
const after = residentKb(screen.pid);
screen.signal("SIGCONT");
const framesBefore = screen.frames;
await screen.painted();
const stale = screen.lag();
while (screen.lag() > 1) await screen.painted();
console.log(`RSS before and after a stall of ${stallS} s             ${before} kB, ${after} kB`);
console.log(
  `after it: clock behind at first, frames until now  ${stale} s, ${screen.frames - framesBefore} frames`,
);
const start = performance.now();
screen.type("q");
await screen.ended();
console.log(`q to the end of the process                    ${(performance.now() - start).toFixed(0)} ms`);
