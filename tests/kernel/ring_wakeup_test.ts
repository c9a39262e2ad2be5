/**
 * When the records of a tool wake ktop: wakeup_flags() in bpf/lib/emit.bpf.h.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ringArrival } from "../../src/bpf/mod.ts";
import { Runner } from "../../src/monitor/mod.ts";
import { type Tool, TOOLS } from "../../src/tools/mod.ts";

/** Of opensnoop. */
const RING_BYTES = 4 * 1024 * 1024;
const LIMITS = { ringBytes: RING_BYTES, queue: { bytes: 4 * RING_BYTES } };

/** Opens a file so many times, in this process. */
function openFile(times: number): void {
  for (let i = 0; i < times; i++) Deno.openSync("/etc/hostname").close();
}

/** Waits until a thread that was woken has been heard: as long as other waits take, many times. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i++) {
    const wait = ringArrival()!;
    wait.cancel();
    await wait.arrived;
  }
}

Deno.test({
  name: "events wake ktop when a ring is filling, and not before",
  // ktop's libraries stay loaded.
  sanitizeResources: false,
  fn: async () => {
    const tool = TOOLS.find(({ name }) => name === "opensnoop") as Tool;
    const runner = await Runner.open(tool, { filters: { pid: Deno.pid, self: true }, flags: {} }, LIMITS);
    try {
      let hasArrived: boolean;
      // A record that was unread when the ring was opened ends a wait if another one is unread then.
      do {
        runner.tick();
        hasArrived = false;
        ringArrival()!.arrived.then(() => hasArrived = true);
        await settle();
      } while (hasArrived);
      openFile(7);
      await settle();
      assert.equal(hasArrived, false);
      let opened = 7;
      // A record has more than 32 bytes.
      for (; !hasArrived && opened < RING_BYTES / 32; opened += 251) {
        openFile(251);
        await settle();
      }
      assert.equal(hasArrived, true);
      const { rows, lost } = runner.tick();
      assert.equal(rows.filter(({ path }) => path === "/etc/hostname").length, opened);
      assert.equal(lost.events, 0);
    } finally {
      runner.close();
    }
  },
});
