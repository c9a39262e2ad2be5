/**
 * Every way to create, remove, rename and link names (names.c), as the tools report it on the best tier of this kernel.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { TierName } from "../../src/model/mod.ts";
import { countRows, type Counts, sumColumn } from "../support/ticks.ts";
import { type Watched, watchTogether } from "../support/watch.ts";
import * as names from "../workloads/names.ts";

const TOOLS = ["filelife", "filegone", "vfsstat"] as const;

let watched: Promise<readonly Watched[]> | null = null;

async function watch(tool: typeof TOOLS[number]): Promise<Watched & { readonly tier: TierName }> {
  const runs = await (watched ??= watchTogether(["names"], TOOLS.map((name) => [name])));
  const run = runs[TOOLS.indexOf(tool)]!;
  return { ...run, tier: run.ticks[0]!.tier as TierName };
}

/** Without the names that no row has. */
const present = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

Deno.test("filelife reports each way to create and remove as the table of ways says", async () => {
  const { rows, tier, measured } = await watch("filelife");
  assert.deepEqual(countRows(rows, names.filelifeName), present(names.filelifeRows(tier, measured)));
});

Deno.test("filegone reports each way to remove and rename as the table of ways says", async () => {
  const { rows, tier, measured } = await watch("filegone");
  assert.deepEqual(countRows(rows, names.filegoneName), present(names.filegoneRows(tier, measured)));
});

Deno.test("vfsstat counts each way to create, remove and make directories as the table of ways says", async () => {
  const { rows, tier, measured } = await watch("vfsstat");
  // Not opens: here the workload is a dynamic program, whose loader opens its libraries at each execution.
  const { open: _, ...expected } = names.vfsstatCounts(tier, measured);
  assert.deepEqual(
    Object.fromEntries(Object.keys(expected).map((key) => [key, sumColumn(rows, key)])),
    expected,
  );
});
