/**
 * `scripts/lab`: runs cases, or opens a shell in a guest.
 *
 * @module
 */
import { join } from "node:path";
import { starts32BitPrograms } from "../support/programs32.ts";
import { type BootKind, type Case, type Cell, type Result, tiers } from "./case.ts";
import { cases as allCases } from "./cases/mod.ts";
import { expectations } from "./expectations.ts";
import { build, buildArm64, type Built } from "./initramfs.ts";
import { type Machine, startAgent } from "./machine.ts";
import { failures, matrix, summary } from "./matrix.ts";
import {
  type Architecture,
  architectureOf,
  arm64Peers,
  arm64Tools,
  kernels,
  LabError,
  peers,
  provide,
  versionOf,
} from "./pins.ts";
import { type Job, plan, resultsOf, type Selection } from "./plan.ts";
import { bootGuest, bootShell, killGuests, requireQemu } from "./qemu.ts";
import { runCase } from "./run.ts";

const root = join(import.meta.dirname!, "../..");
const cache = join(root, ".deno/lab");
const made = join(root, "build/lab");

const USAGE =
  `usage: scripts/lab [KERNEL...] [TOOL...] [--tier TIER] [--case TEXT]... [--ktop PATH] [--jobs N]
       scripts/lab --shell KERNEL

KERNEL   ${[...kernels.map(({ name }) => name), "native"].join(", ")}; all but arm64 when none is named
TOOL     all when none is named
--tier   ${
    [...tiers, "default"].join(", ")
  }; chosen: default and the tier that ktop chooses; all when it is not given
--case   only cases whose name contains this text, or that of another --case
--ktop   the executable to test instead of dist/ktop; arm64 kernels run the bundle in Deno
--jobs   how many guests run at once; by default as many as CPUs and memory allow
--shell  a shell in the kernel, with ktop, the workloads, bpftool and the peers in /bin

Exit status: 0 all passed, 1 some failed, 2 wrong usage, or something that the lab needs is missing.`;

/** Maximum memory that a guest uses on this machine, bytes: its 2 GiB, and QEMU's translated code. */
const GUEST_MEMORY = 3 * 2 ** 30;

/**
 * How many jobs run at once: two for each CPU, because guests often sleep (grace periods, intervals), if memory suffices. QEMU
 * uses one host thread for each guest.
 */
function parallelJobs(): number {
  const fit = Math.floor(Deno.systemMemoryInfo().available / GUEST_MEMORY);
  return Math.max(1, Math.min(2 * navigator.hardwareConcurrency, fit));
}

/** Virtual CPUs of each kind of guest. */
const cpusOf: Readonly<Record<BootKind, number>> = { "usual": 2, "eight-cpus": 8 };

/** Parses the command line. Throws {@linkcode LabError} when it is wrong. */
function parse(args: readonly string[]): Selection & { shell: string | null; ktop: string; jobs: number } {
  const names = [...kernels.map(({ name }) => name), "native"];
  const tools = new Set(Object.values(expectations).flatMap((kernel) => Object.keys(kernel!.tools)));
  const selection = {
    kernels: [] as string[],
    tools: [] as string[],
    cells: [] as (Cell | "chosen")[],
    names: [] as string[],
  };
  let shell: string | null = null, ktop = join(root, "dist/ktop"), jobs = parallelJobs();
  const rest = [...args];
  const value = (option: string, allowed?: readonly string[]) => {
    const word = rest.shift();
    if (word === undefined || (allowed && !allowed.includes(word))) {
      throw new LabError(
        `${option} needs ${allowed ? `one of ${allowed.join(", ")}` : "a value"}\n\n${USAGE}`,
      );
    }
    return word;
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--tier") {
      selection.cells.push(value(word, [...tiers, "default", "chosen"]) as Cell | "chosen");
    } else if (word === "--case") selection.names.push(value(word));
    else if (word === "--shell") shell = value(word, names.filter((name) => name !== "native"));
    else if (word === "--ktop") ktop = Deno.realPathSync(value(word));
    else if (word === "--jobs") {
      jobs = Number(value(word));
      if (!Number.isInteger(jobs) || jobs < 1) {
        throw new LabError(`--jobs needs a positive integer\n\n${USAGE}`);
      }
    } else if (names.includes(word)) selection.kernels.push(word);
    else if (tools.has(word)) selection.tools.push(word);
    else throw new LabError(`unknown: ${word}\n\n${USAGE}`);
  }
  return { ...selection, shell, ktop, jobs };
}

