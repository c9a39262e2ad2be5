/**
 * The tools against workloads of known numbers, on this kernel, through the command line.
 *
 * @module
 */
import assert from "node:assert/strict";
import { cgroupRoot } from "../support/cgroup.ts";
import { type JsonTick, RunningKtop, sum } from "../support/ktop.ts";
import { watchWorkload } from "../support/watch.ts";
import { Workload } from "../support/workload.ts";

/** Runs a workload beside ktop, which watches only it, and returns all ticks that followed its start. */
async function watch(workload: string, args: readonly string[]): Promise<readonly JsonTick[]> {
  return (await watchWorkload([workload], args)).ticks;
}

const named = (name: string) => (row: JsonTick["rows"][number]): boolean => row.file === name;

Deno.test("filetop counts 1009 writes, 503 reads and their bytes exactly when a program does just that", async () => {
  const ticks = await watch("io", ["filetop"]);
  assert.ok(ticks.flatMap(({ rows }) => rows).every(({ type, comm }) => type === "R" && comm === "io"));
  assert.equal(sum(ticks, "writes", named("rw.dat")), 1009 + 307);
  assert.equal(sum(ticks, "write_bytes", named("rw.dat")), 1009 * 4096 + 307 * 100);
  assert.equal(sum(ticks, "reads", named("rw.dat")), 503 + 211);
  assert.equal(sum(ticks, "read_bytes", named("rw.dat")), 503 * 4096 + 211 * 100);
});

Deno.test("filetop counts vectored and spliced calls with their bytes", async () => {
  const ticks = await watch("io", ["filetop"]);
  assert.equal(sum(ticks, "reads", named("vectored.dat")), 67 + 73);
  assert.equal(sum(ticks, "write_bytes", named("vectored.dat")), (71 + 79) * 100);
  assert.equal(sum(ticks, "read_bytes", named("from.dat")), 53 * 4096);
  assert.equal(sum(ticks, "write_bytes", named("to.dat")), 53 * 4096);
});

Deno.test("filetop counts io_uring's reads and writes with their bytes", async () => {
  const ticks = await watch("uring", ["filetop"]);
  assert.equal(sum(ticks, "read_bytes", named("uring.dat")), 61 * 512);
  assert.equal(sum(ticks, "write_bytes", named("uring.dat")), 59 * 512);
});

Deno.test("filetop --write-only leaves reads out", async () => {
  const ticks = await watch("io", ["filetop", "--write-only"]);
  assert.deepEqual([sum(ticks, "reads"), sum(ticks, "writes", named("rw.dat"))], [0, 1009 + 307]);
});

Deno.test("filetop --by-process has a pid and no tid in its rows", async () => {
  const rows = (await watch("io", ["filetop", "--by-process"])).flatMap(({ rows }) => rows);
  assert.ok(rows.length > 0);
  assert.ok(rows.every(({ tid, pid }) => tid === null && typeof pid === "number"));
});

Deno.test("filetop -d counts files below the directory at any depth, and no others", async () => {
  assert.equal(sum(await watch("io", ["filetop", "-d", "/tmp"]), "writes", named("rw.dat")), 1009 + 307);
  assert.equal(sum(await watch("io", ["filetop", "-d", "/etc"]), "writes"), 0);
});

Deno.test("vfsstat counts each of eight kinds of calls exactly", async () => {
  const ticks = await watch("calls", ["vfsstat"]);
  const total = (key: string): number => sum(ticks, key);
  assert.deepEqual({
    read: total("read"),
    write: total("write"),
    fsync: total("fsync"),
    open: total("open"),
    create: total("create"),
    unlink: total("unlink"),
    mkdir: total("mkdir"),
    rmdir: total("rmdir"),
  }, {
    read: 101 + 13 + 3,
    write: 103 + 17,
    fsync: 107 + 19,
    open: 109 + 23 + 113 + 11,
    create: 113 + 11 + 31,
    unlink: 37 + 41,
    mkdir: 47 + 53,
    rmdir: 61 + 2,
  });
});

