import assert from "node:assert/strict";
import {
  callPath,
  joinPath,
  openFilePath,
  pathOfPlace,
  PathPart,
  placeOf,
  Walked,
  walkedPath,
} from "./paths.ts";

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

Deno.test("walkedPath() marks a path outside the root of the process", () => {
  assert.equal(walkedPath(Walked.outside, ["b", "a"]), "(unreachable)/a/b");
  assert.equal(walkedPath(Walked.outside, []), "(unreachable)/");
});

Deno.test("openFilePath() marks a removed name, and has no path for a file without a name", () => {
  assert.equal(openFilePath({ walked: Walked.root, deleted: 0 }, ["b", "a"]), "/a/b");
  assert.equal(openFilePath({ walked: Walked.root, deleted: 1 }, ["b", "a"]), "/a/b (deleted)");
  assert.equal(openFilePath({ walked: Walked.unreachable, deleted: 0 }, [""]), null);
  assert.equal(openFilePath({ walked: Walked.none, deleted: 0 }, []), null);
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

Deno.test("placeOf() is the name in the walked directory when no path was given", () => {
  assert.deepEqual(placeOf(0, Walked.root, "f", ["b", "a"]), { dir: "/a/b", name: "f" });
  assert.deepEqual(placeOf(0, Walked.root, "f", []), { dir: "/", name: "f" });
  assert.deepEqual(placeOf(0, Walked.cut, "f", ["b"]), { dir: "\\…/b", name: "f" });
  assert.deepEqual(placeOf(0, Walked.none, "f", []), { dir: null, name: "f" });
});

Deno.test("placeOf() resolves a path: `..` at its start exactly, later ones only as text", () => {
  const relative = PathPart.given | PathPart.relative;
  const dirOf = (text: string, names: readonly string[], walked: number = Walked.root) =>
    placeOf(relative, walked, text, names).dir;
  assert.equal(dirOf("f", ["b", "a"]), "/a/b");
  assert.equal(dirOf("./x//f/", ["b", "a"]), "/a/b/x");
  assert.equal(dirOf("../../f", ["b", "a"]), "/");
  assert.equal(dirOf("../../../x/f", ["b", "a"]), "/x");
  assert.equal(dirOf("../x/../f", ["b", "a"]), "/a/x/..");
  assert.equal(dirOf("../f", ["b"], Walked.cut), "\\…/");
  assert.equal(dirOf("../../f", ["b"], Walked.cut), "\\…/..");
  assert.equal(dirOf("x/f", [], Walked.none), "\\…/x");
  assert.deepEqual(placeOf(PathPart.given, Walked.none, "//x/./y/../f", []), { dir: "/x/y/..", name: "f" });
});

Deno.test("pathOfPlace() joins directory and name", () => {
  assert.equal(pathOfPlace({ dir: "/", name: "f" }), "/f");
  assert.equal(pathOfPlace({ dir: "/a", name: "f" }), "/a/f");
  assert.equal(pathOfPlace({ dir: null, name: "f" }), null);
});
