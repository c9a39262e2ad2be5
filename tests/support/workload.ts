/**
 * Builds and runs the C programs of tests/workloads, each of which does a known number of operations.
 *
 * @module
 */
import { join } from "node:path";

const SOURCES = join(import.meta.dirname!, "../workloads");
/** With a space: a test that splits a command at spaces fails in every working tree, not only where its path has one. */
const BINARIES = join(import.meta.dirname!, "../../build/test workloads");

/** Options of gcc for the source `name`.c: one whose name ends in 32 is a static 32-bit program without a C library. */
export function compilerOptions(name: string): string[] {
  const warnings = ["-O2", "-Wall", "-Wextra", "-Werror"];
  if (!name.endsWith("32")) return [...warnings, "-pthread"];
  return [
    ...warnings,
    "-m32",
    "-static",
    "-nostdlib",
    "-ffreestanding",
    "-fno-pie",
    "-no-pie",
    "-fno-stack-protector",
  ];
}

/** Compiles a workload and returns the path of its program. */
export async function build(name: string): Promise<string> {
  const binary = join(BINARIES, name);
  await Deno.mkdir(BINARIES, { recursive: true });
  const { success, stderr } = await new Deno.Command("gcc", {
    args: [...compilerOptions(name), "-o", binary, join(SOURCES, `${name}.c`)],
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`gcc ${name}: ${new TextDecoder().decode(stderr)}`);
  return binary;
}

/** A workload that has made its files and waits for its signal. */
export class Workload {
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess) {
    this.#process = process;
  }

  /** Builds and starts a workload, and waits until it is ready. */
  static async start(name: string, args: readonly string[] = []): Promise<Workload> {
    const process = new Deno.Command(await build(name), { args: [...args], stdin: "null", stdout: "piped" })
      .spawn();
    const reader = process.stdout.getReader();
    const { value } = await reader.read();
    reader.releaseLock();
    if (new TextDecoder().decode(value) !== "ready\n") {
      throw new Error(`workload ${name} did not become ready`);
    }
    return new Workload(process);
  }

  /** Its process id. */
  get pid(): number {
    return this.#process.pid;
  }

  /**
   * Sends the signal, waits for the exit, removes the workload's directory in /tmp, and returns its standard output. Throws unless
   * the status is 0.
   */
  async run(): Promise<string> {
    this.#process.kill("SIGUSR1");
    let printed = "";
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) printed += text;
    const { code } = await this.#process.status;
    for (const { name } of Deno.readDirSync("/tmp")) {
      if (name.startsWith("ktop-lab-") && name.endsWith(`-${this.pid}`)) {
        await Deno.remove(`/tmp/${name}`, { recursive: true });
      }
    }
    if (code !== 0) throw new Error(`workload ended with status ${code}`);
    return printed;
  }
}
