/**
 * ktop leaves nothing in the kernel when it exits, not even when it is killed while it starts.
 *
 * @module
 */
import type { Case, Context } from "../case.ts";
import { type Program, Signal } from "../machine.ts";
import { describeEnd } from "../run.ts";

/** Ids of all BPF programs, maps and links, all kprobes of kprobe_events and of perf, and the processes of ktop. */
const INVENTORY =
  "for kind in prog map link; do bpftool $kind list | grep -oE '^[0-9]+' | sed s/^/$kind/; done; " +
  "cat /sys/kernel/tracing/kprobe_events /sys/kernel/debug/kprobes/list; grep -s ktop /proc/[0-9]*/comm; true";

/** When ktop is killed, as fractions of its start: from mapping the executable to attaching the last program. */
const MOMENTS = [0.1, 0.3, 0.5, 0.7, 0.9];

/** How many times to look, every half second: on a busy host a guest takes long for the grace periods of kprobes. */
const MAX_ATTEMPTS = 120;

/** What is in the kernel and was not there before; waits up to a minute until there is nothing. */
async function leftovers({ machine }: Context, before: ReadonlySet<string>): Promise<string[]> {
  for (let attempt = 1;; attempt++) {
    const lines = (await machine.shell(INVENTORY)).split("\n");
    const extra = lines.filter((line) => !before.has(line));
    // Programs are freed after an RCU grace period, and bpftool's own iterator may be among them.
    if (extra.length === 0 || attempt === MAX_ATTEMPTS) return extra;
    await machine.shell("sleep 0.5");
  }
}

function startKtop({ machine, cell }: Context, tool: string): Promise<Program> {
  return machine.start([
    "ktop",
    tool,
    "--json",
    "-i",
    "0.3",
    ...(cell === "default" ? [] : ["--tier", cell]),
  ]);
}

function firstLine(ktop: Program): Promise<boolean> {
  return ktop.until(
    ({ output, status }) => output.includes("\n") || status !== null ? true : null,
    "line of ktop",
    60_000,
  );
}

async function killedWhileStarting(context: Context): Promise<string[]> {
  const before = new Set((await context.machine.shell(INVENTORY)).split("\n"));
  const began = performance.now();
  const whole = await startKtop(context, "filetop");
  await firstLine(whole);
  const startMs = performance.now() - began;
  if (whole.status !== null) return [`ktop ended early, ${describeEnd(whole)}`];
  whole.kill(Signal.KILL);
  const failures = (await leftovers(context, before)).map((line) =>
    `left after SIGKILL while running: ${line}`
  );
  for (const moment of MOMENTS) {
    const ktop = await startKtop(context, "filetop");
    const { promise, resolve } = Promise.withResolvers<void>();
    setTimeout(resolve, startMs * moment);
    await promise;
    ktop.kill(Signal.KILL);
    await ktop.end(30_000);
    const left = await leftovers(context, before);
    failures.push(...left.map((line) => `left after SIGKILL at ${moment * 100} % of its start: ${line}`));
  }
  return failures;
}

async function endedCleanly(context: Context): Promise<string[]> {
  const before = new Set((await context.machine.shell(INVENTORY)).split("\n"));
  const failures: string[] = [];
  for (const signal of [Signal.INT, Signal.TERM]) {
    const ktop = await startKtop(context, "filetop");
    await firstLine(ktop);
    if (ktop.status !== null) return [`ktop ended early, ${describeEnd(ktop)}`];
    ktop.kill(signal);
    const status = await ktop.end(30_000);
    if (status !== 0) failures.push(`signal ${signal}: ${describeEnd(ktop)}`);
    failures.push(
      ...(await leftovers(context, before)).map((line) => `left after signal ${signal}: ${line}`),
    );
  }
  return failures;
}

const common = { tool: "filetop", boot: "usual", native: false } as const;

export const leftoverCases: readonly Case[] = [
  { ...common, name: "nothing is left after SIGINT and SIGTERM", cells: ["kprobe"], run: endedCleanly },
  {
    ...common,
    name: "nothing is left after SIGKILL at five points of the start",
    cells: ["default"],
    run: killedWhileStarting,
  },
  {
    ...common,
    name: "nothing is left after SIGKILL at five points of the start on kprobes",
    cells: ["kprobe"],
    // Kprobes are slow to attach and detach: only on the oldest and the newest kernel.
    kernels: ["5.10", "7.2"],
    run: killedWhileStarting,
  },
];
