import assert from "node:assert/strict";
import { MissReader } from "./losses.ts";

/** Programs of which each has missed so many runs. */
function programs(misses: Readonly<Record<string, bigint>>) {
  return {
    object: {
      programStats: (name: string) => ({ id: 1, runTimeNs: 0n, runs: 0n, misses: misses[name] as bigint }),
    },
    programs: Object.keys(misses).map((name) => ({ name, id: 1 })),
  };
}

Deno.test("MissReader.take() sums what the programs missed since the last call", () => {
  const misses = { vfs_read_exit__fentry: 3n, vfs_write_exit__fentry: 4n };
  const reader = new MissReader(programs(misses));
  assert.equal(reader.take(), 7);
  assert.equal(reader.take(), 0);
  misses.vfs_write_exit__fentry = 14n;
  assert.equal(reader.take(), 10);
});

Deno.test("MissReader.take() leaves out a program that another stands in for", () => {
  const misses = { block_rq_complete_btf__tracepoint: 5n, block_rq_complete_nested_btf__tracepoint: 1n };
  assert.equal(new MissReader(programs(misses)).take(), 1);
});
