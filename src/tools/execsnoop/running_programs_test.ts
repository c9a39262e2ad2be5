import assert from "node:assert/strict";
import { CLOCK } from "../../../tests/support/record.ts";
import { rowBytes } from "../../model/mod.ts";
import { endOf, NO_END, RunningPrograms } from "./running_programs.ts";

Deno.test("endOf() reads a status as wait(2) does", () => {
  const end = (status: number) => Object.values(endOf(status));
  assert.deepEqual(end(0), ["0", 0, null]);
  assert.deepEqual(end(255 << 8), ["255", 255, null]);
  assert.deepEqual(end(9), ["SIGKILL", null, 9]);
  assert.deepEqual(end(0x80 | 11), ["SIGSEGV", null, 11]); // with a core dump
});

const row = (pid: number) => ({ pid, args: "/bin/true", time: "at 1", time_s: 0, ...NO_END });

Deno.test("RunningPrograms returns each program once, with how long it ran", () => {
  const running = new RunningPrograms();
  running.begin(5, row(5), 1e9);
  running.begin(6, row(6), 2e9);
  const { time, dur_ms, exit } = running.end(6, 2.5e9, null, CLOCK)!;
  assert.deepEqual([time, dur_ms, exit], ["at 2500000000", 500, "exec"]);
  assert.equal(running.end(6, 3e9, 0, CLOCK), null);
  running.begin(7, row(7), 3e9);
  running.discard(7);
  assert.deepEqual(running.takeAll(4e9, CLOCK), [{
    ...row(5),
    time: "at 4000000000",
    time_s: 4,
    dur_ms: 3000,
  }]);
  assert.deepEqual(running.takeAll(4e9, CLOCK), []);
});

Deno.test("RunningPrograms drops and counts programs beyond its limit of memory", () => {
  const running = new RunningPrograms();
  running.maxBytes = 2 * rowBytes(row(1), undefined);
  for (const pid of [1, 2, 3, 4]) running.begin(pid, row(pid), 0);
  assert.equal(running.takeDropped(), 2);
  assert.equal(running.takeDropped(), 0);
  running.end(1, 1, 0, CLOCK);
  running.begin(5, row(5), 0);
  assert.deepEqual(running.takeAll(1, CLOCK).map(({ pid }) => pid), [2, 5]);
  running.begin(6, row(6), 0);
  assert.equal(running.takeDropped(), 0);
});