/** The directory of what is built for guests of an architecture. */
const madeFor = (architecture: Architecture): string =>
  architecture === Deno.build.arch ? made : join(made, architecture);

/** Builds the programs and the archive that guests of these kernels, which have one architecture, need. */
async function prepareGuests(
  architecture: Architecture,
  { ktop, names }: { ktop: string; names: ReadonlySet<string> },
): Promise<Built> {
  await Deno.mkdir(cache, { recursive: true });
  const modules = new Map<string, string>();
  for (const pin of kernels.filter(({ name, machine }) => names.has(name) && machine === architecture)) {
    const directory = await provide(pin, cache);
    for (const file of Object.keys(pin.files).filter((name) => name.endsWith(".ko"))) {
      modules.set(`lib/modules/${versionOf(pin.name)}/${file}`, `${directory}/${file}`);
    }
  }
  const peerDirectory = await provide(architecture === "x86_64" ? peers : arm64Peers, cache);
  const directory = madeFor(architecture);
  if (architecture === "x86_64") return await build(directory, { ktop, peerDirectory, modules });
  const files = new Map<string, string>();
  for (const pin of arm64Tools) {
    const tools = await provide(pin, cache);
    for (const name of Object.keys(pin.files)) files.set(name, `${tools}/${name}`);
  }
  return await buildArm64(directory, { tree: join(root, "build/aarch64"), files, peerDirectory, modules });
}

/** Builds for all architectures of these kernels. */
async function prepareAll(
  ktop: string,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<Architecture, Built>> {
  const built = new Map<Architecture, Built>();
  for (const architecture of new Set([...names].map(architectureOf))) {
    built.set(architecture, await prepareGuests(architecture, { ktop, names }));
  }
  return built;
}

async function vmlinuz(kernel: string): Promise<string> {
  return `${await provide(kernels.find(({ name }) => name === kernel)!, cache)}/vmlinuz`;
}

/** Runs a job in its own guest. All its cases fail when the guest does not boot or its kernel reports a fault. */
async function runInGuest(job: Job, built: Built): Promise<Result[]> {
  const directory = `${made}/${job.kernel}-${job.boot}`;
  await Deno.mkdir(directory, { recursive: true });
  const boot = {
    architecture: architectureOf(job.kernel),
    vmlinuz: await vmlinuz(job.kernel),
    initramfs: built.initramfs,
    directory,
    cpus: cpusOf[job.boot],
  };
  const all = (failure: string): Result[] => resultsOf(job, [`${failure} (console: ${directory}/console)`]);
  let guest;
  try {
    guest = await bootGuest(boot);
  } catch (error) {
    if (error instanceof LabError) throw error;
    return all((error as Error).message);
  }
  const results = await runSteps(job, guest.machine);
  const fault = await guest.stop();
  if (fault === null) return results;
  console.error(`lab: the console of ${job.kernel} (${job.boot}):\n${fault.excerpt}`);
  return all(`the kernel reported: ${fault.message}`);
}

async function runNatively(job: Job, built: Built): Promise<Result[]> {
  Deno.env.set("PATH", `${built.programs}:${Deno.env.get("PATH")}`);
  const { machine, stop } = await startAgent(`${built.programs}/agent`);
  const results = await runSteps(job, machine);
  await stop();
  return results;
}

/** Runs the steps of a job one after the other, and prints each result to standard error. */
async function runSteps(job: Job, machine: Machine): Promise<Result[]> {
  const results: Result[] = [];
  for (const { one, cell, proves } of job.steps) {
    const began = performance.now();
    const unforced = proves ? true : undefined;
    const result = await runCase(one, {
      machine,
      kernel: job.kernel,
      version: versionOf(job.kernel),
      architecture: architectureOf(job.kernel),
      cell,
      unforced,
    });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const verdict = result.failures.length === 0 ? "passed" : "FAILED";
    const again = result.attempts ? `, attempt ${result.attempts}` : "";
    const reasons = result.failures.map((failure) => `\n       ${failure}`).join("");
    console.error(
      `${verdict} ${job.kernel} ${one.tool} ${cell}: ${one.name} (${seconds} s${again})${reasons}`,
    );
    results.push(result);
    if (proves) results.push({ ...result, cell: "default", name: proves.name });
  }
  return results;
}

async function runJobs(
  jobs: readonly Job[],
  { built, limit }: { built: ReadonlyMap<Architecture, Built>; limit: number },
): Promise<Result[]> {
  const results: Result[][] = [];
  // The longest first.
  const queue = [...jobs.entries()].toSorted(([, a], [, b]) => b.steps.length - a.steps.length);
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, job] = next;
      const contents = built.get(architectureOf(job.kernel))!;
      results[index] =
        await (job.kernel === "native" ? runNatively(job, contents) : runInGuest(job, contents));
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results.flat();
}

