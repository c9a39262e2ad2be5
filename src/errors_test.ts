import assert from "node:assert/strict";
import { BpfError, errnoOf, isExhausted, KtopError } from "./errors.ts";

Deno.test("errnoOf() finds the errno of ktop's errors, and of Deno's by code, number or text", () => {
  assert.equal(errnoOf(new BpfError("load vfsstat", "ENOMEM")), "ENOMEM");
  assert.equal(errnoOf(Object.assign(new Error("no such file"), { code: "ENOENT" })), "ENOENT");
  assert.equal(errnoOf(new Error("File too large (os error 27)")), "EFBIG");
  assert.equal(
    errnoOf(new Error("Could not open library: /a: cannot open shared object file: Too many open files")),
    "EMFILE",
  );
  for (const other of [new KtopError("ENOENT"), new Error("line 24"), "EMFILE", null]) {
    assert.equal(errnoOf(other), "");
  }
});

Deno.test("isExhausted() distinguishes a lack of descriptors and memory from refusals", () => {
  for (const errno of ["EMFILE", "ENFILE", "ENOMEM"]) assert.ok(isExhausted(new BpfError("load a", errno)));
  for (const errno of ["EPERM", "EINVAL", "ENOENT"]) assert.ok(!isExhausted(new BpfError("load a", errno)));
});
