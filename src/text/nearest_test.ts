import assert from "node:assert/strict";
import { nearest } from "./nearest.ts";

const TOOLS = ["filetop", "vfsstat", "dcstat", "runqslower", "list", "doctor"];

Deno.test("nearest() finds the word when letters are wrong, missing, doubled or swapped", () => {
  assert.equal(nearest("vfstat", TOOLS), "vfsstat");
  assert.equal(nearest("fliteop", TOOLS), "filetop");
  assert.equal(nearest("dcstatt", TOOLS), "dcstat");
  assert.equal(nearest("DOCTOR", TOOLS), "doctor");
});

Deno.test("nearest() completes a prefix", () => {
  assert.equal(nearest("runq", TOOLS), "runqslower");
});

Deno.test("nearest() returns undefined when no word is near", () => {
  assert.equal(nearest("xyzzy", TOOLS), undefined);
  assert.equal(nearest("lift", ["list"]), "list");
  assert.equal(nearest("diet", ["list"]), undefined);
});

Deno.test("nearest() takes a word of three letters only for its letters in another order, or its start", () => {
  const types = ["ext4", "xfs", "btrfs"];
  assert.equal(nearest("nfs", types), undefined);
  assert.equal(nearest("zfs", types), undefined);
  assert.equal(nearest("XSF", types), "xfs");
  assert.equal(nearest("xf", types), "xfs");
});
