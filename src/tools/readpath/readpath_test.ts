import assert from "node:assert/strict";
import { SymbolTable } from "../../bpf/mod.ts";
import type { GraphSeries, Row } from "../../model/mod.ts";
import { withColumnsFor } from "../lib/columns_for.ts";
import { CALL_NAMES, FUNCTIONS } from "./calls.ts";
import { readpath, type Sample } from "./mod.ts";
import { pathOfAddresses, type Stack } from "./stacks.ts";
import type { ToolOptions } from "../tool.ts";

const options = (flags: ToolOptions["flags"] = {}): ToolOptions => ({ filters: { self: false }, flags });

/** A sample with calls and nanoseconds of some functions. */
function sample(
  tier: string,
  counts: Record<number, [number, number]>,
  stacks: Record<string, Stack> = {},
): Sample {
  return {
    tier,
    counts: Array.from({ length: FUNCTIONS.length }, (_, i) => {
      const [calls, timeNs] = counts[i] ?? [0, 0];
      return { calls: BigInt(calls), time_ns: BigInt(timeNs) };
    }),
    stacks: new Map(Object.entries(stacks)),
  };
}

const stack = (index: number, path: string[], calls: number, selfNs: number): Stack => ({
  function: index,
  path,
  calls: BigInt(calls),
  selfNs: BigInt(selfNs),
});

const EMPTY = sample("fentry", {});
const PATH = ["entry_SYSCALL_64", "ksys_read", "vfs_read"];

Deno.test("readpath.derive() returns calls, average, share and most frequent stack of each function, the outcomes before what is inside", () => {
  const now = sample("fentry", { 0: [10, 40_000], 2: [10, 10_000], 13: [10, 40_000] }, {
    "0 1": stack(0, PATH, 10, 30_000),
    "2 2": stack(2, [...PATH, "filemap_read"], 3, 1),
    "2 3": stack(2, [...PATH, "new_sync_read", "filemap_read"], 7, 1),
  });
  assert.deepEqual(readpath.derive(now, EMPTY, options()).rows, [
    { func: "vfs_read", calls: 10, avg_us: 4, time_pct: 100, stack: "ksys_read;vfs_read", time_us: 40 },
    { func: "read: hit", calls: 10, avg_us: 4, time_pct: 100, stack: null, time_us: 40 },
    {
      func: "filemap_read",
      calls: 10,
      avg_us: 1,
      time_pct: 25,
      stack: "ksys_read;vfs_read;new_sync_read;filemap_read",
      time_us: 10,
    },
  ]);
});

Deno.test("readpath.derive() returns no times for calls that tracepoints count", () => {
  const { rows } = readpath.derive(sample("tracepoint", { 0: [2, 5000], 3: [2, 0] }), EMPTY, options());
  assert.deepEqual(rows.map(({ func, avg_us, time_pct }) => [func, avg_us, time_pct]), [
    ["read", 2.5, 100],
    ["mm_filemap_get_pages", null, null],
  ]);
});

Deno.test("readpath.derive() returns the stacks of a flame graph: microseconds of each function alone, or calls in the tracepoint tier", () => {
  const stacks = {
    "0 1": stack(0, PATH, 10, 3000),
    "2 -1": stack(2, [], 1, 7000),
    "3 4": stack(3, ["a"], 2, 0),
  };
  assert.deepEqual(readpath.derive(sample("fentry", {}, stacks), EMPTY, options()).stacks, {
    weight: "time_us",
    counts: [
      { stack: "[unknown];filemap_read", weight: 7 },
      { stack: "entry_SYSCALL_64;ksys_read;vfs_read", weight: 3 },
    ],
  });
  const counted = readpath.derive(sample("tracepoint", {}, stacks), EMPTY, options()).stacks;
  assert.equal(counted?.weight, "calls");
  assert.deepEqual(counted?.counts.map(({ weight }) => weight), [10, 2, 1]);
});

