/**
 * Runs the command line with each of several lists of arguments. Standard input is JSON: `lines`, the lists, and `env`, the
 * environment variables to set. A separator on both streams comes before each run.
 *
 * @module
 */
import { main } from "../../src/cli/mod.ts";

/** Comes before the output of each run. */
export const SEPARATOR = "\n=== run ===\n";

if (import.meta.main) {
  const { lines, env }: { lines: string[][]; env: Record<string, string> } = await new Response(
    Deno.stdin.readable,
  ).json();
  for (const [name, value] of Object.entries(env)) Deno.env.set(name, value);
  const separator = new TextEncoder().encode(SEPARATOR);
  for (const line of lines) {
    Deno.stdout.writeSync(separator);
    Deno.stderr.writeSync(separator);
    await main(line);
  }
}
