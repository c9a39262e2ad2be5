/**
 * Flame graphs as files: profile --flame beside busy.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, ktopCommand } from "../support/ktop.ts";
import { Workload } from "../support/workload.ts";

/** Weight and depth of each frame of a picture with this name. */
function framesNamed(svg: string, name: string): { weight: number; depth: number }[] {
  const frames = svg.matchAll(/data-w="([\d.]+)" data-d="(\d+)" data-n="([^"]*)"/g);
  return Array.from(frames).flatMap(([, weight, depth, own]) =>
    own === name ? [{ weight: Number(weight), depth: Number(depth) }] : []
  );
}

Deno.test("profile --flame writes a new file with the samples of all intervals, and prints nothing", async () => {
  await using directory = await TemporaryDirectory.make();
  const path = join(directory.path, "busy.svg");
  const args = ["profile", "--flame", path, "-F", "997", "--comm", "busy", "-i", "0.5", "--count", "4"];
  const run = ktopCommand(args).spawn();
  let ended = false;
  const output = run.output().finally(() => ended = true);
  while (!ended) await (await Workload.start("busy", ["1"])).run();
  const { code, stdout, stderr } = await output;
  assert.deepEqual([code, stdout.length, new TextDecoder().decode(stderr)], [0, 0, ""]);
  const { mode } = await Deno.stat(path);
  assert.equal(mode! & 0o777, 0o600);
  const svg = await Deno.readTextFile(path);
  const [all] = framesNamed(svg, "all");
  assert.ok(all!.weight > 0);
  assert.deepEqual(framesNamed(svg, "busy"), [{ weight: all!.weight, depth: 1 }]);
  assert.match(svg, /\d samples in 2\.\d s, /);
});

Deno.test("profile --flame - writes the picture to standard output", async () => {
  const { code, stdout } = await ktop(["profile", "--flame", "-", "0.2"]);
  assert.equal(code, 0);
  assert.match(stdout, /^<svg [^]*<\/svg>\n$/);
});

Deno.test("--flame refuses a file that exists, a wrong path, and options that choose another output", async () => {
  await using directory = await TemporaryDirectory.make();
  const path = join(directory.path, "old.svg");
  await Deno.writeTextFile(path, "old");
  const exists = await ktop(["profile", "--flame", path, "0.1"]);
  assert.deepEqual([exists.code, exists.stderr], [1, `ktop: ${path} already exists.\n`]);
  assert.equal(await Deno.readTextFile(path), "old");
  const missing = await ktop(["profile", "--flame", join(directory.path, "no", "new.svg"), "0.1"]);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^ktop: Cannot create .*: its directory does not exist\.\n$/);
  for (const option of ["--json", "--csv", "--folded"]) {
    const { code, stderr } = await ktop(["profile", "--flame", path, option, "0.1"]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      new RegExp(`^ktop: ${option} has no effect on --flame, which writes one picture\\.\n`),
    );
  }
  const other = await ktop(["vfsstat", "--flame", path, "0.1"]);
  assert.equal(other.code, 2);
});
