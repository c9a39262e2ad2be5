import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import { type ActivationVariables, passedDescriptors } from "./activation.ts";

const PID = 4711;

for (
  const [what, variables, expected] of [
    ["no variables", {}, []],
    ["no LISTEN_PID", { LISTEN_FDS: "1" }, []],
    ["no LISTEN_FDS", { LISTEN_PID: "4711" }, []],
    ["another process", { LISTEN_PID: "4712", LISTEN_FDS: "1" }, []],
    ["another process with a malformed count", { LISTEN_PID: "1", LISTEN_FDS: "abc" }, []],
    ["no descriptors", { LISTEN_PID: "4711", LISTEN_FDS: "0", LISTEN_FDNAMES: "" }, []],
    ["two", { LISTEN_PID: "4711", LISTEN_FDS: "2" }, [{ fd: 3, name: "" }, { fd: 4, name: "" }]],
    ["a name", { LISTEN_PID: "4711", LISTEN_FDS: "1", LISTEN_FDNAMES: "a.socket" }, [{
      fd: 3,
      name: "a.socket",
    }]],
    ["two names", { LISTEN_PID: "4711", LISTEN_FDS: "2", LISTEN_FDNAMES: ":b" }, [
      { fd: 3, name: "" },
      { fd: 4, name: "b" },
    ]],
  ] as const satisfies readonly (readonly [string, ActivationVariables, readonly unknown[]])[]
) {
  Deno.test(`descriptors are passed as in sd_listen_fds(3): ${what}`, () => {
    assert.deepEqual(passedDescriptors(variables, PID), expected);
  });
}

for (
  const [variables, message] of [
    [
      { LISTEN_PID: "abc", LISTEN_FDS: "1" },
      'The variable LISTEN_PID is not a whole number up to 2147483647: "abc".',
    ],
    [
      { LISTEN_PID: "4711", LISTEN_FDS: "abc" },
      'The variable LISTEN_FDS is not a whole number up to 64: "abc".',
    ],
    [
      { LISTEN_PID: "4711", LISTEN_FDS: "-1" },
      'The variable LISTEN_FDS is not a whole number up to 64: "-1".',
    ],
    [
      { LISTEN_PID: "4711", LISTEN_FDS: "65" },
      'The variable LISTEN_FDS is not a whole number up to 64: "65".',
    ],
    [
      { LISTEN_PID: "4711", LISTEN_FDS: "2", LISTEN_FDNAMES: "a" },
      "LISTEN_FDNAMES has 1 name for 2 descriptors.",
    ],
  ] as const
) {
  Deno.test(`wrong variables are refused: ${message}`, () => {
    assert.throws(() => passedDescriptors(variables, PID), (error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.message, message);
      return true;
    });
  });
}
