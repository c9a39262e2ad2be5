/**
 * syscount against mixed_calls.c, and beside strace(1).
 *
 * @module
 */
import assert from "node:assert/strict";
import { RunningKtop } from "../support/ktop.ts";
import { type Row, rowsOf, sumColumn } from "../support/ticks.ts";
import { watchTogether, watchWorkload } from "../support/watch.ts";
import { build, Workload } from "../support/workload.ts";
import * as mixed from "../workloads/mixed_calls.ts";

Deno.test("syscount counts each call and each error by name, and -P by process", async () => {
  const [byName, byProcess] = await watchTogether(["mixed_calls"], [["syscount"], ["syscount", "-P"]]);
  const { rows, measured, pid } = byName!;
  assert.deepEqual(mixed.sumsByCall(rows, "count"), mixed.calls(measured.calls32!));
  assert.deepEqual(mixed.sumsByCall(rows, "errors"), mixed.failures);
  assert.ok(rows.every((row) => row.time_us === null && row.pid === null));
  assert.ok(
    byProcess!.rows.every((row) => row.pid === pid && row.comm === "mixed_calls" && row.syscall === null),
  );
  for (const key of ["count", "errors"]) {
    assert.equal(sumColumn(byProcess!.rows, key), sumColumn(rows, key), key);
  }
});

Deno.test("syscount -x, -e, --syscall and -t count only the calls that they name", async () => {
  const counts = async (...args: string[]): Promise<unknown> =>
    mixed.sumsByCall((await watchWorkload(["mixed_calls"], ["syscount", ...args])).rows, "count");
  assert.deepEqual(await counts("-x"), mixed.failures);
  assert.deepEqual(await counts("-e", "ebadf"), { close: mixed.failures.close });
  assert.deepEqual(await counts("-e", "2"), { faccessat: mixed.failures.faccessat });
  assert.deepEqual(await counts("-e", "EINTR"), mixed.interrupted);
  assert.deepEqual(await counts("--syscall", "kill"), { kill: 24 });
  assert.deepEqual(await counts("--syscall", "rt_sigreturn", "-L"), { rt_sigreturn: 24 });
  const work = await Workload.start("mixed_calls");
  const other = new RunningKtop([
    "syscount",
    "--json",
    "-i",
    "0.2",
    "-t",
    String(Deno.pid),
    "--syscall",
    "kill",
  ]);
  await other.tick();
  await work.run();
  assert.deepEqual(sumColumn(rowsOf((await other.finish()).ticks), "count"), 0);
});

Deno.test("syscount -L measures the time of the calls that started after it", async () => {
  for (const flag of ["-L", "-m"]) {
    const { rows, measured } = await watchWorkload(["mixed_calls"], ["syscount", flag]);
    assert.deepEqual(mixed.sumsByCall(rows, "count"), mixed.calls(measured.calls32!));
    assert.ok(rows.every(({ syscall }) => syscall !== mixed.WAITING));
    const sleeping = (row: Row): boolean => row.syscall === "nanosleep";
    const sleptUs = sumColumn(rows, "time_us", sleeping);
    assert.ok(sleptUs >= mixed.SLEPT_US && sleptUs <= measured.slept_us!, `${sleptUs}`);
    assert.ok(Math.abs(sumColumn(rows, "time_ms", sleeping) * 1000 - sleptUs) < 1);
  }
});

Deno.test("syscount -c counts only the calls of child processes, without the end of the call that made them", async () => {
  const work = await Workload.start("mixed_calls");
  const ktop = new RunningKtop(["syscount", "--json", "-i", "0.2", "-c", String(work.pid)]);
  await ktop.tick();
  await work.run();
  const { ticks } = await ktop.finish();
  assert.deepEqual(mixed.sumsByCall(rowsOf(ticks), "count"), mixed.childCalls);
});

/** Runs a program under strace -c -f; returns calls and errors by name. */
async function traceSummary(
  program: string,
  args: readonly string[],
): Promise<Map<string, [number, number]>> {
  const file = await Deno.makeTempFile();
  const { code } = await new Deno.Command("strace", {
    args: ["-c", "-f", "-U", "name,calls,errors", "-o", file, program, ...args],
    stdin: "null",
    stdout: "null",
  }).output();
  const summary = await Deno.readTextFile(file);
  await Deno.remove(file);
  assert.equal(code, 0);
  const sums = new Map<string, [number, number]>();
  for (const [, name, calls, errors] of summary.matchAll(/^(\w+) +(\d+) +(\d*)$/gm)) {
    const [before, failed] = sums.get(name!) ?? [0, 0];
    if (name !== "total") sums.set(name!, [before + Number(calls), failed + Number(errors)]);
  }
  return sums;
}

Deno.test("syscount reports the same calls and errors as strace -c -f, of a program and its children from exec to exit", async () => {
  const program = await build("mixed_calls");
  const ktop = new RunningKtop(["syscount", "--json", "-i", "0.2", "--comm", "mixed_calls"]);
  await ktop.tick();
  const expected = await traceSummary(program, ["now"]);
  const { ticks } = await ktop.finish();
  const found = new Map<string, [number, number]>();
  for (const { syscall, count, errors } of rowsOf(ticks)) {
    const [before, failed] = found.get(String(syscall)) ?? [0, 0];
    found.set(String(syscall), [before + Number(count), failed + Number(errors)]);
  }
  // strace lists no calls that do not exist.
  assert.deepEqual(["#999", "null"].map((name) => found.get(name)), [[2, 2], [8, 8]]);
  for (const name of ["#999", "null"]) found.delete(name);
  assert.deepEqual(Object.fromEntries([...found].sort()), Object.fromEntries([...expected].sort()));
});
