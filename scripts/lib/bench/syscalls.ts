/**
 * Measures what tools cost a system call that they do not report, on the tier that this kernel has: getppid(2) in a loop beside
 * each of them, beside an empty pair of raw tracepoint programs, and beside opensnoop of libbpf-tools. Part of scripts/bench; prints a
 * Markdown table. Needs root, build/bench/getppid and build/fixtures/umask.bpf.o.
 *
 * @module
 */
import { join } from "node:path";
import { Runner } from "../../../src/monitor/mod.ts";
import { type Tool, TOOLS } from "../../../src/tools/mod.ts";
import { attachFixture } from "../../../tests/kernel/bpf_fixture.ts";
import { runCommand } from "../../../tests/support/commands.ts";
import { peers, provide } from "../../../tests/lab/pins.ts";
import { printGoals } from "./goals.ts";
import { WITH_TRACEFS } from "./readers.ts";

const root = join(import.meta.dirname!, "../../..");

const LIMITS = { ringBytes: 4 * 1024 * 1024, queue: { bytes: 1024 * 1024 } };

/** Attaches something, and returns what detaches it. */
type Situation = () => Promise<{ close(): void | Promise<void> }>;

/** A tool with the options that it has without arguments. */
function openTool(name: string): Promise<{ close(): void }> {
  const tool = TOOLS.find((each) => each.name === name) as Tool;
  const defaults = tool.flags.flatMap((flag) => "default" in flag ? [[flag.name, flag.default!]] : []);
  const flags = { "min-us": 10_000, "min-ms": 10, ...Object.fromEntries(defaults) };
  return Runner.open(tool, { filters: { self: false }, flags }, LIMITS);
}

const tools = (...names: readonly string[]): Situation => async () => {
  const runners: { close(): void }[] = [];
  for (const name of names) runners.push(await openTool(name));
  return { close: () => runners.forEach((runner) => runner.close()) };
};

/** opensnoop of libbpf-tools, in a mount namespace with tracefs. */
function peer(path: string): Situation {
  return async () => {
    const [command, ...args] = WITH_TRACEFS;
    const child = new Deno.Command(command, {
      args: [...args, path],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read(); // the header comes when its programs are attached
    return {
      close: async () => {
        child.kill("SIGINT");
        await reader.cancel();
        await child.status;
      },
    };
  };
}

/** The situations that the goals compare. */
const [EMPTY, SCREEN, OPENSNOOP, PEER] = [
  "an empty pair of programs",
  "the default screen",
  "ktop opensnoop",
  "opensnoop of libbpf-tools",
] as const;

/** By how many nanoseconds ktop may exceed what it is compared with. */
const ALLOWED_NS = 30;

const emptyPair: Situation = () =>
  attachFixture({
    hooks: [{
      name: "empty",
      tiers: { tracepoint: [{ all: ["empty_sys_exit__tracepoint", "empty_sys_enter__tracepoint"] }] },
    }],
  });

const directory = await provide(peers, `${root}/.deno/lab`);
const situations: Readonly<Record<string, Situation>> = {
  "nothing": () => Promise.resolve({ close: () => {} }),
  [EMPTY]: emptyPair,
  [OPENSNOOP]: tools("opensnoop"),
  [PEER]: peer(`${directory}/opensnoop`),
  "ktop statsnoop": tools("statsnoop"),
  "ktop filetop": tools("filetop"),
  [SCREEN]: tools("filetop", "vfsstat", "biolatency", "runqslower"),
  "eight tools": tools(
    "filetop",
    "vfsstat",
    "fileslower",
    "filelife",
    "filegone",
    "opensnoop",
    "statsnoop",
    "mountsnoop",
  ),
};

const least: Record<string, number> = {};
for (let round = 0; round < 5; round++) {
  for (const [name, attach] of Object.entries(situations)) {
    const attached = await attach();
    const ns = Number(await runCommand(`${root}/build/bench/getppid`));
    least[name] = Math.min(least[name] ?? Infinity, ns);
    await attached.close();
  }
}

console.log("| getppid beside | ns |\n| --- | ---: |");
for (const [name, ns] of Object.entries(least)) console.log(`| ${name} | ${ns.toFixed(0)} |`);
printGoals([[SCREEN, EMPTY], [OPENSNOOP, PEER]].map(([what, than]) => ({
  what: `a system call beside ${what}, ns`,
  atMost: least[than!]! + ALLOWED_NS,
  because: `${than} + ${ALLOWED_NS}`,
  measured: least[what!]!,
})));
