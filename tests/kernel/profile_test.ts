/**
 * profile against busy.c, and beside cpu_clock.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { assertStackSize, maxStack } from "../../src/tools/lib/stack_frames.ts";
import { ktop, RunningKtop } from "../support/ktop.ts";
import { rowsOf, sumColumn } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import { build, Workload } from "../support/workload.ts";
import * as busy from "../workloads/busy.ts";
import * as clock from "../workloads/cpu_clock.ts";

Deno.test("maxStack() reads kernel.perf_event_max_stack, and is Infinity where there is none", async () => {
  const { stdout } = await new Deno.Command("sysctl", { args: ["-n", "kernel.perf_event_max_stack"] })
    .output();
  assert.equal(maxStack(), Number(new TextDecoder().decode(stdout)));
  assert.equal(maxStack("/nonexistent"), Infinity);
  assert.throws(() => assertStackSize(40, 39), /kernel\.perf_event_max_stack to be as large, not 39\./);
  assertStackSize(40, 40);
});

Deno.test("profile -I counts the samples that the kernel takes, at most frequency × CPUs × seconds", async () => {
  const judge = await Workload.start("cpu_clock", [String(clock.HZ), String(clock.SECONDS)]);
  const running = new RunningKtop(["profile", ...clock.OPTIONS, "--json", "-i", "0.5"]);
  await running.tick();
  const printed = await judge.run();
  const { ticks, code } = await running.finish();
  assert.equal(code, 0);
  assert.deepEqual(clock.wrongSamples(clock.samplesTogether(ticks, printed)), []);
});

Deno.test("profile attributes three quarters of the samples of 30 seconds to the function that computes three times as long", async () => {
  const { rows, measured, pid } = await watchWorkload(["busy", "30"], ["profile", "-F", "997"]);
  const { heavy, light } = busy.samplesByFunction(rows);
  const expected = measured.heavy_us! / measured.light_us!;
  assert.ok(Math.abs(heavy / light / expected - 1) < 0.05, `${heavy} and ${light}, not ${expected}`);
  assert.ok(busy.areNamed(rows));
  assert.ok(rows.every((row) => row.pid === pid && row.comm === "busy" && row.stack !== "[missed]"));
});

Deno.test("profile names the functions of a program that ends long before the interval", async () => {
  const running = new RunningKtop(["profile", "-F", "997", "--json", "-i", "3", "--comm", "busy"]);
  await running.tick();
  await (await Workload.start("busy", ["1"])).run();
  const rows = rowsOf((await running.finish()).ticks);
  assert.ok(sumColumn(rows, "samples") > 0);
  assert.ok(busy.areNamed(rows));
});

Deno.test("profile -U and -K walk only the stacks of programs, or of the kernel", async () => {
  const stacks = async (workload: readonly string[], option: string): Promise<string[]> => {
    const { rows } = await watchWorkload(workload, ["profile", "-F", "997", option]);
    assert.ok(sumColumn(rows, "samples") > 0);
    return rows.map(({ stack }) => String(stack));
  };
  const inKernel = (stack: string): boolean => /entry_SYSCALL|asm_|el0/.test(stack);
  assert.ok((await stacks(["busy", "1"], "-U")).every((stack) => !inKernel(stack)));
  // Hundreds of milliseconds in open(2).
  const kernel = await stacks(["flood", "500009"], "-K");
  // The kernel cannot walk the stack from every code: not from BPF programs of others, nor from its thunks.
  const walked = kernel.filter((stack) => stack.includes(";"));
  assert.ok(walked.every(inKernel), walked.join("\n"));
  assert.ok(walked.length > 0);
});

Deno.test("profile -f prints lines of the folded format, with -a and -d the kernel's functions marked", async () => {
  const running = new RunningKtop(["profile", "-fad", "-F", "997", "-i", "0.2", "--comm", "flood"]);
  let first: string | null = null;
  const line = running.line().then((text) => first = text);
  // profile prints nothing before the first sample: repeat the workload until a line appears.
  while (first === null) await (await Workload.start("flood", ["200003"])).run();
  await line;
  const { rest, code } = await running.end();
  assert.equal(code, 0);
  const lines = [first, ...rest];
  for (const text of lines) assert.match(text, /^flood(;[^; ]+)* \d+$/);
  const stacks = lines.map((text) => text.replace(/ \d+$/, "").split(";-;"));
  assert.ok(stacks.some(([, kernel]) => kernel !== undefined));
  for (const [user, kernel] of stacks) {
    const ofProgram = user!.includes("_[k]") ? [] : user!.split(";");
    assert.ok(ofProgram.every((name) => !name.endsWith("_[k]")), user);
    assert.ok(
      (kernel ?? "").split(";").every((name) => kernel === undefined || name.endsWith("_[k]")),
      kernel,
    );
  }
});

Deno.test("profile refuses frequencies out of range, and both kinds of stacks alone", async () => {
  for (const args of [["-F", "0"], ["-F", "10001"], ["-F", "fast"], ["-U", "-K"], ["-L", "0"]]) {
    const { code, stderr } = await ktop(["profile", ...args, "1", "1"]);
    assert.equal(code, 2, args.join(" "));
    assert.equal(stderr.trim().split("\n").length <= 2, true, stderr);
  }
});

Deno.test("profile and doctor report that perf events are refused, with a remedy", async () => {
  const through = [await build("no_perf_events")];
  const { code, stderr } = await ktop(["profile", "1", "1"], { through });
  assert.equal(code, 4);
  assert.match(stderr, /perf_event_open\(2\) is refused \(EPERM\)/);
  assert.match(stderr, /allow perf_event_open in its seccomp profile/);
  const { tools } = JSON.parse((await ktop(["list", "--json"], { through })).stdout);
  const { tier, reason } = tools.find(({ tool }: { tool: string }) => tool === "profile");
  assert.equal(tier, null);
  assert.match(reason, /perf_event_open/);
});
