/**
 * Measures event tools in a flood: a workload makes events at a given rate for ten seconds, and each of them must be received
 * or counted as lost. Beside each tool runs its peer of libbpf-tools, where this kernel has its hooks. Part of scripts/bench;
 * prints a Markdown table. Needs root and dist/ktop.
 *
 *     events.ts [--rate N] [--seconds N] [--runs N] [--tool NAME]… [--program PATH]… [--format json|csv] [--no-peers]
 *
 *     --rate N        events per second, 100,000 by default
 *     --seconds N     length of the flood, 10 by default
 *     --runs N        runs of each tool, 1 by default
 *     --tool NAME     only this tool
 *     --program PATH  a ktop to measure, dist/ktop by default; several are measured one after another, tool by tool
 *     --format NAME   json by default, or csv
 *
 * @module
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Workload } from "../../../tests/support/workload.ts";
import { peakMb } from "../../../tests/support/process_memory.ts";
import { peers, provide } from "../../../tests/lab/pins.ts";
import { printGoals } from "./goals.ts";
import { withPlace } from "./place.ts";
import { cpuMs } from "./process.ts";
import { pause, untilAttached, WITH_TRACEFS } from "./readers.ts";

const root = join(import.meta.dirname!, "../../..");

/** A tool in a flood. */
interface Flood {
  readonly tool: string;
  readonly options?: readonly string[];
  /** The operation of tests/workloads/flood.c that makes one event. */
  readonly operation: string;
  /** Where the operation is made; /tmp by default. */
  readonly where?: string;
  /** The rate, if the operation takes too long for the usual one. */
  readonly rate?: number;
  /** The events of the workload, where `-p` does not select them. */
  readonly ofWorkload?: (row: Row, pid: number) => boolean;
  /** Arguments of the peer; without them there is none on this kernel. */
  readonly peer?: (pid: number) => readonly string[];
  /** Whether a line of the peer's text is an event of the workload. */
  readonly peerEvent?: (line: string, pid: number) => boolean;
}

const FLOODS: readonly Flood[] = [
  {
    tool: "opensnoop",
    operation: "open",
    peer: (pid) => ["-p", `${pid}`],
    peerEvent: (line) => line.endsWith(" file"),
  },
  // Its peer attaches to Linux 6.18, and prints nothing.
  { tool: "statsnoop", operation: "stat" },
  {
    tool: "execsnoop",
    operation: "exec",
    rate: 1000,
    ofWorkload: ({ ppid }, pid) => ppid === pid,
    peer: () => [],
    peerEvent: (line, pid) => line.split(/\s+/)[2] === `${pid}`,
  },
  { tool: "fileslower", options: ["0"], operation: "read" },
  { tool: "fileslower", options: ["0"], operation: "write" },
  { tool: "fsslower", options: ["0", "-t", "ext4"], operation: "read" },
  { tool: "filegone", operation: "rename", where: "/dev/shm" },
  { tool: "filelife", operation: "live", where: "/dev/shm" },
  { tool: "biosnoop", operation: "block", where: "loop", rate: 20_000 },
];

type Row = Readonly<Record<string, unknown>>;

/** One line of `ktop TOOL --json`, with the fields used here. */
interface Tick {
  readonly rows: readonly Row[];
  readonly lost: { readonly events: number; readonly keys: number };
}

/** What a reader received of a flood. */
interface Received {
  readonly events: number;
  readonly lost: number;
}

/** A reader whose standard output is a file. */
interface Reader {
  readonly name: string;
  readonly isKtop: boolean;
  readonly command: (pid: number) => readonly string[];
  readonly count: (lines: AsyncIterable<string>, pid: number) => Promise<Received>;
}

/** The lines of a file, without ktop's messages. */
async function* linesOf(path: string): AsyncIterable<string> {
  using file = await Deno.open(path);
  // Lines are as long as 100 MB: their parts are joined once.
  let parts: string[] = [];
  for await (const text of file.readable.pipeThrough(new TextDecoderStream())) {
    const [end, ...lines] = text.split("\n");
    parts.push(end!);
    for (const next of lines) {
      const line = parts.join("");
      if (!line.startsWith("ktop: ")) yield line;
      parts = [next];
    }
  }
}

async function countJson(
  lines: AsyncIterable<string>,
  pid: number,
  { ofWorkload }: Flood,
): Promise<Received> {
  let events = 0, lost = 0;
  for await (const line of lines) {
    const tick: Tick = JSON.parse(line);
    events += ofWorkload ? tick.rows.filter((row) => ofWorkload(row, pid)).length : tick.rows.length;
    lost += tick.lost.events + tick.lost.keys;
  }
  return { events, lost };
}

/** Counts the lines after the header; those without rows report losses since the one before. */
async function countCsv(lines: AsyncIterable<string>): Promise<Received> {
  let events = -1, lost = 0, tick = "";
  for await (const line of lines) {
    const [time, , , lostEvents, lostKeys, ...values] = line.split(",");
    if (values.some((value) => value !== "")) events++;
    if (time !== tick && events > 0) lost += Number(lostEvents) + Number(lostKeys);
    tick = time!;
  }
  return { events, lost };
}

async function countText(
  lines: AsyncIterable<string>,
  pid: number,
  isEvent: Flood["peerEvent"],
): Promise<Received> {
  let events = 0, lost = 0;
  for await (const line of lines) {
    lost += Number(/Lost (\d+) events/i.exec(line)?.[1] ?? 0);
    if (isEvent!(line, pid)) events++;
  }
  return { events, lost };
}

