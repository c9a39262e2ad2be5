import assert from "node:assert/strict";
import { waitForChildren } from "./followed_command.ts";

/** Waits with a clock on which each pause takes this long, milliseconds. Returns how long it took. */
async function waited(
  pauseMs: number,
  isRunning: (ms: number) => boolean,
  isOver: (ms: number) => boolean = () => false,
): Promise<number> {
  let ms = 5000;
  const sleep = (): Promise<void> => {
    ms += pauseMs;
    return Promise.resolve();
  };
  await waitForChildren(() => isRunning(ms - 5000), () => isOver(ms - 5000), { now: () => ms, sleep });
  return ms - 5000;
}

Deno.test("waitForChildren() waits for a second at most, however late its pauses end", async () => {
  assert.equal(await waited(10, () => true), 1000);
  assert.equal(await waited(250, () => true), 1000);
});

Deno.test("waitForChildren() ends with the children, and with the measurement", async () => {
  assert.equal(await waited(10, () => false), 0);
  assert.equal(await waited(10, (ms) => ms < 200), 200);
  assert.equal(await waited(10, () => true, (ms) => ms >= 300), 300);
});
