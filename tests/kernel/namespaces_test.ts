/**
 * ktop in namespaces of its own, as in a container: its filters mean the host's processes and cgroups.
 *
 * @module
 */
import assert from "node:assert/strict";
import { identifyProcess, isSameProcess } from "../../src/monitor/process.ts";
import { cgroupRoot } from "../support/cgroup.ts";
import { type JsonTick, RunningKtop, sum } from "../support/ktop.ts";
import { Workload } from "../support/workload.ts";

const PID_NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc"];

/** The host's id of the process that a waiting process has started. */
function childOf(pid: number): number {
  return Number(Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim());
}

/** Runs ktop in a pid namespace of its own beside `work`. */
async function inPidNamespace(
  args: readonly string[],
  work: () => Promise<unknown>,
): Promise<{ ticks: JsonTick[]; pid: number }> {
  const ktop = new RunningKtop([...args, "--json", "-i", "0.2"], { through: PID_NAMESPACE });
  await ktop.tick();
  const pid = childOf(ktop.pid);
  await work();
  const finished = ktop.finish("SIGCONT"); // unshare(1) waits for its child, which is to end
  Deno.kill(pid, "SIGINT");
  const { ticks, code } = await finished;
  assert.equal(code, 0);
  return { ticks, pid };
}

const openPasswd = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) {
    await Deno.readTextFile("/etc/passwd");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

Deno.test("in a pid namespace of its own ktop leaves out itself, and with --self reports itself", async () => {
  const opens = async (...args: string[]): Promise<number> => {
    const { ticks, pid } = await inPidNamespace(["opensnoop", ...args], openPasswd);
    const rows = ticks.flatMap((tick) => tick.rows);
    assert.ok(rows.some((row) => row.pid === Deno.pid && row.path === "/etc/passwd"));
    return rows.filter((row) => row.pid === pid).length;
  };
  assert.equal(await opens(), 0);
  assert.ok(await opens("--self") > 0);
});

Deno.test("in a pid namespace of its own --pid takes the host's process ids", async () => {
  const work = await Workload.start("calls");
  const { ticks } = await inPidNamespace(["vfsstat", "--pid", String(work.pid)], () => work.run());
  assert.equal(sum(ticks, "mkdir"), 100);
});

/** A shell's words that move it into the cgroup `$1` and go on as `$3`… in a cgroup namespace whose root that is. */
const CGROUP_NAMESPACE = 'echo $$ > "$1/cgroup.procs" && exec unshare --cgroup --mount sh -c ';
/** What it does there: mounts the hierarchy as containers have it on `$2`, unless that is empty. */
const MOUNT = `'[ -z "$2" ] || mount -t cgroup2 none "$2"; shift 2; exec "$@"' sh "$@"`;

Deno.test("in a cgroup namespace of its own --cgroup finds the tasks, through its own mount and the host's", async () => {
  const root = `${cgroupRoot()}/ktop-test-${Deno.pid}-ns`;
  const [own, child, deep] = [`${root}/own`, `${root}/own/child`, `${root}/own/child/deep`];
  const sibling = `${root}/sibling`;
  const mounted = await Deno.makeTempDir();
  for (const directory of [root, own, child, deep, sibling]) await Deno.mkdir(directory);
  const mkdirs = async (watched: string, mountPoint: string): Promise<number> => {
    const work = await Workload.start("calls");
    await Deno.writeTextFile(`${deep}/cgroup.procs`, String(work.pid));
    const ktop = new RunningKtop(["vfsstat", "--json", "-i", "0.2", "--cgroup", watched], {
      through: ["sh", "-c", CGROUP_NAMESPACE + MOUNT, "sh", own, mountPoint],
    });
    await ktop.tick();
    await work.run();
    return sum((await ktop.finish()).ticks, "mkdir");
  };
  try {
    assert.equal(await mkdirs(`${mounted}/child`, mounted), 100, "own mount");
    assert.equal(await mkdirs(`${mounted}/child/deep`, mounted), 100, "own mount, deeper");
    assert.equal(await mkdirs(child, ""), 100, "the host's mount");
    assert.equal(await mkdirs(sibling, ""), 0, "another cgroup");
  } finally {
    for (const directory of [deep, child, own, sibling, root, mounted]) await Deno.remove(directory);
  }
});

Deno.test("identifyProcess() does not take a process of its own pid namespace for the host's of that id", () => {
  const own = identifyProcess(Deno.pid, true)!;
  assert.ok(own.comm !== "" && own.startTime !== null && isSameProcess(own));
  const host = identifyProcess(Deno.pid, false)!;
  assert.deepEqual(host, { pid: Deno.pid, comm: "", startTime: null });
  assert.ok(isSameProcess(host));
});
