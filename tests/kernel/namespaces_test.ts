/**
 * ktop in its own namespaces, as in a container: its filters take the host's process ids and the container's cgroup paths.
 *
 * @module
 */
import assert from "node:assert/strict";
import { identifyProcess, isSameProcess } from "../../src/monitor/process.ts";
import { withCgroups } from "../support/cgroup.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { RunningKtop } from "../support/ktop.ts";
import { type Row, rowsOf, sumColumn } from "../support/ticks.ts";
import { Workload } from "../support/workload.ts";
import { kinds } from "../workloads/calls.ts";

const PID_NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc"];

/** The host's id of the only child of a process. */
function childOf(pid: number): number {
  return Number(Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim());
}

/**
 * Runs ktop in its own pid namespace until `use` is done; `use` gets the run and the host's id of ktop. Returns the rows of
 * the ticks that `use` does not read.
 */
async function inPidNamespace(
  args: readonly string[],
  use: (ktop: RunningKtop, pid: number) => Promise<unknown>,
): Promise<readonly Row[]> {
  const ktop = new RunningKtop([...args, "--json", "-i", "0.2"], { through: PID_NAMESPACE });
  const first = await ktop.tick();
  const pid = childOf(ktop.pid);
  await use(ktop, pid);
  const finished = ktop.finish("SIGCONT"); // unshare(1) waits for its child
  Deno.kill(pid, "SIGINT");
  const { ticks, code } = await finished;
  assert.equal(code, 0);
  return rowsOf([first, ...ticks]);
}

/** How many opens of ktop itself opensnoop reports in a few ticks, one of which has an open of this process. */
async function ownOpens(...args: string[]): Promise<number> {
  const rows: Row[] = [];
  let self = 0;
  // ktop opens /proc/self/maps once after attaching, mostly in the first tick.
  const others = await inPidNamespace(["opensnoop", ...args], async (ktop, pid) => {
    // On a busy machine a tick may have too many opens to report this one: it is repeated.
    const isSeen = (): boolean => rows.some((row) => row.pid === Deno.pid && row.path === "/etc/passwd");
    for (let ticks = 0; ticks < 3 || (!isSeen() && ticks < 50); ticks++) {
      await Deno.readTextFile("/etc/passwd");
      rows.push(...(await ktop.tick()).rows);
    }
    assert.ok(isSeen());
    self = pid;
  });
  return [...rows, ...others].filter((row) => row.pid === self).length;
}

Deno.test("in its own pid namespace ktop leaves out itself, unless --self is given", async () => {
  assert.equal(await ownOpens(), 0);
  assert.ok(await ownOpens("--self") > 0);
});

Deno.test("in its own pid namespace ktop --pid accepts the host's process ids", async () => {
  const work = await Workload.start("calls");
  const rows = await inPidNamespace(["vfsstat", "--pid", String(work.pid)], () => work.run());
  assert.equal(sumColumn(rows, "mkdir"), kinds.mkdir);
});

/** Moves a shell into the cgroup `$1`, and then into a cgroup namespace whose root is that cgroup. */
const CGROUP_NAMESPACE = 'echo $$ > "$1/cgroup.procs" && exec unshare --cgroup --mount sh -c ';
/** Mounts the hierarchy on `$2` as containers see it, unless `$2` is empty, and executes `$3`… there. */
const MOUNT = `'[ -z "$2" ] || mount -t cgroup2 none "$2"; shift 2; exec "$@"' sh "$@"`;

Deno.test("in its own cgroup namespace ktop finds --cgroup through its own mount and through the host's", () =>
  withCgroups(["own", "own/child", "own/child/deep", "sibling"], async (root) => {
    await using mounted = await TemporaryDirectory.make();
    const mkdirs = async (watched: string, mountPoint: string): Promise<number> => {
      const work = await Workload.start("calls");
      await Deno.writeTextFile(`${root}/own/child/deep/cgroup.procs`, String(work.pid));
      const ktop = new RunningKtop(["vfsstat", "--json", "-i", "0.2", "--cgroup", watched], {
        through: ["sh", "-c", CGROUP_NAMESPACE + MOUNT, "sh", `${root}/own`, mountPoint],
      });
      await ktop.tick();
      await work.run();
      return sumColumn(rowsOf((await ktop.finish()).ticks), "mkdir");
    };
    assert.equal(await mkdirs(`${mounted.path}/child`, mounted.path), kinds.mkdir, "own mount");
    assert.equal(await mkdirs(`${mounted.path}/child/deep`, mounted.path), kinds.mkdir, "own mount, deeper");
    assert.equal(await mkdirs(`${root}/own/child`, ""), kinds.mkdir, "the host's mount");
    assert.equal(await mkdirs(`${root}/sibling`, ""), 0, "another cgroup");
  }));

Deno.test("identifyProcess() reads /proc only for process ids of ktop's pid namespace", () => {
  const own = identifyProcess(Deno.pid, true)!;
  assert.ok(own.comm !== "" && own.startTime !== null && isSameProcess(own));
  const host = identifyProcess(Deno.pid, false)!;
  assert.deepEqual(host, { pid: Deno.pid, comm: "", startTime: null });
  assert.ok(isSameProcess(host));
});
