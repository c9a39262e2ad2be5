/**
 * Files that ktop creates: their paths, and what the key w writes.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { screenWriter } from "../../src/cli/screen_files.ts";
import { KtopError, UsageError } from "../../src/errors.ts";
import { narrowTools } from "../../src/monitor/mod.ts";
import { checkNewPath, createFailure } from "../../src/output/mod.ts";
import { flameModel, ROWS } from "../support/flame.ts";

const OPTION = { option: "--flame" };

const problem = (run: () => void): [string, string] => {
  try {
    run();
  } catch (error) {
    if (error instanceof KtopError) return [error.message, error.remedy];
    throw error;
  }
  throw new Error("no KtopError");
};

Deno.test("checkNewPath() refuses the empty path, devices, links to descriptors and directories", () => {
  assert.throws(() => checkNewPath("", OPTION), UsageError);
  assert.deepEqual(problem(() => checkNewPath("", OPTION)), [
    "--flame needs a path.",
    "The path - is standard output.",
  ]);
  for (const path of ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/null"]) {
    for (const force of [false, true]) {
      assert.deepEqual(problem(() => checkNewPath(path, { ...OPTION, force })), [
        `${path} is not a regular file.`,
        "The path - is standard output.",
      ]);
    }
  }
  assert.deepEqual(problem(() => checkNewPath("/tmp", OPTION)), [
    "/tmp is not a regular file.",
    "Name a file in it.",
  ]);
  checkNewPath("-", OPTION);
  checkNewPath("/proc/x.svg", OPTION);
});

Deno.test("checkNewPath() refuses an existing file or link, unless it is to be replaced", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const [file, link] = [join(directory, "file"), join(directory, "link")];
    await Deno.writeTextFile(file, "");
    await Deno.symlink(file, link);
    for (const path of [file, link]) {
      assert.deepEqual(
        problem(() => checkNewPath(path, { ...OPTION, forceRemedy: "--force replaces it." })),
        [
          `${path} already exists.`,
          "--force replaces it.",
        ],
      );
      checkNewPath(path, { ...OPTION, force: true });
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("createFailure() tells a missing directory from one that takes no files", () => {
  const failure = (path: string): string => {
    try {
      Deno.openSync(path, { write: true, createNew: true }).close();
    } catch (error) {
      return createFailure(path, error).message;
    }
    throw new Error(`${path} was created`);
  };
  assert.equal(failure("/proc/x.svg"), "Cannot create /proc/x.svg: no file can be created in /proc.");
  assert.equal(failure("/nonexistent/x"), "Cannot create /nonexistent/x: its directory does not exist.");
  assert.equal(
    failure("/etc/passwd/x"),
    "Cannot create /etc/passwd/x: a part of its path is not a directory.",
  );
  const long = `/tmp/${"x".repeat(300)}`;
  assert.match(failure(long), /: its name is too long\.$/);
});

/** Writes a screen, and returns its folded stacks and their picture. */
async function written(model: ReturnType<typeof flameModel>): Promise<{ folded: string; svg: string }> {
  const directory = await Deno.makeTempDir();
  try {
    await screenWriter(directory)({ text: "", svg: "", html: "", model });
    const names = [...Deno.readDirSync(directory)].map(({ name }) => name);
    const read = (end: string): string =>
      Deno.readTextFileSync(join(directory, names.find((name) => name.endsWith(end))!));
    return { folded: read(".profile.folded"), svg: read(".profile.svg") };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("screenWriter() writes the stacks of all processes, and those of the process to which panes are narrowed", async () => {
  const model = flameModel([ROWS, ROWS]);
  const all = await written(model);
  assert.match(all.folded, /^web;main;serve;parse 60$/m);
  assert.match(all.folded, /^db;main;scan 80$/m);
  const { folded, svg } = await written({ ...model, tools: narrowTools(model.tools, 1) });
  assert.deepEqual(folded.trimEnd().split("\n").sort(), [
    "web;main;serve;parse 60",
    "web;main;serve;read;vfs_read 40",
  ]);
  assert.ok(!svg.includes("scan"));
  assert.match(svg, /process 1, /);
});

Deno.test("screenWriter() leaves out the intervals in which other processes were counted", async () => {
  const model = flameModel([ROWS, ROWS]);
  const [tool] = model.tools;
  const { folded } = await written({
    ...model,
    tools: [{ ...tool!, otherScope: new Set([tool!.times[0]!]) }],
  });
  assert.match(folded, /^web;main;serve;parse 30$/m);
});

Deno.test("screenWriter() says why no file can be created", async () => {
  await assert.rejects(
    screenWriter("/proc")({ text: "", svg: "", html: "", model: flameModel([ROWS]) }),
    /^KtopError: no file can be created in \/proc$/,
  );
});
