import assert from "node:assert/strict";
import { MemoryRelease } from "./memory_release.ts";

const MB = 1024 * 1024;

Deno.test("MemoryRelease.check() releases at doubling intervals, and when more pages are resident than are in use", () => {
  let now = 0;
  let releases = 0;
  const memory = new MemoryRelease(() => releases++, () => now);
  const check = (seconds: number, mb: number): number => {
    now = seconds * 1000;
    memory.check(mb * MB);
    return releases;
  };
  check(1, 30);
  assert.equal(check(100, 60), 0, "nothing before the first release");
  memory.release();
  assert.equal(check(106, 33), 1);
  assert.equal(check(130, 33), 1, "too early");
  assert.equal(check(131, 33), 2, "after 30 seconds without growth");
  check(132, 15); // not all that is in use
  check(137, 20); // what is in use
  assert.equal(check(150, 25), 2, "too early");
  assert.equal(check(170, 23.9), 2, "grown too little");
  assert.equal(check(171, 24), 3);
  check(177, 24);
  assert.equal(check(290, 27.9), 3, "the larger part is in use");
  assert.equal(check(291, 28), 4);
  assert.equal(check(292, 19), 4, "the first tick after a release");
  assert.equal(check(297, 19), 4, "what is in use");
  assert.equal(check(531, 22.9), 4, "grown too little");
  assert.equal(check(532, 22.9), 5, "after 240 seconds without growth");
});
