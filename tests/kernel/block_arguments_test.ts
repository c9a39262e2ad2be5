/**
 * Where the block tracepoints have their arguments: in the kernel's types, and in the programs when the kernel hands them
 * arguments as older kernels would.
 *
 * @module
 */
import assert from "node:assert/strict";
import { BpfObject, loadBtf } from "../../src/bpf/mod.ts";
import { blockArguments } from "../../src/tools/lib/block_io.ts";

// libbpf opens once and for good: here, before any test looks for leaks.
(await loadBtf()).close();

const source = new URL("../fixtures/call_raw.c", import.meta.url).pathname;
const caller = new URL("../../build/fixtures/call_raw", import.meta.url).pathname;

/** Runs a command to its end, which must be a good one. */
async function run(command: string, args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

await run("gcc", ["-O2", "-Wall", "-Werror", "-o", caller, source]);

/** Addresses that nothing in the kernel has: what is read there is 0. */
const REQUEST = 0x1000n, QUEUE = 0x2000n;

/** Whether the program, given these arguments, lets go of a request that was issued. */
async function completes(queueBefore: boolean, program: string, args: readonly bigint[]): Promise<boolean> {
  const object = BpfObject.open("biosnoop");
  try {
    object.constant("queue_before_request", queueBefore);
    object.setAutoload(program, true);
    assert.equal(await object.tryLoad(), null);
    const requests = object.map("requests");
    const key = new Uint8Array(new BigUint64Array([REQUEST]).buffer);
    requests.update(key, new Uint8Array(requests.valueSize).fill(1));
    await run(caller, [object.programStats(program).id, ...args].map(String));
    return requests.lookup(key) === null;
  } finally {
    object.close();
  }
}

Deno.test("a completed request is found by its first argument, whether or not the other tracepoints have the queue there", async () => {
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

Deno.test("a merged request is found behind the queue where the tracepoint has it", async () => {
  const program = "block_rq_merge_raw__tracepoint";
  assert.equal(await completes(false, program, [REQUEST, 0n]), true);
  assert.equal(await completes(true, program, [QUEUE, REQUEST]), true);
  assert.equal(await completes(true, program, [REQUEST, QUEUE]), false);
});

Deno.test("the kernel's types have the request first in block_rq_complete, its bytes third, and the others where blockArguments() says", async () => {
  using types = await loadBtf();
  assert.equal(types.parameterOf("btf_trace_block_rq_complete", "request"), 1);
  assert.equal(types.parameterCount("btf_trace_block_rq_complete"), 4);
  const { queue_before_request, queue_before_bio } = blockArguments(types);
  for (const name of ["insert", "issue", "merge"]) {
    const place = types.parameterOf(`btf_trace_block_rq_${name}`, "request");
    assert.equal(place, queue_before_request ? 2 : 1, name);
  }
  assert.equal(types.parameterOf("btf_trace_block_getrq", "bio"), queue_before_bio ? 2 : 1);
});
