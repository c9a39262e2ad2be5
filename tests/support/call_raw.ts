/**
 * Runs BPF programs of raw tracepoints with arguments of a test, through call_raw.c.
 *
 * @module
 */
import { join } from "node:path";
import { runCommand } from "./commands.ts";

const source = join(import.meta.dirname!, "../fixtures/call_raw.c");
const caller = join(import.meta.dirname!, "../../build/fixtures/call_raw");
await runCommand("gcc", "-O2", "-Wall", "-Werror", "-o", caller, source);

/** Runs a loaded program once, given by its id. */
export async function callRaw(program: number, args: readonly bigint[]): Promise<void> {
  await runCommand(caller, ...[program, ...args].map(String));
}
