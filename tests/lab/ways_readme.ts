/**
 * Writes the tables of ways in bpf/README.md from tests/workloads/ways.ts and name_ways.ts; `--check` only compares.
 *
 * @module
 */
import { withTables } from "../workloads/ways_tables.ts";

const README = new URL("../../bpf/README.md", import.meta.url);

const before = await Deno.readTextFile(README);
const after = withTables(before);
if (Deno.args.includes("--check")) {
  if (before !== after) {
    console.error("bpf/README.md: the tables of ways are stale. Run scripts/gen-docs.");
    Deno.exit(1);
  }
} else if (before !== after) await Deno.writeTextFile(README, after);
