/**
 * `ktop @HOST` through sshd on the loopback interface, on this kernel.
 *
 * @module
 */
import assert from "node:assert/strict";
import { RUN_KTOP, RunningKtop } from "../support/ktop.ts";
import { shellCommand } from "../support/shell.ts";
import { SshHosts } from "../support/ssh_hosts.ts";
import { type JsonTick, rowsOf, sumColumn } from "../support/ticks.ts";
import { isAlive, until } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";
import { kinds } from "../workloads/calls.ts";

/** The shell command that runs ktop from source, with the packages of this machine. */
const KTOP = shellCommand(["env", `DENO_DIR=${Deno.env.get("DENO_DIR")}`, Deno.execPath(), ...RUN_KTOP]);

interface HostTick extends JsonTick {
  readonly host: string;
}

Deno.test("each host reports what a workload did, to the call, and its ktop ends with this one", async () => {
  await using hosts = await SshHosts.start(["a", "b"], KTOP);
  const work = await Workload.start("calls");
  const run = new RunningKtop(
    ["@a", "@b", "--ssh", hosts.ssh, "--json", "--panes", "vfsstat", "-i", "0.2", "-p", String(work.pid)],
  );
  const ticks = new Map<string, JsonTick[]>([["a", []], ["b", []]]);
  const next = async (): Promise<void> => {
    const tick = await run.tick() as HostTick;
    ticks.get(tick.host)!.push(tick);
  };
  /** What a host has counted since its first tick. */
  const sum = (host: string, key: string): number => sumColumn(rowsOf(ticks.get(host)!.slice(1)), key);
  while ([...ticks.values()].some(({ length }) => length === 0)) await next();
  await work.run();
  while ([...ticks.keys()].some((host) => sum(host, "rmdir") < kinds.rmdir)) await next();
  const lengths = [...ticks.values()].map(({ length }) => length);
  while ([...ticks.values()].some(({ length }, i) => length < lengths[i]! + 3)) await next();
  for (const host of ticks.keys()) {
    const sums = Object.fromEntries(Object.keys(kinds).map((key) => [key, sum(host, key)]));
    assert.deepEqual(sums, kinds, host);
  }
  const pids = [await hosts.ktopOf("a"), await hosts.ktopOf("b")];
  assert.deepEqual(pids.map(isAlive), [true, true]);
  const { code } = await run.end();
  assert.equal(code, 0);
  for (const pid of pids) {
    await until(`the end of ${pid}`, () => Promise.resolve(isAlive(pid)), (alive) => !alive);
  }
});

Deno.test("the ktop of a host ends when this one is killed", async () => {
  await using hosts = await SshHosts.start(["a"], KTOP);
  const run = new RunningKtop(["@a", "--ssh", hosts.ssh, "--json", "--panes", "vfsstat", "-i", "0.2"]);
  await run.tick();
  const pid = await hosts.ktopOf("a");
  await run.end("SIGKILL");
  await until(`the end of ${pid}`, () => Promise.resolve(isAlive(pid)), (alive) => !alive);
});

Deno.test("filters reach the host as they are, and its refusal is shown", async () => {
  await using hosts = await SshHosts.start(["a"], KTOP);
  const name = `it's "$(id)" ; \\n`;
  const run = new RunningKtop(["@a", "--ssh", hosts.ssh, "--json", "--user", name]);
  const { rest, code, stderr } = await run.exit();
  assert.deepEqual([rest, code], [[], 1]);
  assert.match(stderr, /^ktop: a: .*it's "\$\(id\)" ; \\\\n/);
});
