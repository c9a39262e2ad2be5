import assert from "node:assert/strict";
import { UsageError } from "../../errors.ts";
import type { ToolOptions } from "../tool.ts";
import { type Sample, syscount } from "./mod.ts";
import { ARM64, I386, X86_64 } from "./names.gen.ts";
import { callNumbers, decodeNames } from "./names.ts";

const options = (flags: ToolOptions["flags"] = {}): ToolOptions => ({ filters: { self: false }, flags });

const COMPAT = 2 ** 30, UNKNOWN = 2 ** 29;

/** A sample with these calls, errors and nanoseconds by call. */
const sample = (...entries: readonly (readonly [call: number, bigint, bigint, bigint])[]): Sample => ({
  calls: new Map(entries.map(([call, calls, errors, time_ns]) => [call, { calls, errors, time_ns }])),
  processes: [],
});

Deno.test("the tables of system calls have the kernel's numbers, gaps included", () => {
  const names = (table: string, ...numbers: readonly number[]): unknown => {
    const decoded = decodeNames(table);
    return numbers.map((number) => decoded.get(number) ?? null);
  };
  const clone3 = "clone3", none = null;
  assert.deepEqual(names(X86_64, 0, 257, 334, 337, 423, 424, 435, 471), [
    "read",
    "openat",
    "rseq",
    none,
    none,
    "pidfd_send_signal",
    clone3,
    "rseq_slice_yield",
  ]);
  assert.deepEqual(names(I386, 0, 3, 64, 222, 295, 435), [
    "restart_syscall",
    "read",
    "getppid",
    none,
    "openat",
    clone3,
  ]);
  assert.deepEqual(names(ARM64, 56, 63, 79, 80, 139, 244, 435), [
    "openat",
    "read",
    "newfstatat",
    "fstat",
    "rt_sigreturn",
    none,
    clone3,
  ]);
});

Deno.test({
  name: "a row of syscount adds the calls of a name by 64-bit and 32-bit programs, most calls first",
  ignore: Deno.build.arch !== "x86_64",
  fn: () => {
    const before = sample([0, 10n, 1n, 5000n], [3, 7n, 0n, 0n]);
    const now = sample(
      [3, 8n, 0n, 0n],
      [0, 15n, 3n, 7000n],
      [3 | COMPAT, 2n, 1n, 1000n],
      [1023, 2n, 2n, 0n],
      [UNKNOWN, 3n, 3n, 0n],
      [UNKNOWN | COMPAT, 1n, 1n, 0n],
    );
    const rows = (flags: ToolOptions["flags"]): unknown =>
      syscount.derive(now, before, options(flags)).rows.map((
        { syscall, count, errors, time_us, time_ms },
      ) => [
        syscall,
        count,
        errors,
        time_us,
        time_ms,
      ]);
    assert.deepEqual(rows({ latency: true }), [
      ["read", 7, 3, 3, 0.003],
      [null, 4, 4, 0, 0],
      ["#1023", 2, 2, 0, 0],
      ["close", 1, 0, 0, 0],
    ]);
    assert.deepEqual(rows({}), [
      ["read", 7, 3, null, null],
      [null, 4, 4, null, null],
      ["#1023", 2, 2, null, null],
      ["close", 1, 0, null, null],
    ]);
    assert.deepEqual(syscount.derive(now, null, options()).rows, []);
  },
});

Deno.test({
  name: "--syscall selects the call of both kinds of programs",
  ignore: Deno.build.arch !== "x86_64",
  fn: () => {
    assert.deepEqual(callNumbers("openat"), { native: 257, compat: 295 });
    assert.deepEqual(callNumbers("umount"), { native: null, compat: 22 });
    const { filter_call, filter_compat_call } = syscount.configure(options({ syscall: "umount" }));
    assert.deepEqual([filter_call, filter_compat_call], [2 ** 32 - 1, 22 + COMPAT]);
  },
});

Deno.test("--syscall and -e suggest the nearest name, and refuse what does not exist", () => {
  const failure = (flags: ToolOptions["flags"]): unknown => {
    try {
      return syscount.configure(options(flags)).filter_errno;
    } catch (error) {
      assert.ok(error instanceof UsageError);
      return `${error.message} ${error.remedy}`;
    }
  };
  assert.equal(failure({ syscall: "opneat" }), "There is no system call opneat. Did you mean openat?");
  assert.match(String(failure({ syscall: "9\x1b" })), /^There is no system call .*\\x1b/);
  for (const syscall of ["exit", "exit_group"]) {
    for (const latency of [false, true]) {
      assert.equal(
        failure({ syscall, latency }),
        `syscount cannot count ${syscall}, which does not return: calls are counted when they end. `,
      );
    }
  }
  if (Deno.build.arch === "x86_64") {
    assert.equal(
      failure({ syscall: "sigreturn" }),
      "syscount counts sigreturn as rt_sigreturn. With -L it has its own row.",
    );
    assert.equal(failure({ syscall: "sigreturn", latency: true }), 0);
  }
  assert.equal(failure({ syscall: "rt_sigreturn" }), 0);
  assert.equal(failure({ errno: "ENOETN" }), "There is no error ENOETN. Did you mean ENOENT?");
  assert.equal(failure({ errno: "" }), 'There is no error "". Errors are names or 1 to 133.');
  for (const errno of ["0", "134", "-1", "-", "41x"]) {
    assert.match(String(failure({ errno })), /^There is no error /, errno);
  }
  assert.deepEqual(["enoent", "EAGAIN", "ewouldblock", "ENOTSUP", "133"].map((errno) => failure({ errno })), [
    2,
    11,
    11,
    95,
    133,
  ]);
});
