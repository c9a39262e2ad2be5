import assert from "node:assert/strict";
import { cpio } from "./cpio.ts";

const parts = cpio([
  { kind: "directory", path: "bin" },
  { kind: "link", path: "bin/sh", target: "busybox" },
  { kind: "file", path: "bin/run", bytes: new TextEncoder().encode("12345"), executable: true },
]);
const archive = parts.map((part) => new TextDecoder().decode(part)).join("");

Deno.test("cpio() aligns each member to four bytes, whatever the lengths of names and data", () => {
  const starts = [...archive.matchAll(/070701/g)].map((match) => match.index);
  assert.equal(starts.length, 4);
  assert.ok(starts.every((start) => start % 4 === 0), String(starts));
});

Deno.test("cpio() writes mode, size and data of a file in the newc format", () => {
  const at = archive.lastIndexOf("070701", archive.indexOf("bin/run"));
  const field = (index: number) => parseInt(archive.slice(at + 6 + 8 * index, at + 14 + 8 * index), 16);
  assert.equal(field(1), 0o100755);
  assert.equal(field(6), 5);
  assert.equal(field(11), "bin/run\0".length);
  assert.equal(archive.slice(at + 120, at + 125), "12345");
});

Deno.test("cpio() ends with the trailer that the kernel expects", () => {
  assert.match(archive, /TRAILER!!!\0+$/);
});
