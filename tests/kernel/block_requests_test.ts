/**
 * Which block requests biosnoop counts as lost, by its programs, which are run with the address of a request.
 *
 * @module
 */
import assert from "node:assert/strict";
import { BpfObject, loadBtf } from "../../src/bpf/mod.ts";
import { callRaw } from "../support/call_raw.ts";

// libbpf is opened once and never closed: open it before Deno looks for leaks in a test.
(await loadBtf()).close();

/** An address that the kernel does not use: reads there return 0. */
const REQUEST = 0x1000n;

const NAMES = ["rq_issue", "rq_requeue", "rq_complete", "io_start"] as const;
type Step = typeof NAMES[number];

const programOf = (step: Step): string => `block_${step}_raw__tracepoint`;

/** The requests that are lost, and those still in flight, after these events of one request. */
async function after(
  ...steps: readonly Step[]
): Promise<{ readonly lost: number; readonly inFlight: number }> {
  const object = BpfObject.open("biosnoop");
  try {
    for (const name of NAMES) object.setAutoload(programOf(name), true);
    assert.equal(await object.tryLoad(), null);
    for (const step of steps) {
      await callRaw(object.programStats(programOf(step)).id, [REQUEST, 0n, 4096n, 0n]);
    }
    const key = new Uint8Array(new BigUint64Array([REQUEST]).buffer);
    return {
      lost: Number(object.global("lost.keys")()),
      inFlight: object.map("requests").lookup(key) === null ? 0 : 1,
    };
  } finally {
    object.close();
  }
}

Deno.test("a request that the driver gives back and gets again is one request", async () => {
  const retried = ["io_start", "rq_issue", "rq_requeue", "rq_issue", "rq_requeue", "rq_issue"] as const;
  assert.deepEqual(await after(...retried), { lost: 0, inFlight: 1 });
  assert.deepEqual(await after(...retried, "rq_complete"), { lost: 0, inFlight: 0 });
});

Deno.test("a request made at the address of one whose completion was missed counts that one as lost", async () => {
  assert.deepEqual(await after("io_start", "rq_issue", "io_start"), { lost: 1, inFlight: 1 });
});

Deno.test("a flush, which is made by no thread, counts the one before as lost when its completion was missed", async () => {
  assert.deepEqual(await after("rq_issue", "rq_issue"), { lost: 1, inFlight: 1 });
  assert.deepEqual(await after("rq_issue", "rq_requeue", "rq_issue", "rq_issue"), { lost: 1, inFlight: 1 });
  assert.deepEqual(await after("rq_issue", "rq_complete", "rq_issue"), { lost: 0, inFlight: 1 });
});
