/**
 * dirtop against io.c and dd(1), and the directories that it chooses.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { GraphSeries } from "../../src/model/mod.ts";
import { dirtop, findDirectories } from "../../src/tools/dirtop/mod.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, RunningKtop } from "../support/ktop.ts";
import { rowsOf, sumColumn } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as io from "../workloads/io.ts";

Deno.test("dirtop counts I/O exactly for each directory above the file, and for no other", async () => {
  const { ticks, rows } = await watchWorkload(["io"], ["dirtop", "-d", "/tmp,/,/etc,/us*"]);
  const sums = (path: string): Record<string, number> =>
    Object.fromEntries(
      Object.keys(io.allFiles).map((key) => [key, sumColumn(rows, key, (row) => row.path === path)]),
    );
  assert.deepEqual(sums("/tmp"), io.allFiles);
  assert.deepEqual(sums("/"), io.allFiles);
  for (const entry of dirtop.graph) {
    const { key, value } = entry as GraphSeries;
    assert.equal(value(rows), io.allFiles[key as "read_bytes" | "write_bytes"], `graph of ${key}`);
  }
  for (const path of ["/etc", "/usr"]) {
    assert.deepEqual(Object.values(sums(path)), [0, 0, 0, 0]);
    assert.ok(ticks[0]!.rows.some((row) => row.path === path), path);
  }
});

Deno.test("dirtop counts files 61 levels below a directory, and counts those too deep to follow as lost", async () => {
  const { rows } = await watchWorkload(["deep"], ["dirtop", "-d", "/tmp,/"], {
    events: 0,
    keys: io.deep.far,
  });
  for (const path of ["/tmp", "/"]) {
    assert.equal(sumColumn(rows, "writes", (row) => row.path === path), io.deep.near, path);
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

Deno.test("dirtop counts each of 25 directories separately", async () => {
  await using parent = await TemporaryDirectory.make();
  const names = Array.from({ length: 25 }, (_, i) => `${parent.path}/${String(i).padStart(2, "0")}`);
  for (const name of names) await Deno.mkdir(name);
  const run = new RunningKtop(["dirtop", "-d", `${parent.path}/*`, "--json", "-i", "0.2", "--comm", "dd"]);
  await run.tick();
  for (const [i, count] of [[0, 3], [12, 5], [24, 7]] as const) {
    const args = ["if=/dev/zero", `of=${names[i]}/file`, "bs=512", `count=${count}`];
    await new Deno.Command("dd", { args, stderr: "null" }).output();
  }
  const { ticks, code } = await run.finish();
  assert.equal(code, 0);
  const writes = names.map((name) => sumColumn(rowsOf(ticks), "writes", (row) => row.path === name));
  assert.deepEqual(writes, names.map((_, i) => ({ 0: 3, 12: 5, 24: 7 })[i] ?? 0));
});

Deno.test("dirtop ends with status 2 when a pattern matches no directory", async () => {
  const run = await ktop(["dirtop", "-d", "/no-such-directory-*"]);
  assert.equal(run.code, 2, run.stderr);
  assert.match(run.stderr, /no-such-directory/);
});

Deno.test("dirtop ends with status 2 when a pattern would walk through more of the file system than it may", async () => {
  await using directory = await TemporaryDirectory.make();
  for (const name of ["a", "b"]) await Deno.symlink(directory.path, `${directory.path}/${name}`); // 2 to the power of 30 paths
  for (const pattern of [`${directory.path}${"/*".repeat(30)}`, "/*".repeat(700)]) {
    const { code, stderr } = await ktop(["dirtop", "-d", pattern, "--count", "1"]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^ktop: .* too many directories would have to be read\. Write more of the path\.\n$/,
    );
  }
});

Deno.test("findDirectories() expands *, ? and classes through symbolic links, and skips files", async () => {
  await using directory = await TemporaryDirectory.make();
  const { path } = directory;
  for (const name of ["aa/x", "ab/x", "bb/x", ".aa/x"]) {
    await Deno.mkdir(`${path}/${name}`, { recursive: true });
  }
  await Deno.symlink("bb", `${path}/az`);
  await Deno.writeTextFile(`${path}/ac`, "");
  const found = (pattern: string) =>
    findDirectories(`${path}/${pattern}`).map((one) => one.real.slice(path.length));
  assert.deepEqual(found("a*"), ["/aa", "/ab", "/bb"]);
  assert.deepEqual(found("a[a-c]/x"), ["/aa/x", "/ab/x"]);
  assert.deepEqual(found("??/"), ["/aa", "/ab", "/bb"]);
});

Deno.test("findDirectories() without a list returns the directories directly below /, except the kernel's", () => {
  const paths = findDirectories(undefined).map(({ real }) => real);
  for (const path of paths) assert.match(path, /^\/[^/]+$/);
  assert.ok(paths.includes("/usr") && paths.includes("/etc"), paths.join(" "));
  assert.ok(!paths.includes("/proc") && !paths.includes("/sys"), paths.join(" "));
});
