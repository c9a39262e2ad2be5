/**
 * Workloads whose operations are counted by construction: the C programs of tests/workloads, built on demand.
 *
 * @module
 */

const source = (name: string): string => new URL(`../workloads/${name}.c`, import.meta.url).pathname;
const folder = new URL("../../build/workloads/", import.meta.url).pathname;

async function compile(name: string): Promise<string> {
  const binary = folder + name;
  await Deno.mkdir(folder, { recursive: true });
  const { success, stderr } = await new Deno.Command("gcc", {
    args: ["-O2", "-Wall", "-Werror", "-pthread", "-o", binary, source(name)],
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`gcc ${name}: ${new TextDecoder().decode(stderr)}`);
  return binary;
}

/** A workload that has prepared itself and waits to be let go. */
export class Workload {
  readonly #process: Deno.ChildProcess;

  private constructor(process: Deno.ChildProcess) {
    this.#process = process;
  }

  /** Builds and starts a workload, and waits until it is ready. */
  static async start(name: string, args: readonly string[] = []): Promise<Workload> {
    const process = new Deno.Command(await compile(name), { args: [...args], stdin: "null", stdout: "piped" })
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

  /** Lets it go, waits for its end, and returns what it printed. Throws unless it did all it should. */
  async run(): Promise<string> {
    this.#process.kill("SIGUSR1");
    let printed = "";
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) printed += text;
    const { code } = await this.#process.status;
    if (code !== 0) throw new Error(`workload ended with status ${code}`);
    return printed;
  }
}
