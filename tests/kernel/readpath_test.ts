import assert from "node:assert/strict";
import { RunningKtop, sum } from "../support/ktop.ts";
import { watchWorkload } from "../support/watch.ts";
import { Workload } from "../support/workload.ts";

Deno.test("readpath tells reads that hit the page cache from those that miss it and from all others, exactly", async () => {
  const { ticks, printed } = await watchWorkload(["reads"], ["readpath"]);
  const calls = (func: string): number => sum(ticks, "calls", (row) => row.func === func);
  assert.deepEqual([calls("read: hit"), calls("read: readahead"), calls("read: miss")], [101, 0, 13]);
  const others = Number(/^direct (\d+)$/m.exec(printed)![1]) + 23 + 29 + 31;
  assert.equal(calls("read: other"), others);
  assert.equal(calls("read") + calls("vfs_read"), 101 + 13 + others);
  const [read] = ticks.flatMap(({ rows }) => rows).filter(({ func }) =>
    func === "read" || func === "vfs_read"
  );
  assert.ok(Number(read!.avg_us) > 0);
  assert.equal(read!.time_pct, 100);
});

Deno.test("readpath --folded prints lines that flame graph programs take, and nothing else", async () => {
  const ktop = new RunningKtop(["readpath", "--folded", "-i", "0.2", "--comm", "reads"]);
  let first: string | null = null;
  const line = ktop.line().then((text) => first = text);
  // Nothing is printed before the first read: workloads follow one another until one is seen.
  while (first === null) await (await Workload.start("reads")).run();
  await line;
  const { rest, code } = await ktop.end();
  assert.equal(code, 0);
  const lines = [first, ...rest];
  for (const text of lines) assert.match(text, /^[^; ]+(;[^; ]+)* \d+$/);
  assert.ok(lines.some((text) => text.includes("filemap_get_pages")), lines.join("\n"));
  // What observes is no part of the way: BPF programs have no name, and are none of the kernel's functions.
  assert.ok(lines.every((text) => !/bpf_|trampoline|einittext/.test(text)), lines.join("\n"));
});
