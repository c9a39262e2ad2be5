import assert from "node:assert/strict";
import { MemoryRelease } from "./memory_release.ts";

const MB = 1024 * 1024;

Deno.test("MemoryRelease.check() releases once after 30 seconds, then when the resident set has grown", () => {
  let now = 0;
  let releases = 0;
  const memory = new MemoryRelease(() => releases++, () => now);
  const check = (seconds: number, mb: number): number => {
    now = seconds * 1000;
    memory.check(mb * MB);
    return releases;
  };
  check(1, 50);
  assert.equal(check(100, 90), 0, "nothing before the first release");
  memory.release();
  assert.equal(releases, 1);
  assert.equal(check(130, 70), 1, "too early");
  assert.equal(check(131, 70), 2, "once without growth");
  check(132, 50);
  check(136, 54); // what is in use, mapped again
  assert.equal(check(150, 60), 2, "too early");
  assert.equal(check(170, 57.9), 2, "grown too little");
  assert.equal(check(200, 58), 3);
  assert.equal(check(300, 57), 3, "the first tick after a release");
  assert.equal(check(400, 60), 3);
  assert.equal(check(401, 61), 4);
});
