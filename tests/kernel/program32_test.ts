/**
 * The tools of system calls against program32.c, a 32-bit program.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countRows } from "../support/ticks.ts";
import { watchTogether } from "../support/watch.ts";
import * as program32 from "../workloads/program32.ts";

Deno.test({
  name: "opensnoop, statsnoop, mountsnoop and execsnoop report each call of a 32-bit program",
  ignore: Deno.build.arch !== "x86_64",
  fn: async () => {
    const [opens, stats, mounts, execs] = await watchTogether(["program32"], [
      ["opensnoop"],
      ["statsnoop"],
      ["mountsnoop"],
      ["execsnoop", "-x"],
    ]);
    assert.deepEqual(countRows(opens!.rows, program32.pathErrnoFlagsMode), program32.opens);
    assert.deepEqual(countRows(stats!.rows, program32.syscallPathErrno), program32.stats);
    assert.deepEqual(countRows(mounts!.rows, ({ call }) => String(call)), program32.mounts);
    assert.deepEqual(countRows(execs!.rows, program32.resultAndArguments), program32.execs);
  },
});
