/**
 * Tools against program32.c, a 32-bit program.
 *
 * @module
 */
import assert from "node:assert/strict";
import { starts32BitPrograms } from "../support/programs32.ts";
import { countRows, sumColumn } from "../support/ticks.ts";
import { watchTogether } from "../support/watch.ts";
import * as program32 from "../workloads/program32.ts";

const starts32 = await starts32BitPrograms();
/** For the names of the tests: why they do not run. */
const where = starts32 ? "" : ": not on a machine that does not start 32-bit programs";

Deno.test({
  name: `opensnoop, statsnoop, mountsnoop and execsnoop report each call of a 32-bit program${where}`,
  ignore: !starts32,
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

Deno.test({
  name: `filetop, fileslower, fsslower, vfsstat and readpath count each call of a 32-bit program${where}`,
  ignore: !starts32,
  fn: async () => {
    const [totals, slow, placed, counters, reads] = await watchTogether(["program32"], [
      ["filetop"],
      ["fileslower", "0"],
      ["fsslower", "0"],
      ["vfsstat"],
      ["readpath"],
    ]);
    assert.deepEqual(
      [sumColumn(totals!.rows, "reads"), sumColumn(totals!.rows, "writes")],
      [program32.reads, program32.writes],
    );
    assert.deepEqual(countRows(slow!.rows, ({ direction }) => String(direction)), {
      R: program32.reads,
      W: program32.writes,
    });
    assert.deepEqual(countRows(placed!.rows, program32.operationPosition), program32.farCalls);
    const kinds = Object.keys(program32.kinds).map((key) => [key, sumColumn(counters!.rows, key)]);
    assert.deepEqual(Object.fromEntries(kinds), program32.kinds);
    assert.equal(sumColumn(reads!.rows, "calls", program32.isAllReads), program32.reads);
  },
});
