/**
 * Measures event tools under load: a workload makes 100,000 events a second for ten seconds, and each of them must be
 * received or counted as lost. Part of scripts/bench; prints a Markdown table. Needs root and dist/ktop.
 *
 * @module
 */
import { join } from "node:path";
import { Workload } from "../../../tests/support/workload.ts";

const binary = join(import.meta.dirname!, "../../../dist/ktop");
const EVENTS = 1_000_000, RATE = 100_000;

/** A tool, its options, and the operation of tests/workloads/flood.c that makes one event. */
const FLOODS: readonly { tool: string; options: readonly string[]; operation: string; where?: string }[] = [
  { tool: "opensnoop", options: [], operation: "open" },
  { tool: "statsnoop", options: [], operation: "stat" },
  { tool: "fileslower", options: ["0"], operation: "read" },
  { tool: "fileslower", options: ["0"], operation: "write" },
  { tool: "fsslower", options: ["0", "-t", "ext4"], operation: "read" },
  { tool: "filegone", options: [], operation: "rename", where: "/dev/shm" },
  { tool: "filelife", options: [], operation: "live", where: "/dev/shm" },
];

/** One line of `ktop TOOL --json`, with the fields used here. */
interface Tick {
  readonly rows: readonly unknown[];
  readonly lost: { readonly events: number; readonly keys: number };
}

/** Reads the lines of a file while another program appends to it. */
class Tail {
  readonly #file: Deno.FsFile;
  readonly #decoder = new TextDecoder();
  readonly #buffer = new Uint8Array(1 << 20);
  #rest = "";

  constructor(path: string) {
    this.#file = Deno.openSync(path);
  }

  /** The complete lines written since the last call. */
  async ready(): Promise<string[]> {
    const lines: string[] = [];
    const read = (): Promise<number | null> => this.#file.read(this.#buffer);
    for (let count = await read(); count; count = await read()) {
      const parts = (this.#rest + this.#decoder.decode(this.#buffer.subarray(0, count), { stream: true }))
        .split("\n");
      this.#rest = parts.pop()!;
      lines.push(...parts);
    }
    return lines;
  }

  /** At least that many lines. Throws after a minute. */
  async take(count: number): Promise<string[]> {
    const lines: string[] = [];
    for (let attempt = 0; attempt < 1200 && lines.length < count; attempt++) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      lines.push(...await this.ready());
    }
    if (lines.length < count) {
      throw new Error(`only ${lines.length} of ${count} lines were written within a minute`);
    }
    return lines;
  }

  close(): void {
    this.#file.close();
  }
}

/** Measures one tool and returns its line of the table. */
async function flood(
  { tool, options, operation, where }: typeof FLOODS[number],
  output: string,
): Promise<string> {
  const work = await Workload.start("flood", [`${EVENTS}`, `${RATE}`, operation, where ?? "/tmp"]);
  // A file in memory: the reader of a pipe would compete for the CPUs.
  Deno.writeFileSync(output, new Uint8Array());
  const command = ["exec", binary, tool, ...options, "--json", "-i", "1", "-p", `${work.pid}`, ">", output];
  const ktop = new Deno.Command("sh", { args: ["-c", command.join(" ")] }).spawn();
  const tail = new Tail(output);
  const received: string[] = await tail.take(1);
  const ms = Number(/^ms (\d+)$/m.exec(await work.run())?.[1]);
  received.push(...await tail.ready(), ...await tail.take(2));
  ktop.kill("SIGINT");
  await ktop.status;
  tail.close();
  await Deno.remove(output);
  const ticks: Tick[] = received.map((line) => JSON.parse(line));
  const rows = ticks.reduce((total, tick) => total + tick.rows.length, 0);
  const lost = ticks.reduce((total, tick) => total + tick.lost.events + tick.lost.keys, 0);
  const sum = rows + lost === EVENTS ? "" : ` (${EVENTS - rows - lost} missing)`;
  const name = [tool, ...options].join(" ");
  return `| ${name}, ${operation} | ${(ms / 1000).toFixed(1)} s | ${rows} | ${lost}${sum} |`;
}

/** Removes the directories of the workload. */
async function clean(): Promise<void> {
  for (const parent of ["/tmp", "/dev/shm"]) {
    for await (const { name } of Deno.readDir(parent)) {
      if (name.startsWith("ktop-lab-flood-")) await Deno.remove(`${parent}/${name}`, { recursive: true });
    }
  }
}

const directory = await Deno.makeTempDir({ dir: "/dev/shm", prefix: "ktop-bench-" });
console.log(`| ${EVENTS} events | made in | received | lost |\n| --- | ---: | ---: | ---: |`);
try {
  for (const one of FLOODS) console.log(await flood(one, `${directory}/output`));
} finally {
  await clean();
  await Deno.remove(directory, { recursive: true });
}
