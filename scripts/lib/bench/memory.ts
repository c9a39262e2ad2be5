/**
 * Measures the kernel memory of each tool: the maps of a running `dist/ktop TOOL`, as the kernel counts them (memlock in
 * /proc/PID/fdinfo, proc_pid_fdinfo(5)). Part of scripts/bench; prints a Markdown table. Needs root and dist/ktop.
 *
 * @module
 */
import { join } from "node:path";
import { DISTINCT_TOOLS } from "../../../src/tools/mod.ts";
import { printGoals } from "./goals.ts";

const binary = join(import.meta.dirname!, "../../../dist/ktop");

/** The text of a file; empty if it has been removed. */
function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return ""; // the descriptor was closed in between
    throw error;
  }
}

/** Bytes of all maps of which a process has descriptors, each map once. */
function mapBytes(pid: number): number {
  const maps = new Map<string, number>();
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fdinfo`)) {
    const info = textOf(`/proc/${pid}/fdinfo/${name}`);
    const id = /^map_id:\s*(\d+)$/m.exec(info)?.[1];
    if (id !== undefined) maps.set(id, Number(/^memlock:\s*(\d+)$/m.exec(info)?.[1] ?? 0));
  }
  return [...maps.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** Bytes of the maps of ktop with these arguments, a tool's or none, while it runs; null if this kernel cannot run the tool. */
async function measure(args: readonly string[]): Promise<number | null> {
  const child = new Deno.Command(binary, {
    // So little memory leaves the ring buffers as large as on the screen.
    args: [...args, "-i", "0.2", "--max-memory", "16"],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  const { done } = await reader.read();
  const bytes = done ? null : mapBytes(child.pid);
  if (!done) child.kill("SIGINT");
  await reader.cancel();
  await child.status;
  return bytes;
}

/** Arguments that a tool requires. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = { dirtop: ["-d", "/tmp"] };

console.log("| tool | kernel memory |\n| --- | ---: |");
for (const { name } of DISTINCT_TOOLS) {
  const bytes = await measure([name, ...REQUIRED[name] ?? [], "--json"]);
  console.log(`| ${name} | ${bytes === null ? "not on this kernel" : `${(bytes / 1e6).toFixed(2)} MB`} |`);
}
const screen = await measure(["--batch"]);
if (screen !== null) {
  printGoals([{
    what: "kernel memory of the default screen, MB",
    atMost: 8,
    measured: screen / 1e6,
    digits: 1,
  }]);
}
