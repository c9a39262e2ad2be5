import assert from "node:assert/strict";
import { archiveLock, type Lock, programLock } from "./locks.ts";

const lock: Lock = {
  specifiers: { "npm:@a/one@1.0.0": "1.0.0", "npm:two@2.0.0": "2.0.0", "npm:@types/node@*": "22.15.15" },
  npm: {
    "@a/one@1.0.0": { dependencies: ["deep", "both@2.0.0"] },
    "both@1.0.0": {},
    "both@2.0.0": {},
    "deep@3.0.0": { dependencies: ["deeper"] },
    "deeper@4.0.0": {},
    "two@2.0.0": { dependencies: ["both@1.0.0"] },
    "@types/node@22.15.15": {},
  },
  workspace: { dependencies: ["npm:@a/one@1.0.0"] },
};

Deno.test("programLock() keeps the imports of deno.json and their dependencies, and drops packages of tests", () => {
  const { specifiers, npm } = programLock(lock);
  assert.deepEqual(specifiers, { "npm:@a/one@1.0.0": "1.0.0" });
  assert.deepEqual(Object.keys(npm), ["@a/one@1.0.0", "both@2.0.0", "deep@3.0.0", "deeper@4.0.0"]);
});

Deno.test("archiveLock() sets for each package the URL of its archive at the registry", () => {
  const { npm, specifiers } = archiveLock(lock, "http://localhost:1/npm/");
  assert.equal(npm["@a/one@1.0.0"]?.tarball, "http://localhost:1/npm/@a/one/-/one-1.0.0.tgz");
  assert.equal(npm["two@2.0.0"]?.tarball, "http://localhost:1/npm/two/-/two-2.0.0.tgz");
  assert.deepEqual(npm["two@2.0.0"]?.dependencies, ["both@1.0.0"]);
  assert.equal(specifiers, lock.specifiers);
});
