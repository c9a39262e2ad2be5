import assert from "node:assert/strict";
import type { ToolOptions } from "../tool.ts";
import { withColumnsFor } from "../lib/columns_for.ts";
import { NOBODY } from "../lib/who.ts";
import { HitDebts, TotalHits } from "./hit_debts.ts";
import { cacheMemoryOf } from "./memory.ts";
import { cachestat, type Sample } from "./mod.ts";

const options = (flags: ToolOptions["flags"] = {}): ToolOptions => ({ filters: { self: false }, flags });

const counts = (
  hits: bigint,
  misses: bigint,
  readahead: bigint,
  dirties: bigint,
  mapped: bigint,
): Sample => ({
  counts: { hits, misses, readahead, dirties, mapped },
  rows: [],
  memory: { buffers_bytes: 7 << 20, cached_bytes: 11 << 20 },
});

Deno.test("cachestat has a row of the pages since the previous sample, and none for the first sample", () => {
  const before = counts(2n ** 60n, 13n, 5n, 3n, 2n), now = counts(2n ** 60n + 30n, 23n, 9n, 10n, 13n);
  assert.deepEqual(cachestat.derive(now, before, options()).rows, [{
    pid: null,
    comm: null,
    ...NOBODY,
    file: null,
    dev: null,
    inode: null,
    hits: 30,
    misses: 10,
    readahead: 4,
    dirties: 7,
    mmap: 11,
    hit_pct: 75,
    buffers_bytes: 7 << 20,
    cached_bytes: 11 << 20,
  }]);
  assert.deepEqual(cachestat.derive(now, null, options()).rows, []);
  const [idle] = cachestat.derive(now, now, options()).rows;
  assert.deepEqual([idle!.hits, idle!.hit_pct], [0, null]);
});

Deno.test("--by shows a table whose busiest rows come first", () => {
  const row = (pid: number, hits: number, misses: number, dirties: number) => ({
    pid,
    hits,
    misses,
    dirties,
  });
  const rows = [row(1, 5, 0, 0), row(2, 0, 4, 7), row(3, 0, 0, 1)];
  const sample = { counts: null, rows, memory: null };
  assert.deepEqual(
    cachestat.derive(sample, null, options({ by: "process" })).rows.map(({ pid }) => pid),
    [2, 1, 3],
  );
  const shown = (flags: ToolOptions["flags"]): unknown => {
    const { view, columns } = withColumnsFor(cachestat, options(flags));
    return [view, columns.filter(({ shown = "always" }) => shown === "always").map(({ title }) => title)];
  };
  const pages = ["HITS", "MISSES", "DIRTIES", "HITRATIO"];
  assert.deepEqual(shown({}), ["counters", [...pages, "BUFFERS_MB", "CACHED_MB"]]);
  assert.deepEqual(shown({ by: "process" }), ["table", ["PID", "COMM", ...pages]]);
  assert.deepEqual(shown({ by: "file" }), ["table", [...pages, "FILE"]]);
});

Deno.test("the graph of the hit ratio weighs rows by their pages", () => {
  const ratio = cachestat.graph.find((series) => typeof series === "object")!;
  assert.equal(ratio.value([{ hits: 1, misses: 0 }, { hits: 2, misses: 9 }]), 25);
  assert.equal(ratio.value([{ hits: 0, misses: 0 }]), null);
});

Deno.test("hits that are taken back in a later interval are subtracted, and never shown below 0", () => {
  const debts = new HitDebts();
  assert.deepEqual([256n, -225n, 100n, 130n, 7n].map((hits) => debts.settle("1", hits)), [256, 0, 0, 5, 7]);
  assert.equal(debts.settle("2", 3n), 3);
});

Deno.test("the size of the page cache comes from /proc/meminfo; what it does not have is unknown", () => {
  const text =
    "MemTotal:        8140712 kB\nBuffers:           181380 kB\nCached:          6120364 kB\nSwapCached: 5 kB\n";
  assert.deepEqual(cacheMemoryOf(text), { buffers_bytes: 181380 * 1024, cached_bytes: 6120364 * 1024 });
  assert.deepEqual(cacheMemoryOf("MemTotal: 1 kB\n"), { buffers_bytes: null, cached_bytes: null });
});

Deno.test("the hits of all CPUs are right when one CPU has taken back more than it counted, and never fall", () => {
  const total = new TotalHits();
  const below = (taken: bigint): bigint => BigInt.asUintN(64, -taken);
  assert.deepEqual([10n, 12n + below(3n), below(5n) + 40n, 30n].map((sum) => total.of(sum)), [
    10n,
    10n,
    35n,
    35n,
  ]);
});
