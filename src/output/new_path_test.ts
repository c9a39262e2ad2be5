import assert from "node:assert/strict";
import { join } from "node:path";
import { KtopError, UsageError } from "../errors.ts";
import { checkNewPath, createFailure } from "./new_path.ts";

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
