/**
 * The argument order of the block tracepoints, which differs between kernels: in the kernel's types, and in programs that are
 * run with arguments in either order.
 *
 * @module
 */
import assert from "node:assert/strict";
import { BpfObject, loadBtf } from "../../src/bpf/mod.ts";
import { blockArguments } from "../../src/tools/lib/block_io.ts";
import { callRaw } from "../support/call_raw.ts";

// libbpf is opened once and never closed: open it before Deno looks for leaks in a test.
(await loadBtf()).close();

/** Addresses that the kernel does not use: reads there return 0. */
const REQUEST = 0x1000n, QUEUE = 0x2000n;

/** Whether the program, run with these arguments, removes an issued request from its map. */
async function completes(queueBefore: boolean, program: string, args: readonly bigint[]): Promise<boolean> {
  const object = BpfObject.open("biosnoop");
  try {
    object.constant("queue_before_request", queueBefore);
    object.setAutoload(program, true);
    assert.equal(await object.tryLoad(), null);
    const requests = object.map("requests");
    const key = new Uint8Array(new BigUint64Array([REQUEST]).buffer);
    requests.update(key, new Uint8Array(requests.valueSize).fill(1));
    await callRaw(object.programStats(program).id, args);
    return requests.lookup(key) === null;
  } finally {
    object.close();
  }
}

Deno.test("block_rq_complete has the request first, whether or not the other tracepoints have the queue first", async () => {
  for (const queueBefore of [false, true]) {
    for (const program of ["block_rq_complete_raw__tracepoint", "block_rq_complete_nested_raw__tracepoint"]) {
      assert.equal(
        await completes(queueBefore, program, [REQUEST, 0n, 4096n, 0n]),
        true,
        `${program} ${queueBefore}`,
      );
    }
  }
});

Deno.test("block_rq_merge has the request after the queue, if it has the queue", async () => {
  const program = "block_rq_merge_raw__tracepoint";
  assert.equal(await completes(false, program, [REQUEST, 0n]), true);
  assert.equal(await completes(true, program, [QUEUE, REQUEST]), true);
  assert.equal(await completes(true, program, [REQUEST, QUEUE]), false);
});

Deno.test("blockArguments() returns the argument order of the kernel's types", async () => {
  using types = await loadBtf();
  assert.equal(types.parameterOf("btf_trace_block_rq_complete", "request"), 1);
  assert.equal(types.parameterCount("btf_trace_block_rq_complete"), 4);
  const { queue_before_request, queue_before_bio } = blockArguments(types);
  for (const name of ["insert", "issue", "merge"]) {
    const index = types.parameterOf(`btf_trace_block_rq_${name}`, "request");
    assert.equal(index, queue_before_request ? 2 : 1, name);
  }
  assert.equal(types.parameterOf("btf_trace_block_getrq", "bio"), queue_before_bio ? 2 : 1);
});
