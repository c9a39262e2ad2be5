/**
 * Runs the commands that tests prepare a machine with.
 *
 * @module
 */
import assert from "node:assert/strict";

/** Runs a command and returns its standard output, trimmed; fails with its standard error unless it exits with 0. */
export async function runCommand(command: string, ...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  const decoder = new TextDecoder();
  assert.ok(success, `${command} ${args.join(" ")}: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout).trim();
}
