import assert from "node:assert/strict";
import type { CountedStack, StackSample } from "../lib/stack_counts.ts";
import { NOBODY } from "../lib/who.ts";
import type { ToolOptions } from "../tool.ts";
import { profile } from "./mod.ts";

const options = (flags: ToolOptions["flags"] = {}): ToolOptions => ({ filters: { self: false }, flags });

const PATH = { kernel: ["entry_SYSCALL_64", "vfs_read"], user: ["main", "f;g(int, char)"] };

const stack = (count: number, path: CountedStack["path"] = PATH, comm = "a b"): CountedStack => ({
  pid: 7,
  tid: 0,
  comm,
  who: NOBODY,
  count,
  timeNs: 0,
  path,
});

const EMPTY: StackSample = { stacks: [], missed: { count: 0, timeNs: 0 } };

const sample = (...stacks: CountedStack[]): StackSample => ({ ...EMPTY, stacks });

Deno.test("profile.derive() adds stacks that have the same names, most samples first", () => {
  const { rows } = profile.derive(sample(stack(1), stack(5, null), stack(3)), EMPTY, options());
  assert.deepEqual(rows, [
    { pid: 7, comm: "a b", ...NOBODY, samples: 5, samples_pct: 55.56, stack: "[missed]", kernel_frames: 0 },
    {
      pid: 7,
      comm: "a b",
      ...NOBODY,
      samples: 4,
      samples_pct: 44.44,
      stack: "main;f:g(int, char);entry_SYSCALL_64;vfs_read",
      kernel_frames: 2,
    },
  ]);
});

Deno.test("profile.derive() has a row for what found no room, so that no sample is missing", () => {
  const now = { stacks: [stack(1)], missed: { count: 4, timeNs: 0 } };
  const { rows } = profile.derive(now, EMPTY, options());
  assert.deepEqual(rows[0], {
    pid: null,
    comm: null,
    ...NOBODY,
    samples: 4,
    samples_pct: 80,
    stack: "[missed]",
    kernel_frames: 0,
  });
});

Deno.test("profile.derive() has no stack where neither program nor kernel have a function", () => {
  const { rows } = profile.derive(sample(stack(1, { kernel: [], user: [] })), EMPTY, options());
  assert.equal(rows[0]!.stack, null);
});

Deno.test("profile.derive() has no rows before the second sample", () => {
  assert.deepEqual(profile.derive(sample(stack(1)), null, options()).rows, []);
});

Deno.test("profile -f prints name, frames and samples, -d a - between program and kernel, -a the kernel's mark", () => {
  const lines = (flags: ToolOptions["flags"]) =>
    profile.derive(sample(stack(2)), EMPTY, options({ folded: true, ...flags })).lines;
  assert.deepEqual(lines({}), ["a_b;main;f:g(int,_char);entry_SYSCALL_64;vfs_read 2"]);
  assert.deepEqual(lines({ delimited: true, annotations: true }), [
    "a_b;main;f:g(int,_char);-;entry_SYSCALL_64_[k];vfs_read_[k] 2",
  ]);
  assert.equal(profile.derive(sample(stack(2)), EMPTY, options()).lines, undefined);
});

Deno.test("profile.configure() walks both stacks, or one, and refuses none", () => {
  const walked = (flags: ToolOptions["flags"]) => {
    const { kernel_stacks, user_stacks } = profile.configure(options(flags));
    return [kernel_stacks, user_stacks];
  };
  assert.deepEqual(walked({}), [true, true]);
  assert.deepEqual(walked({ "user-stacks-only": true }), [false, true]);
  assert.deepEqual(walked({ "kernel-stacks-only": true }), [true, false]);
  assert.throws(
    () => walked({ "user-stacks-only": true, "kernel-stacks-only": true }),
    /^UsageError: -U and -K exclude each other\.$/,
  );
  for (
    const [first, second, says] of [
      ["delimited", "kernel-stacks-only", "-d and -K"],
      ["delimited", "user-stacks-only", "-d and -U"],
      ["annotations", "user-stacks-only", "-a and -U"],
    ] as const
  ) {
    assert.throws(() => walked({ [first]: true, [second]: true }), new RegExp(`${says} exclude each other`));
  }
});