Deno.test("vfsstat counts nothing when its filter names another comm", async () => {
  const ticks = await watch("calls", ["vfsstat", "--comm", "nobody"]);
  assert.equal(sum(ticks, "open"), 0);
  const own = await watch("calls", ["vfsstat", "--comm", "calls"]);
  assert.equal(sum(own, "mkdir"), 100);
});

Deno.test("runqslower reports waits of at least the threshold, and its histogram holds all of them", async () => {
  const work = await Workload.start("spinners", ["1"]);
  const ktop = new RunningKtop(["runqslower", "1000", "--json", "-i", "0.2", "-p", String(work.pid)]);
  await ktop.tick();
  await work.run();
  const { ticks, code } = await ktop.finish();
  const rows = ticks.flatMap(({ rows }) => rows);
  assert.equal(code, 0);
  assert.ok(rows.length > 0);
  for (const row of rows) {
    assert.ok(Number(row.lat_us) >= 1000, `lat_us ${row.lat_us}`);
    assert.equal(row.pid, work.pid);
    assert.equal(row.comm, "spinners");
    assert.ok(
      typeof row.prev_comm === "string" && typeof row.prev_tid === "number" && typeof row.tid === "number",
    );
    assert.ok(Number.isInteger(row.cpu));
  }
  // 1000 us and more lie in slot 9 (512 to 1023 us) and above.
  const slots = ticks.flatMap(({ histograms }) => histograms ?? []).flatMap(({ slots }) => slots.slice(9));
  assert.ok(slots.reduce((total, count) => total + count, 0) >= rows.length);
});

Deno.test("vfsstat --cgroup counts tasks in the directory and below it, and no others", async () => {
  const parent = `${cgroupRoot()}/ktop-test-${Deno.pid}`;
  const child = `${parent}/child`;
  const sibling = `${cgroupRoot()}/ktop-test-${Deno.pid}-sibling`;
  for (const directory of [parent, child, sibling]) await Deno.mkdir(directory);
  try {
    const mkdirs = async (watched: string): Promise<number> => {
      const work = await Workload.start("calls");
      await Deno.writeTextFile(`${child}/cgroup.procs`, String(work.pid));
      const ktop = new RunningKtop(["vfsstat", "--json", "-i", "0.2", "--cgroup", watched]);
      await ktop.tick();
      await work.run();
      return sum((await ktop.finish()).ticks, "mkdir");
    };
    assert.equal(await mkdirs(parent), 100);
    assert.equal(await mkdirs(child), 100);
    assert.equal(await mkdirs(sibling), 0);
  } finally {
    for (const directory of [child, parent, sibling]) await Deno.remove(directory);
  }
});

/** A name with a title sequence, a newline, a C1 byte, invalid UTF-8 and a bidi override. */
const HOSTILE = [..."a\x1b]0;owned\x07\n"].map((char) => char.charCodeAt(0)).concat([
  0xc2,
  0x9b,
  0xff,
  0xe2,
  0x80,
  0xae,
  0x62,
]);
const ESCAPED = "a\\x1b]0;owned\\a\\n\\u009b\\xff\\u202eb";

Deno.test("a hostile file name reaches JSON and text only escaped", async () => {
  const directory = await Deno.makeTempDir();
  // The shell's printf makes the bytes: a JavaScript string cannot hold invalid UTF-8.
  const octal = HOSTILE.map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
  const writer = new Deno.Command("sh", {
    args: [
      "-c",
      `cd "$1" && exec 3> "$(printf '${octal}')" && while :; do echo x >&3; sleep 0.01; done`,
      "sh",
      directory,
    ],
  }).spawn();
  try {
    const json = new RunningKtop(["filetop", "--json", "-i", "0.2", "-p", String(writer.pid)]);
    let rows = (await json.tick()).rows;
    while (rows.length === 0) rows = (await json.tick()).rows;
    await json.finish();
    assert.equal(rows[0]!.file, ESCAPED);
    const text = new RunningKtop(["filetop", "-i", "0.2", "-p", String(writer.pid)]);
    let line = await text.line();
    while (!line.includes("owned")) line = await text.line();
    await text.end();
    assert.ok(line.endsWith(ESCAPED), line);
  } finally {
    writer.kill("SIGKILL");
    await writer.status;
    await Deno.remove(directory, { recursive: true });
  }
});
