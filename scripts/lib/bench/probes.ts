/**
 * Measures what an event costs in the BPF programs of ktop and of libbpf-tools, by the kernel's counters (BPF_ENABLE_STATS): both
 * observe the same workload at the same time. Part of scripts/bench; prints a Markdown table. Needs root and dist/ktop.
 *
 *     probes.ts [--tool NAME]…
 *
 * @module
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { peers, provide } from "../../../tests/lab/pins.ts";
import { runCommand } from "../../../tests/support/commands.ts";
import { programsOf } from "../../../tests/support/programs.ts";
import { Workload } from "../../../tests/support/workload.ts";
import { printGoals } from "./goals.ts";
import { withPlace } from "./place.ts";
import { untilAttached, WITH_TRACEFS } from "./readers.ts";

const root = join(import.meta.dirname!, "../../..");
const STATS = "/proc/sys/kernel/bpf_stats_enabled";

/** A tool that both have, and a workload. */
interface Case {
  readonly tool: string;
  /** What is counted as one event. */
  readonly event: string;
  /** Name and arguments of the workload. */
  readonly workload: readonly [string, ...string[]];
  /** Where the flood makes its operations; /tmp by default. */
  readonly where?: string;
  /** How many events it makes; absent: as many as the runs of the ktop program that ran most. */
  readonly events?: number;
  readonly peer?: readonly string[];
  /** Both have `-p PID` with the workload. */
  readonly ofWorkload?: true;
}

const CASES: readonly Case[] = [
  {
    tool: "opensnoop",
    event: "open",
    workload: ["flood", "100000", "20000", "open"],
    events: 100_000,
    ofWorkload: true,
  },
  { tool: "execsnoop", event: "exec", workload: ["flood", "3000", "600", "exec"], events: 3000 },
  { tool: "runqslower", event: "switch or wake-up", workload: ["flood", "3000", "600", "exec"] },
  {
    tool: "biolatency",
    event: "request",
    workload: ["flood", "30000", "6000", "block"],
    where: "loop",
    events: 30_000,
    peer: ["-Q"],
  },
  {
    tool: "syscount",
    event: "system call",
    workload: ["flood", "100000", "20000", "open"],
    ofWorkload: true,
  },
  { tool: "offcputime", event: "switch of threads", workload: ["flood", "3000", "600", "exec"] },
];

/** What the kernel has counted of one program. */
interface Counts {
  readonly ns: number;
  readonly runs: number;
}

/** The counts of programs, by id. */
async function countsOf(ids: readonly number[]): Promise<Counts[]> {
  const all: { id: number; run_time_ns?: number; run_cnt?: number }[] = JSON.parse(
    await runCommand("bpftool", "-j", "prog", "show"),
  );
  return ids.map((id) => {
    const { run_time_ns = 0, run_cnt = 0 } = all.find((program) => program.id === id) ?? {};
    return { ns: run_time_ns, runs: run_cnt };
  });
}

/** Starts a program whose output is discarded. */
function start(command: readonly string[]): Deno.ChildProcess {
  const [program, ...args] = command;
  return new Deno.Command(program!, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
}

/** The nanoseconds of an event in the programs of ktop and of its peer. */
async function measure(
  { tool, workload: [name, ...args], events, peer = [], ofWorkload }: Case,
  place: readonly string[],
): Promise<readonly number[]> {
  const workload = await Workload.start(name, [...args, ...place]);
  const filter = ofWorkload ? ["-p", `${workload.pid}`] : [];
  const children: Deno.ChildProcess[] = [];
  try {
    for (
      const command of [
        [`${root}/dist/ktop`, tool, ...filter],
        [...WITH_TRACEFS, `${peerDirectory}/${tool}`, ...peer, ...filter],
      ]
    ) children.push(start(command));
    for (const { pid } of children) await untilAttached(pid);
    const ids = children.map(({ pid }) => programsOf(pid));
    const counts = () => Promise.all(ids.map(countsOf));
    const before = await counts();
    await workload.run();
    const after = await counts();
    const grown = after.map((programs, i) =>
      programs.map(({ ns, runs }, j) => ({ ns: ns - before[i]![j]!.ns, runs: runs - before[i]![j]!.runs }))
    );
    const count = events ?? Math.max(...grown[0]!.map(({ runs }) => runs));
    return grown.map((programs) => programs.reduce((sum, { ns }) => sum + ns, 0) / count);
  } finally {
    for (const child of children) {
      child.kill("SIGINT");
      await child.status;
    }
  }
}

const { values } = parseArgs({ options: { tool: { type: "string", multiple: true } } });
for (const name of values.tool ?? []) {
  if (!CASES.some(({ tool }) => tool === name)) throw new Error(`there is no comparison of ${name}`);
}
const peerDirectory = await provide(peers, join(root, ".deno/lab"));
const directory = await Deno.makeTempDir({ dir: "/dev/shm", prefix: "ktop-bench-" });
const enabled = Deno.readTextFileSync(STATS);
const measured: { what: string; atMost: number; because: string; measured: number }[] = [];
console.log("| tool | event | ktop, ns | libbpf-tools, ns | ratio |\n| --- | --- | ---: | ---: | ---: |");
try {
  Deno.writeTextFileSync(STATS, "1");
  for (const comparison of CASES) {
    const { tool, event, workload, where } = comparison;
    if (values.tool && !values.tool.includes(tool)) continue;
    await withPlace(where ?? "/tmp", directory, async (place) => {
      const [ktop, peer] = await measure(comparison, workload[0] === "flood" ? [place] : []);
      const figures = [ktop!.toFixed(0), peer!.toFixed(0), (ktop! / peer!).toFixed(2)];
      console.log(`| ${[tool, event, ...figures].join(" | ")} |`);
      measured.push({
        what: `${tool}, an event, ns`,
        atMost: peer!,
        because: "libbpf-tools",
        measured: ktop!,
      });
    });
  }
  printGoals(measured);
} finally {
  Deno.writeTextFileSync(STATS, enabled);
  await Deno.remove(directory, { recursive: true });
}
