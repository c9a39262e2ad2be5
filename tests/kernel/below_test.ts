/**
 * The directories of removed files, and -d, against below.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { resolve } from "node:path";
import { runCommand } from "../support/commands.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, RunningKtop } from "../support/ktop.ts";
import { countRows, type Losses, losses, type Row, rowsOf } from "../support/ticks.ts";
import { watchWorkload } from "../support/watch.ts";
import * as below from "../workloads/below.ts";

const lostKeys = (keys: number): Losses => ({ events: 0, keys });

/** Runs ktop while a shell works in a directory; returns the rows of what happened below it. */
async function rowsOfShell(
  tool: string,
  directory: string,
  command: string,
  args: readonly string[],
): Promise<readonly Row[]> {
  const ktop = new RunningKtop([tool, "--json", "-i", "0.1", "-d", directory]);
  await ktop.tick();
  await runCommand(command, ...args);
  const { ticks, code, stderr } = await ktop.finish();
  assert.equal(code, 0, stderr);
  return rowsOf(ticks);
}

/** A run beside the workload, with -d unless `everywhere`. */
async function watch(
  tool: readonly string[],
  lost: number,
  { everywhere = false, directory: flag = "-d" } = {},
): Promise<{ rows: readonly Row[]; tier: string; base: string }> {
  await using directory = await TemporaryDirectory.make();
  const base = directory.path;
  const options = everywhere ? [] : [flag, `${base}/in`];
  await Deno.mkdir(`${base}/in`);
  const { rows, ticks } = await watchWorkload(["below", base], [...tool, ...options], lostKeys(lost));
  return { rows, tier: ticks[0]!.tier, base };
}

Deno.test("filegone shows the directory of each removed and renamed name", async () => {
  const { rows, tier, base } = await watch(["filegone"], 0, { everywhere: true });
  assert.deepEqual(countRows(rows, below.letterOf), below.allGone);
  const expected = { ...below.directories(tier), ...below.changedDirectories };
  assert.deepEqual(below.directoriesIn(rows, base), expected);
});

Deno.test("filegone shows whole paths of removed names, and both of a rename", async () => {
  const { rows, base } = await watch(["filegone"], 0, { everywhere: true });
  const pathsOf = (name: string) =>
    rows.filter((row) => row.name === name).map((row) => [row.path, row.new_path]);
  assert.deepEqual(pathsOf("b-4"), [[`${base}/in/b-4`, null]]);
  assert.deepEqual(pathsOf("g-18"), [[`${base}/in/bind/g-18`, null]]);
  assert.deepEqual(pathsOf("o-1"), [[`${base}/in/o-1`, null]]);
  assert.deepEqual(pathsOf("i-28"), [[`${base}/in/i-28`, `${base}/out/i-28`]]);
  assert.deepEqual(pathsOf("j-30"), [[`${base}/out/j-30`, `${base}/out/j-moved-30`]]);
});

Deno.test("filegone -d reports names below the directory, renames into it and out of it, and no others", async () => {
  const { rows, tier } = await watch(["filegone"], below.TOO_DEEP);
  assert.deepEqual(countRows(rows, below.letterOf), below.gone(tier));
});

Deno.test("filelife shows the directory of each removed file", async () => {
  const { rows, tier, base } = await watch(["filelife"], 0, { everywhere: true });
  assert.deepEqual(countRows(rows, below.letterOf), below.allLives());
  assert.deepEqual(below.directoriesIn(rows, base), below.directories(tier));
  assert.ok(rows.every((row) => row.path === `${row.dir === "/" ? "" : row.dir}/${row.file}`));
});

Deno.test("filelife -d reports files removed below the directory, and no others", async () => {
  const { rows, tier } = await watch(["filelife"], below.TOO_DEEP);
  assert.deepEqual(countRows(rows, below.letterOf), below.lives(tier));
});

Deno.test("fileslower -d reports writes below the directory, and no others", async () => {
  const { rows } = await watch(["fileslower", "0"], below.TOO_DEEP);
  assert.deepEqual(countRows(rows, below.letterOf), below.files);
});

Deno.test("opensnoop --directory reports opens below the directory, and failed ones by their path", async () => {
  const { rows } = await watch(["opensnoop"], 2 * below.TOO_DEEP, { directory: "--directory" });
  assert.deepEqual(countRows(rows, below.letterOf), below.opens);
});

Deno.test("opensnoop --directory -x reports failed opens below the directory, and no others", async () => {
  const { rows } = await watch(["opensnoop", "-x"], below.TOO_DEEP, { directory: "--directory" });
  assert.deepEqual(countRows(rows, below.letterOf), below.failedOpens);
  assert.ok(rows.every(({ err_name }) => err_name === "ENOENT"));
});

