/**
 * Every way to read, write and open a file (ways.c), as the tools count it on the best tier of this kernel.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { TierName } from "../../src/model/mod.ts";
import { countRows, type Row, sumColumn } from "../support/ticks.ts";
import { type Watched, watchTogether } from "../support/watch.ts";
import { expectedOpens } from "../workloads/name_ways.ts";
import * as ways from "../workloads/ways.ts";
import { withTables } from "../workloads/ways_tables.ts";

/** All tools on one run: ways.c does the same for each. */
const TOOLS = [
  ["filetop"],
  ["dirtop", "-d", "/tmp"],
  ["fileslower", "0"],
  ["fsslower", "0"],
  ["fsdist"],
  ["vfsstat"],
  ["opensnoop"],
] as const;

let watched: Promise<readonly Watched[]> | null = null;

async function watch(
  tool: string,
): Promise<Watched & { readonly tier: TierName; readonly abilities: ways.Abilities }> {
  const run =
    (await (watched ??= watchTogether(["ways"], TOOLS)))[TOOLS.findIndex(([name]) => name === tool)]!;
  return {
    ...run,
    tier: run.ticks[0]!.tier as TierName,
    abilities: run.measured as unknown as ways.Abilities,
  };
}

/** Reads and writes by file, from a column of each. */
function sumsByFile(
  rows: readonly Row[],
  counts: (row: Row) => readonly [number, number],
): Record<string, number[]> {
  const sums: Record<string, number[]> = {};
  for (const row of rows) {
    const [reads, writes] = counts(row);
    const sum = sums[ways.fileName(row.file)] ??= [0, 0];
    sum[0]! += reads;
    sum[1]! += writes;
  }
  return sums;
}

const isRead = (letter: unknown): readonly [number, number] => letter === "R" ? [1, 0] : [0, 1];

Deno.test("filetop counts each way to read and write as the table of ways says", async () => {
  const { rows, tier, abilities } = await watch("filetop");
  const sums = sumsByFile(rows, ({ reads, writes }) => [Number(reads), Number(writes)]);
  assert.deepEqual(sums, ways.expectedFiles("filetop, dirtop", tier, abilities));
});

Deno.test("dirtop counts each way to read and write as the table of ways says", async () => {
  const { rows, tier, abilities } = await watch("dirtop");
  const files = ways.expectedFiles("filetop, dirtop", tier, abilities);
  const inNoDirectory = ["memfd:ways"];
  assert.deepEqual([sumColumn(rows, "reads"), sumColumn(rows, "writes")], [
    ways.sumOf(files, 0, inNoDirectory),
    ways.sumOf(files, 1, inNoDirectory),
  ]);
});

Deno.test("fileslower reports each way to read and write as the table of ways says", async () => {
  const { rows, tier, abilities } = await watch("fileslower");
  assert.deepEqual(
    sumsByFile(rows, ({ direction }) => isRead(direction)),
    ways.expectedFiles("fileslower", tier, abilities),
  );
});

Deno.test("fsslower reports each way to read and write as the table of ways says", async () => {
  const { rows, tier, abilities } = await watch("fsslower");
  assert.deepEqual(
    sumsByFile(
      rows.filter(({ operation }) => "RW".includes(String(operation))),
      ({ operation }) => isRead(operation),
    ),
    ways.expectedFiles("fsslower, fsdist", tier, abilities),
  );
});

Deno.test("fsdist counts each way to read and write as the table of ways says", async () => {
  const { rows, tier, abilities } = await watch("fsdist");
  const files = ways.expectedFiles("fsslower, fsdist", tier, abilities);
  const count = (operation: string): number => sumColumn(rows, "count", (row) => row.operation === operation);
  assert.deepEqual([count("read"), count("write")], [ways.sumOf(files, 0), ways.sumOf(files, 1)]);
});

Deno.test("vfsstat counts each way to read, write and open as the tables of ways say", async () => {
  const { rows, tier, abilities } = await watch("vfsstat");
  const opens = Object.values(expectedOpens("vfsstat", tier, abilities)).reduce(
    (sum, count) => sum + count,
    0,
  );
  assert.deepEqual(
    { READ: sumColumn(rows, "read"), WRITE: sumColumn(rows, "write"), OPEN: sumColumn(rows, "open") },
    { ...ways.vfsstatCounts(tier, abilities), OPEN: opens },
  );
});

Deno.test("opensnoop reports each way to open as the table of ways says", async () => {
  const { rows, tier, abilities } = await watch("opensnoop");
  const path = (row: Row): string => String(row.path).replace(/^\/tmp\/ktop-lab-ways-\d+/, "DIR");
  assert.deepEqual(countRows(rows, path), expectedOpens("opensnoop", tier, abilities));
});

Deno.test("the tables of ways in bpf/README.md are those that these tests check", async () => {
  const text = await Deno.readTextFile(new URL("../../bpf/README.md", import.meta.url));
  assert.equal(withTables(text), text, "run scripts/gen-docs");
});
