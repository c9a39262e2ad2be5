import assert from "node:assert/strict";
import { joinPath, Walked, walkedPath } from "./paths.ts";

Deno.test("walkedPath() reverses the names when the walk reached the root", () => {
  assert.equal(walkedPath(Walked.root, ["c", "b", "a"]), "/a/b/c");
  assert.equal(walkedPath(Walked.root, []), "/");
});

Deno.test("walkedPath() marks the unknown start when the walk was cut off", () => {
  assert.equal(walkedPath(Walked.cut, ["c", "b"]), "\\…/b/c");
});

Deno.test("walkedPath() has only a name or nothing for an entry outside any directory", () => {
  assert.equal(walkedPath(Walked.unreachable, ["memfd:x"]), "memfd:x");
  assert.equal(walkedPath(Walked.unreachable, [""]), null);
  assert.equal(walkedPath(Walked.none, []), null);
});

Deno.test("joinPath() joins with exactly one slash", () => {
  assert.equal(joinPath("/a", "b/c"), "/a/b/c");
  assert.equal(joinPath("/", "b"), "/b");
  assert.equal(joinPath("/a", "/b"), "/a/b");
  assert.equal(joinPath("/a", ""), "/a");
  assert.equal(joinPath(null, "b"), "b");
});
