import assert from "node:assert/strict";
import { findDirectories } from "../../src/tools/dirtop/mod.ts";
import { ktop, RunningKtop, sum } from "../support/ktop.ts";
import { watchWorkload } from "../support/watch.ts";

/** Reads and writes of the workload `io` on all of its files, and their bytes. */
const IO = {
  reads: 503 + 211 + 67 + 73 + 53,
  writes: 1009 + 307 + 71 + 79 + 53,
  read_bytes: (503 + 53) * 4096 + (211 + 67 + 73) * 100,
  write_bytes: (1009 + 53) * 4096 + (307 + 71 + 79) * 100,
};

Deno.test("dirtop counts I/O for each directory that it lies below, exactly, and for no other", async () => {
  const { ticks } = await watchWorkload(["io"], ["dirtop", "-d", "/tmp,/,/etc,/us*"]);
  const sums = (path: string): Record<string, number> =>
    Object.fromEntries(Object.keys(IO).map((key) => [key, sum(ticks, key, (row) => row.path === path)]));
  assert.deepEqual(sums("/tmp"), IO);
  assert.deepEqual(sums("/"), IO);
  for (const path of ["/etc", "/usr"]) {
    assert.deepEqual(Object.values(sums(path)), [0, 0, 0, 0]);
    assert.ok(ticks[0]!.rows.some((row) => row.path === path), path);
  }
});

Deno.test("dirtop ends with status 2 and an example when no directory is named", async () => {
  const { code, stderr } = await ktop(["dirtop"]);
  assert.equal(code, 2);
  assert.match(stderr, /^ktop: dirtop needs directories\. For instance: ktop dirtop -d /);
});

Deno.test("dirtop as a pane shows the directories directly below /", async () => {
  const { code, stdout, stderr } = await ktop(["--panes", "dirtop", "--json", "--count", "1"]);
  assert.equal(code, 0, stderr);
  const paths: string[] = JSON.parse(stdout).rows.map(({ path }: { path: string }) => path);
  assert.ok(paths.includes("/usr") && !paths.includes("/proc"), paths.join(" "));
});

Deno.test("dirtop takes as many directories as it says, and tells them apart", async () => {
  const parent = await Deno.makeTempDir();
  try {
    const names = Array.from({ length: 25 }, (_, i) => `${parent}/${String(i).padStart(2, "0")}`);
    for (const name of names) await Deno.mkdir(name);
    const run = new RunningKtop(["dirtop", "-d", `${parent}/*`, "--json", "-i", "0.2", "--comm", "dd"]);
    await run.tick();
    for (const [i, count] of [[0, 3], [12, 5], [24, 7]] as const) {
      const args = ["if=/dev/zero", `of=${names[i]}/file`, "bs=512", `count=${count}`];
      await new Deno.Command("dd", { args, stderr: "null" }).output();
    }
    const { ticks, code } = await run.finish();
    assert.equal(code, 0);
    const writes = names.map((name) => sum(ticks, "writes", (row) => row.path === name));
    assert.deepEqual(writes, names.map((_, i) => ({ 0: 3, 12: 5, 24: 7 })[i] ?? 0));
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});

Deno.test("dirtop ends with status 2 when a pattern matches no directory", async () => {
  const run = await ktop(["dirtop", "-d", "/no-such-directory-*"]);
  assert.equal(run.code, 2, run.stderr);
  assert.match(run.stderr, /no-such-directory/);
});

Deno.test("findDirectories() without a list takes those directly below /, but for the kernel's own", () => {
  const paths = findDirectories(undefined).map(({ real }) => real);
  for (const path of paths) assert.match(path, /^\/[^/]+$/);
  assert.ok(paths.includes("/usr") && paths.includes("/etc"), paths.join(" "));
  assert.ok(!paths.includes("/proc") && !paths.includes("/sys"), paths.join(" "));
});
