import assert from "node:assert/strict";
import { callPath, joinPath, PathPart, Walked, walkedPath } from "./paths.ts";

Deno.test("walkedPath() reverses the names when the walk reached the root", () => {
  assert.equal(walkedPath(Walked.root, ["c", "b", "a"]), "/a/b/c");
  assert.equal(walkedPath(Walked.root, []), "/");
});

Deno.test("walkedPath() marks the unknown start when the walk was cut off", () => {
  assert.equal(walkedPath(Walked.cut, ["c", "b"]), "\\…/b/c");
});

Deno.test("walkedPath() returns only a name or nothing for an entry outside any directory", () => {
  assert.equal(walkedPath(Walked.unreachable, ["memfd:x"]), "memfd:x");
  assert.equal(walkedPath(Walked.unreachable, [""]), null);
  assert.equal(walkedPath(Walked.unreachable, ["/"]), null);
  assert.equal(walkedPath(Walked.none, []), null);
});

Deno.test("joinPath() joins with exactly one slash", () => {
  assert.equal(joinPath("/a", "b/c"), "/a/b/c");
  assert.equal(joinPath("/", "b"), "/b");
  assert.equal(joinPath("/a", "/b"), "/a/b");
  assert.equal(joinPath("/a", ""), "/a");
});

Deno.test("callPath() joins a given path with its directory, and marks what is unknown", () => {
  const { given, cut, relative } = PathPart;
  assert.equal(callPath(given, Walked.none, ["a"]), "a");
  assert.equal(callPath(given | cut, Walked.none, ["a"]), "a\\…");
  assert.equal(callPath(given | relative, Walked.root, ["c", "b", "a"]), "/a/b/c");
  assert.equal(callPath(given | relative, Walked.cut, ["c", "b"]), "\\…/b/c");
  assert.equal(callPath(given | relative, Walked.none, ["c"]), "\\…/c");
  assert.equal(callPath(given | relative, Walked.unreachable, ["c", "/"]), "\\…/c");
});

Deno.test("callPath() is the open file's path when none was given", () => {
  assert.equal(callPath(0, Walked.root, ["b", "a"]), "/a/b");
  assert.equal(callPath(0, Walked.none, []), null);
});