Deno.test("statsnoop -d reports calls on paths and open files below the directory, and no others", async () => {
  const { rows } = await watch(["statsnoop"], 2 * below.TOO_DEEP);
  assert.deepEqual(countRows(rows, below.letterOf), below.stats);
});

Deno.test("filegone reports the paths that strace prints for the same calls", async () => {
  await using directory = await TemporaryDirectory.make();
  const work = `${directory.path}/work`;
  const log = `${directory.path}/log`;
  const script =
    "mkdir -p a/deep b c && touch a/x a/z b/y a/deep/1 a/deep/2 && cd a && rm x ../b/y && rm -d ../c && " +
    'mv z ../b/w && mv -T deep "$0/moved" && cd ../moved && rm -r "$0/moved"';
  await Deno.mkdir(work);
  const calls = "trace=unlinkat,renameat,renameat2";
  const traced = ["-f", "-y", "-z", "-o", log, "-e", calls, "sh", "-c", `cd "$0" && ${script}`, work];
  const rows = await rowsOfShell("filegone", work, "strace", traced);
  const paths = [...Deno.readTextFileSync(log).matchAll(/ (?:unlink|rename)\w*\((.*)\) += 0/g)].map(
    ([, args]) => {
      // AT_FDCWD</work>, "name" or only "name".
      const given = [...args!.matchAll(/(?:<([^>]*)>, )?"([^"]*)"/g)];
      return given.map(([, start, path]) => resolve((start ?? "/").replace(/ \(deleted\)$/, ""), path!));
    },
  );
  assert.equal(paths.length, 8);
  assert.deepEqual(rows.map(({ path, new_path }) => new_path === null ? [path] : [path, new_path]), paths);
});

Deno.test("filegone and filelife print a hostile directory name escaped", async () => {
  await using directory = await TemporaryDirectory.make();
  const script = `cd "$0" && d=$(printf 'a\\033]0;x\\007\\n\\377b') && mkdir "$d" && : > "$d/f" && rm "$d/f"`;
  const escaped = `${directory.path}/a\\x1b]0;x\\a\\n\\xffb`;
  for (const tool of ["filegone", "filelife"]) {
    await Deno.remove(directory.path, { recursive: true });
    await Deno.mkdir(directory.path);
    const rows = await rowsOfShell(tool, directory.path, "sh", ["-c", script, directory.path]);
    assert.deepEqual(rows.map(({ dir, path }) => [dir, path]), [[escaped, `${escaped}/f`]]);
  }
});

Deno.test("filegone -d takes a directory 60 levels deep, also by paths from above it", async () => {
  await using directory = await TemporaryDirectory.make();
  const deep = `${directory.path}${"/d".repeat(60)}`;
  await Deno.mkdir(deep, { recursive: true });
  const script =
    `cd "$0" && : > a && rm a && cd ../.. && : > d/d/b && rm d/d/b && : > d/c && rm d/c && : > "$0/e" && rm "$0/e"`;
  const rows = await rowsOfShell("filegone", deep, "sh", ["-c", script, deep]);
  assert.deepEqual(rows.map(({ name }) => name), ["a", "b", "e"]);
});

Deno.test("filegone -d ends with status 1 for a directory below more than 255 others", async () => {
  await using directory = await TemporaryDirectory.make();
  const deep = `${directory.path}${"/d".repeat(254)}`;
  await Deno.mkdir(deep, { recursive: true });
  const { code, stderr } = await ktop(["filegone", "-d", deep, "--count", "1"]);
  assert.deepEqual([code, stderr.replace(/\S*\/\S*/, "DIR")], [
    1,
    "ktop: DIR is below more than 255 directories.\n",
  ]);
});

Deno.test("statsnoop -d counts a path with 801 names as lost, and one with 401 names by where it leads", async () => {
  await using directory = await TemporaryDirectory.make();
  await Deno.mkdir(`${directory.path}/d`);
  const ktop = new RunningKtop(["statsnoop", "--json", "-i", "0.1", "-d", directory.path, "--comm", "stat"]);
  await ktop.tick();
  for (const turns of [400, 200]) {
    await new Deno.Command("stat", {
      args: [`${"d/../".repeat(turns)}absent`],
      cwd: directory.path,
      stderr: "null",
    }).output();
  }
  const { ticks, code } = await ktop.finish();
  assert.equal(code, 0);
  assert.deepEqual(losses(ticks), lostKeys(1));
  assert.deepEqual(rowsOf(ticks).map(({ err_name }) => err_name), ["ENOENT"]);
});
