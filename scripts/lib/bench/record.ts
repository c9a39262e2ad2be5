/**
 * Measures the recorder: CPU and bytes of `dist/ktop record` at one tick a second. Part of scripts/bench; prints a Markdown table. Needs
 * root and dist/ktop.
 *
 *     record.ts [SECONDS]   length of the measured interval, 60 by default
 *
 * @module
 */
import { join } from "node:path";
import { printGoals } from "./goals.ts";
import { cpuMs } from "./process.ts";

const binary = join(import.meta.dirname!, "../../../dist/ktop");

/** Time for V8 to compile, milliseconds. */
const SETTLE_MS = 60_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const seconds = Number(Deno.args[0] ?? 60);
const directory = await Deno.makeTempDir({ prefix: "ktop-bench-" });
const path = join(directory, "recording.gz");
const child = new Deno.Command(binary, {
  args: ["record", path],
  stdin: "null",
  stdout: "null",
  stderr: "null",
}).spawn();
try {
  await pause(SETTLE_MS);
  const before = { cpu: cpuMs(child.pid), bytes: Deno.statSync(path).size, at: performance.now() };
  await pause(seconds * 1000);
  const passed = (performance.now() - before.at) / 1000;
  const perDay = (Deno.statSync(path).size - before.bytes) / passed * 86_400;
  printGoals([
    { what: "recorder, MB a day", atMost: 50, measured: perDay / 1e6, digits: 1 },
    { what: "recorder, CPU, ms/s", atMost: 5, measured: (cpuMs(child.pid) - before.cpu) / passed, digits: 2 },
  ]);
} finally {
  child.kill("SIGINT");
  await child.status;
  await Deno.remove(directory, { recursive: true });
}