/** Waits until no other lab runs in this tree: consoles and disks would have the same paths. */
async function waitForOtherLabs(): Promise<void> {
  await Deno.mkdir(made, { recursive: true });
  const file = await Deno.open(`${made}/lock`, { create: true, write: true });
  await file.lock(true);
}

/** The kernels of the table that can run here. */
function availableKernels(): string[] {
  return Object.entries(expectations).filter(([name, kernel]) => {
    if (name !== "native" || Deno.osRelease().startsWith(kernel!.release)) return true;
    console.error(
      `lab: skipping the native cases: their table is for kernel ${
        kernel!.release
      }, this is ${Deno.osRelease()}`,
    );
    return false;
  }).map(([name]) => name);
}

/** The cases, those of 32-bit programs without this machine if it does not start such programs. */
async function possibleCases(): Promise<readonly Case[]> {
  if (await starts32BitPrograms()) return allCases;
  console.error("lab: skipping the native cases of 32-bit programs: this machine does not start them");
  return allCases.map((one) => one.is32Bit ? { ...one, native: false } : one);
}

async function main(): Promise<number> {
  if (Deno.args.includes("--help") || Deno.args.includes("-h")) {
    console.log(USAGE);
    return 0;
  }
  const { shell, ktop, jobs: limit, ...selection } = parse(Deno.args);
  if (shell !== null) {
    const architecture = architectureOf(shell);
    await requireQemu(architecture);
    const built = await prepareGuests(architecture, { ktop, names: new Set([shell]) });
    return await bootShell({
      architecture,
      vmlinuz: await vmlinuz(shell),
      initramfs: built.initramfs,
      directory: made,
      cpus: 2,
    });
  }
  await waitForOtherLabs();
  const cases = await possibleCases();
  const jobs = availableKernels().flatMap((kernel) =>
    plan(kernel, { expectation: expectations[kernel]!, cases, selection })
  );
  if (jobs.length === 0) throw new LabError("no case matches the selection");
  const built = await prepareAll(ktop, new Set(jobs.map(({ kernel }) => kernel)));
  for (const architecture of built.keys()) await requireQemu(architecture);
  const results = await runJobs(jobs, { built, limit });
  console.log(`${matrix(results)}\n`);
  const failed = failures(results);
  if (failed) console.log(`${failed}\n`);
  console.log(summary(results));
  return failed ? 1 : 0;
}

/** Exits, and kills the guests. */
function end(status: number): never {
  killGuests();
  Deno.exit(status);
}

Deno.addSignalListener("SIGINT", () => end(130));
Deno.addSignalListener("SIGTERM", () => end(143));
try {
  end(await main());
} catch (error) {
  console.error(error instanceof LabError ? `lab: ${error.message}` : error);
  end(2);
}
