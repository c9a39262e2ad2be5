import assert from "node:assert/strict";
import { UsageError } from "../../errors.ts";
import { parseOpenFlags } from "./open_flags.ts";

Deno.test("parseOpenFlags() separates access modes from flags", () => {
  assert.deepEqual(parseOpenFlags("O_RDONLY", "x86_64"), { access: 1, flags: 0 });
  assert.deepEqual(parseOpenFlags("O_WRONLY,O_RDWR,O_CREAT|O_TRUNC", "x86_64"), {
    access: 0b110,
    flags: 0o1100,
  });
});

Deno.test("parseOpenFlags() accepts names without O_ and in lower case", () => {
  assert.deepEqual(parseOpenFlags("creat", "x86_64"), { access: 0, flags: 0o100 });
});

Deno.test("parseOpenFlags() uses arm64's bits", () => {
  assert.equal(parseOpenFlags("O_DIRECTORY", "x86_64").flags, 0o200000);
  assert.equal(parseOpenFlags("O_DIRECTORY", "aarch64").flags, 0o40000);
});

Deno.test("parseOpenFlags() names the nearest when a flag is unknown", () => {
  assert.throws(
    () => parseOpenFlags("O_CREATE", "x86_64"),
    (error: UsageError) => error instanceof UsageError && /O_CREAT\?/.test(error.remedy ?? ""),
  );
});
