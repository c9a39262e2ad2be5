import assert from "node:assert/strict";
import { constants } from "node:os";
import { signalName } from "./signal.ts";

Deno.test("signalName() has the names of Linux, and numbers for real-time signals", () => {
  const names = Object.fromEntries(Array.from({ length: 31 }, (_, i) => [signalName(i + 1), i + 1]));
  // Other names of SIGABRT, SIGIO and SIGSYS.
  const { SIGIOT, SIGPOLL, SIGUNUSED, ...expected } = constants.signals as unknown as Record<string, number>;
  assert.deepEqual(names, expected);
  assert.deepEqual([SIGIOT, SIGPOLL, SIGUNUSED], [6, 29, 31]);
  assert.equal(signalName(34), "SIG34");
});
