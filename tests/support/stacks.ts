/**
 * Programs with known stacks, and the stacks of running programs, sampled without BPF.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { runCommand } from "./commands.ts";

const FIXTURES = join(import.meta.dirname!, "../fixtures");

/** Compiles a program of tests/fixtures. */
export async function compile(source: string, binary: string, ...options: readonly string[]): Promise<void> {
  const compiler = source.endsWith(".cpp") ? "g++" : "gcc";
  const frames = ["-O1", "-fno-omit-frame-pointer", "-fno-optimize-sibling-calls"];
  await runCommand(
    compiler,
    "-Wall",
    "-Wextra",
    "-Werror",
    ...frames,
    ...options,
    "-o",
    binary,
    join(FIXTURES, source),
  );
}

/** A program that prints a line when it is busy, and runs until the end of the scope. */
export class BusyProgram implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  #ended = false;

  private constructor(process: Deno.ChildProcess, readonly firstLine: string) {
    this.#process = process;
  }

  /** Starts it and waits for its first line. */
  static async start(command: string, ...args: readonly string[]): Promise<BusyProgram> {
    const process = new Deno.Command(command, { args: [...args], stdin: "null", stdout: "piped" }).spawn();
    const reader = process.stdout.getReader();
    const { value } = await reader.read();
    assert.ok(value, `${command} ${args.join(" ")} ended`);
    reader.releaseLock();
    return new BusyProgram(process, new TextDecoder().decode(value).trim());
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Kills the program. May be called twice. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#process.kill("SIGKILL");
    await this.#process.stdout.cancel();
    await this.#process.status;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }
}

/** The addresses of stacks of a process, the innermost first. */
export async function sampleStacks(sampler: string, pid: number, count: number): Promise<bigint[][]> {
  const printed = await runCommand(sampler, String(pid), String(count));
  return printed.split("\n").map((line) => line.split(" ").map((address) => BigInt(`0x${address}`)));
}
