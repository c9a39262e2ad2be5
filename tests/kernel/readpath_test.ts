/**
 * readpath against reads.c, writes.c and paths.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { loadBtf } from "../../src/bpf/mod.ts";
import type { GraphSeries } from "../../src/model/mod.ts";
import { readpath } from "../../src/tools/readpath/mod.ts";
import { RunningKtop } from "../support/ktop.ts";
import { sumColumn, total } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import { Workload } from "../support/workload.ts";
import * as paths from "../workloads/paths.ts";
import * as reads from "../workloads/reads.ts";
import * as writes from "../workloads/writes.ts";

Deno.test("readpath counts exactly the reads that hit the page cache, that miss it, and all others", async () => {
  const { rows, measured } = await watchWorkload(["reads"], ["readpath"]);
  const calls = (func: string): number => sumColumn(rows, "calls", (row) => row.func === func);
  const outcomes = reads.outcomes(measured.direct!);
  for (const [outcome, count] of Object.entries(outcomes)) assert.equal(calls(outcome), count, outcome);
  assert.equal(calls("read") + calls("vfs_read"), total(outcomes));
  const [read] = rows.filter(({ func }) => func === "read" || func === "vfs_read");
  assert.ok(Number(read!.avg_us) > 0);
  assert.equal(read!.time_pct, 100);
});

Deno.test("readpath graphs as many reads as were made, each once, and the share that hit the page cache", async () => {
  const { ticks, rows, measured } = await watchWorkload(["reads"], ["readpath"]);
  const seriesOf = (name: string): GraphSeries =>
    readpath.graph.find((entry): entry is GraphSeries => typeof entry !== "string" && entry.key === name)!;
  const made = total(reads.outcomes(measured.direct!));
  const graphed = ticks.reduce((sum, tick) => sum + seriesOf("reads").value(tick.rows)!, 0);
  assert.equal(graphed, made);
  assert.equal(seriesOf("hit_pct").value(rows), 100 * reads.hits / (reads.hits + reads.misses));
  assert.ok(sumColumn(rows, "calls") > made);
});

Deno.test("readpath --folded prints only lines in the format of flame graph tools", async () => {
  const ktop = new RunningKtop(["readpath", "--folded", "-i", "0.2", "--comm", "reads"]);
  let first: string | null = null;
  const line = ktop.line().then((text) => first = text);
  // readpath prints nothing before the first read: repeat the workload until a read appears.
  while (first === null) await (await Workload.start("reads")).run();
  await line;
  const { rest, code } = await ktop.end();
  assert.equal(code, 0);
  const lines = [first, ...rest];
  for (const text of lines) assert.match(text, /^[^; ]+(;[^; ]+)* \d+$/);
  assert.ok(lines.some((text) => text.includes("filemap_get_pages")), lines.join("\n"));
  // No stack contains the code that traces it: BPF programs, trampolines, bpf_* functions.
  assert.ok(lines.every((text) => !/bpf_|trampoline|einittext/.test(text)), lines.join("\n"));
});

Deno.test({
  name:
    "readpath --call write counts exactly the writes by what became of them, as many as the kernel accounts",
  // The library that reads the kernel's types stays loaded.
  sanitizeResources: false,
  fn: async () => {
    const { rows, measured } = await watchWorkload(["writes"], ["readpath", "--call", "write"]);
    const calls = (func: string): number => sumColumn(rows, "calls", (row) => row.func === func);
    using types = await loadBtf();
    const seen = types.parameterCount("btf_trace_ext4_da_reserve_space") !== null;
    const delayed = seen ? measured.delayed! : 0;
    const outcomes = writes.outcomes({ direct: measured.direct!, delayed });
    assert.deepEqual(writes.differences(outcomes, calls), []);
    assert.equal(calls("writev") + calls("vfs_writev"), writes.vectored);
    const all = ["write", "vfs_write", "writev", "vfs_writev"].reduce((sum, func) => sum + calls(func), 0);
    assert.equal(all, total(outcomes));
    assert.equal(all, writes.accounted(measured.syscw!));
    assert.ok(rows.every(({ func }) => !/^read: |^(vfs_)?read$/.test(String(func))));
    assert.ok(
      rows.filter(({ func }) => String(func).startsWith("write: sync")).every(({ avg_us }) =>
        Number(avg_us) > 0
      ),
    );
  },
});

Deno.test("readpath --call open counts exactly the opens by system call and by how they found their file", async () => {
  const { ticks, rows } = await watchWorkload(["paths"], ["readpath", "--call", "open"]);
  const calls = (func: string): number => sumColumn(rows, "calls", (row) => row.func === func);
  const expected = ticks[0]!.tier === "tracepoint" ? paths.tracepointOutcomes : paths.outcomes;
  for (const [func, count] of Object.entries({ ...expected, ...paths.syscalls })) {
    assert.equal(calls(func), count, func);
  }
  assert.equal(total(paths.syscalls), total(expected));
});
