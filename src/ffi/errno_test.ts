import assert from "node:assert/strict";
import { BpfError, errnoOf, isExhausted, KtopError, reasonOf } from "../errors.ts";
import { errnoName, errnoNumber } from "./errno.ts";

Deno.test("errnoName() names Linux's numbers of either sign", () => {
  const known = {
    1: "EPERM",
    2: "ENOENT",
    7: "E2BIG",
    22: "EINVAL",
    28: "ENOSPC",
    38: "ENOSYS",
    40: "ELOOP",
    42: "ENOMSG",
  };
  const later = { 59: "EBFONT", 95: "EOPNOTSUPP", 99: "EADDRNOTAVAIL", 110: "ETIMEDOUT", 133: "EHWPOISON" };
  for (const [number, name] of Object.entries({ ...known, ...later })) {
    assert.equal(errnoName(Number(number)), name);
    assert.equal(errnoName(-Number(number)), name);
  }
});

Deno.test("errnoName() names the kernel's ENOTSUPP and libbpf's own errors", () => {
  assert.equal(errnoName(-524), "ENOTSUPP");
  assert.equal(errnoName(-4000), "LIBBPF_ERRNO__LIBELF");
  assert.equal(errnoName(4007), "LIBBPF_ERRNO__VERIFY");
  assert.equal(errnoName(4013), "LIBBPF_ERRNO__NLPARSE");
});

Deno.test("errnoName() returns the number when it has no name", () => {
  for (const number of [0, 41, 58, 134, 3999, 4014]) assert.equal(errnoName(number), `errno ${number}`);
});

Deno.test("errnoNumber() is the inverse of errnoName() when the name exists", () => {
  for (const name of ["EPERM", "ENOENT", "EHWPOISON", "ENOTSUPP"]) {
    assert.equal(errnoName(errnoNumber(name)), name);
  }
  assert.throws(() => errnoNumber("ENOPE"), TypeError);
  assert.throws(() => errnoNumber("-"), TypeError);
});

Deno.test("reasonOf() leaves out the number and the call of Deno's errors", () => {
  assert.equal(reasonOf(new Error("Not a directory (os error 20): stat '/etc/passwd/'")), "Not a directory");
  assert.equal(reasonOf(new KtopError("a (b)")), "a (b)");
  assert.equal(reasonOf("text"), "text");
});

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