Deno.test("readpath.derive() folds stacks with their own time, or with their calls in the tracepoint tier", () => {
  const stacks = {
    "0 1": stack(0, PATH, 10, 300),
    "2 -1": stack(2, [], 1, 7),
    "3 4": stack(3, ["a b;c"], 2, 0),
  };
  assert.deepEqual(readpath.derive(sample("fentry", {}, stacks), EMPTY, options({ folded: true })).lines, [
    "entry_SYSCALL_64;ksys_read;vfs_read 300",
    "[unknown];filemap_read 7",
  ]);
  assert.deepEqual(
    readpath.derive(sample("tracepoint", {}, stacks), EMPTY, options({ folded: true })).lines,
    [
      "entry_SYSCALL_64;ksys_read;vfs_read 10",
      "a_b:c 2",
      "[unknown];filemap_read 1",
    ],
  );
});

Deno.test("pathOfAddresses() names functions outermost first, without the frames of BPF", async () => {
  const lines = ["ksys_read", "vfs_read", "bpf_trampoline_1", "bpf_prog_2"].map((name, i) =>
    `0000000000000${i + 1}00 t ${name}\n`
  );
  const symbols = await SymbolTable.parse(new TextEncoder().encode(lines.join("")));
  assert.deepEqual(pathOfAddresses([0x404n, 0x304n, 0x205n, 0x110n, 0n], symbols), ["ksys_read", "vfs_read"]);
  assert.deepEqual(pathOfAddresses([0x205n, 0x110n, 0n, 0n], null), ["0x110", "0x205"]);
  assert.deepEqual(pathOfAddresses([0x205n, 0x110n], null), ["…", "0x110", "0x205"]);
});

const indexOf = (func: string): number => FUNCTIONS.findIndex(([name]) => name === func);

Deno.test("readpath.derive() returns what is counted for the followed call, as a share of all functions in which it starts", () => {
  const now = sample("fentry", {
    [indexOf("vfs_write")]: [6, 6000],
    [indexOf("vfs_writev")]: [2, 2000],
    [indexOf("filemap_add_folio")]: [1, 4000],
    [indexOf("ext4_da_reserve_space")]: [1, 0],
    [indexOf("write: sync")]: [8, 8000],
  });
  const shares = (call: string) =>
    readpath.derive(now, EMPTY, options({ call })).rows.map(({ func, time_pct }) => [func, time_pct]);
  assert.deepEqual(shares("write"), [
    ["vfs_write", 75],
    ["vfs_writev", 25],
    ["write: sync", 100],
    ["filemap_add_folio", 50],
    ["ext4_da_reserve_space", null],
  ]);
  assert.deepEqual(shares("open"), []);
});

Deno.test("readpath graphs the calls that it follows, and the share that waited or failed", () => {
  const valuesOf = (call: string, rows: Row[]) =>
    withColumnsFor(readpath, options({ call })).graph.map((series) => {
      const { key, value } = series as GraphSeries;
      return [key, value(rows)];
    });
  const row = (func: string, calls: number): Row => ({ func, calls });
  const writes = [
    row("vfs_write", 10),
    row("write: sync", 3),
    row("write: throttled", 1),
    row("write: buffered", 6),
  ];
  assert.deepEqual(valuesOf("write", writes), [["writes", 10], ["waited_pct", 40]]);
  assert.deepEqual(valuesOf("write", []), [["writes", 0], ["waited_pct", null]]);
  const opens = [row("openat", 5), row("open: hit", 4), row("open: failed", 1)];
  assert.deepEqual(valuesOf("open", opens), [["opens", 5], ["failed_pct", 20]]);
});

Deno.test("readpath has every function and outcome in the rows of one call at least", () => {
  const all = sample("fentry", Object.fromEntries(FUNCTIONS.map((_, index) => [index, [1, 1]])));
  const rows = CALL_NAMES.flatMap((call) => readpath.derive(all, EMPTY, options({ call })).rows);
  assert.deepEqual(new Set(rows.map(({ func }) => func)), new Set(FUNCTIONS.map(([name]) => name)));
});