/** Waits until a file grows by less than a tick without rows does. */
async function untilQuiet(path: string): Promise<void> {
  const size = (): number => Deno.statSync(path).size;
  for (let before = -Infinity; size() - before > 1000;) {
    before = size();
    await pause(1500);
  }
}

/** The figures of a reader in a flood that have goals. */
interface Measured {
  readonly name: string;
  readonly lost: number;
  /** Neither received nor counted as lost. */
  readonly missing: number;
  readonly peakMb: number;
}

/** Runs a reader alongside its workload, and prints its line of the table. */
async function measure(
  flood: Flood,
  reader: Reader,
  work: { count: number; rate: number; where: string; output: string },
): Promise<Measured> {
  const { count, rate, where, output } = work;
  const workload = await Workload.start("flood", [`${count}`, `${rate}`, flood.operation, where]);
  // A file in memory: the reader of a pipe would compete for the CPUs.
  const command = `exec "$@" > '${output}' 2>&1`;
  const child = new Deno.Command("sh", {
    args: ["-c", command, "sh", ...reader.command(workload.pid)],
    stdin: "null",
  }).spawn();
  await untilAttached(child.pid);
  const cpuBefore = cpuMs(child.pid);
  const ms = Number(/^ms (\d+)$/m.exec(await workload.run())?.[1]);
  await untilQuiet(output);
  const cpu = cpuMs(child.pid) - cpuBefore;
  const peak = peakMb(child.pid);
  child.kill("SIGINT");
  await child.status;
  const { events, lost } = await reader.count(linesOf(output), workload.pid);
  await Deno.remove(output);
  const missing = count - events - lost;
  const name = `${[flood.tool, ...flood.options ?? []].join(" ")}, ${flood.operation}`;
  console.log(
    `| ${name} | ${reader.name} | ${Math.round(count * 1000 / ms)} | ${events} | ${lost} | ${missing} | ` +
      `${(cpu * 1000 / events).toFixed(2)} | ${peak.toFixed(0)} |`,
  );
  return { name, lost, missing, peakMb: peak };
}

/** The rate up to which nothing may be lost; above it, losses must be counted. Events per second. */
const LOSSLESS_RATE = 100_000;

/** Prints the goals of what a ktop measured. */
function printFloodGoals(measured: readonly Measured[]): void {
  if (measured.length === 0) return;
  const isLossless = Number(values.rate) <= LOSSLESS_RATE;
  printGoals([
    ...measured.map(({ name, lost, missing }) => ({
      what: `${name}: events ${isLossless ? "lost" : "neither received nor counted as lost"}`,
      atMost: 0,
      measured: Math.abs(missing) + (isLossless ? lost : 0),
    })),
    { what: "peak RSS, MB", atMost: 150, measured: Math.max(...measured.map(({ peakMb }) => peakMb)) },
  ]);
}

/** Removes the directories of the workload. */
async function clean(): Promise<void> {
  for (const parent of ["/tmp", "/dev/shm"]) {
    for await (const { name } of Deno.readDir(parent)) {
      if (name.startsWith("ktop-lab-flood-")) await Deno.remove(`${parent}/${name}`, { recursive: true });
    }
  }
}

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "100000" },
    seconds: { type: "string", default: "10" },
    runs: { type: "string", default: "1" },
    tool: { type: "string", multiple: true },
    program: { type: "string", multiple: true, default: [join(root, "dist/ktop")] },
    format: { type: "string", default: "json" },
    "no-peers": { type: "boolean", default: false },
  },
});

/** The programs that read a flood: each ktop, then the peer. */
function readersOf(flood: Flood, peerDirectory: string): Reader[] {
  const { tool, options = [], ofWorkload, peer, peerEvent } = flood;
  const csv = values.format === "csv";
  const readers: Reader[] = values.program.map((program) => ({
    name: program.replace(`${root}/`, ""),
    isKtop: true,
    command: (
      pid,
    ) => [program, tool, ...options, `--${values.format}`, ...(ofWorkload ? [] : ["-p", `${pid}`])],
    count: (lines, pid) => csv ? countCsv(lines) : countJson(lines, pid, flood),
  }));
  if (peer && !values["no-peers"]) {
    readers.push({
      name: "libbpf-tools",
      isKtop: false,
      command: (pid) => [...WITH_TRACEFS, `${peerDirectory}/${tool}`, ...peer(pid)],
      count: (lines, pid) => countText(lines, pid, peerEvent),
    });
  }
  return readers;
}

const cache = join(root, ".deno/lab");
await Deno.mkdir(cache, { recursive: true });
const peerDirectory = values["no-peers"] ? "" : await provide(peers, cache);
const directory = await Deno.makeTempDir({ dir: "/dev/shm", prefix: "ktop-bench-" });
console.log("| flood | reader | events/s | received | lost | missing | CPU µs/event | peak RSS MB |");
console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
const measured: Measured[] = [];
try {
  for (const flood of FLOODS) {
    if (values.tool && !values.tool.includes(flood.tool)) continue;
    const rate = flood.rate ?? Number(values.rate);
    const count = rate * Number(values.seconds);
    await withPlace(flood.where ?? "/tmp", directory, async (where) => {
      for (let run = 0; run < Number(values.runs); run++) {
        for (const reader of readersOf(flood, peerDirectory)) {
          const result = await measure(flood, reader, {
            count,
            rate,
            where,
            output: `${directory}/output`,
          });
          if (reader.isKtop) measured.push(result);
        }
      }
    });
  }
  printFloodGoals(measured);
} finally {
  await clean();
  await Deno.remove(directory, { recursive: true });
}
