import assert from "node:assert/strict";
import type { CountedStack, StackSample } from "../lib/stack_counts.ts";
import { NOBODY } from "../lib/who.ts";
import type { ToolOptions } from "../tool.ts";
import { offcputime } from "./mod.ts";

const options = (flags: ToolOptions["flags"] = {}): ToolOptions => ({ filters: { self: false }, flags });

const stack = (tid: number, count: number, timeNs: number): CountedStack => ({
  pid: 7,
  tid,
  comm: "db",
  who: NOBODY,
  count,
  timeNs,
  path: { kernel: ["do_syscall_64", "schedule"], user: ["main"] },
});

const EMPTY: StackSample = { stacks: [], missed: { count: 0, timeNs: 0 } };

Deno.test("offcputime.derive() has a row for each thread and stack, longest time first", () => {
  const now = { stacks: [stack(7, 2, 5000), stack(8, 1, 9000), stack(7, 1, 1500)], missed: EMPTY.missed };
  const row = (tid: number, waits: number, time_us: number) => ({
    pid: 7,
    tid,
    comm: "db",
    ...NOBODY,
    waits,
    time_us,
    stack: "main;do_syscall_64;schedule",
    kernel_frames: 2,
  });
  assert.deepEqual(offcputime.derive(now, EMPTY, options()).rows, [row(8, 1, 9), row(7, 3, 6.5)]);
});

Deno.test("offcputime.derive() has a row for waits that found no room", () => {
  const now = { stacks: [], missed: { count: 2, timeNs: 3000 } };
  assert.deepEqual(offcputime.derive(now, EMPTY, options()).rows, [
    {
      pid: null,
      tid: null,
      comm: null,
      ...NOBODY,
      waits: 2,
      time_us: 3,
      stack: "[missed]",
      kernel_frames: 0,
    },
  ]);
});

Deno.test("offcputime -f prints microseconds", () => {
  const { lines } = offcputime.derive(
    { ...EMPTY, stacks: [stack(7, 2, 5400)] },
    EMPTY,
    options({ folded: true }),
  );
  assert.deepEqual(lines, ["db;main;do_syscall_64;schedule 5"]);
});

Deno.test("offcputime.configure() turns microseconds into nanoseconds, and state 0 into runnable threads", () => {
  const { min_ns, max_ns } = offcputime.configure(options({ "min-us": 5, "max-us": 7 }));
  assert.deepEqual([min_ns, max_ns], [5000n, 7000n]);
  const { filter_state_on, filter_state } = offcputime.configure(options({ state: 0 }));
  assert.deepEqual([filter_state_on, filter_state], [true, 0]);
  assert.equal(offcputime.configure(options()).filter_state_on, undefined);
  assert.throws(
    () => offcputime.configure(options({ "min-us": 5, "max-us": 4 })),
    /at least 5 and at most 4/,
  );
  assert.throws(
    () => offcputime.configure(options({ "user-threads-only": true, "kernel-threads-only": true })),
    /-u and -k exclude each other/,
  );
  for (
    const [flag, says] of [["user-stacks-only", "-k and -U"], ["delimited", "-d and -k"]] as const
  ) {
    assert.throws(
      () => offcputime.configure(options({ "kernel-threads-only": true, [flag]: true })),
      new RegExp(`${says} exclude each other`),
    );
  }
});
