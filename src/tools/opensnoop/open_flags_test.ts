import assert from "node:assert/strict";
import { UsageError } from "../../errors.ts";
import { openFlagNames, parseOpenFlags } from "./open_flags.ts";

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

Deno.test("openFlagNames() names access mode and flags as strace does", () => {
  const names = openFlagNames("x86_64");
  assert.equal(names(0), "O_RDONLY");
  assert.equal(names(0o2000000), "O_RDONLY|O_CLOEXEC");
  assert.equal(names(0o1101), "O_WRONLY|O_CREAT|O_TRUNC");
  assert.equal(names(0o4002), "O_RDWR|O_NONBLOCK");
  assert.equal(names(0o4010002), "O_RDWR|O_SYNC");
  assert.equal(names(0o10002), "O_RDWR|O_DSYNC");
  assert.equal(names(0o20200001), "O_WRONLY|O_TMPFILE");
  assert.equal(openFlagNames("aarch64")(0o40000), "O_RDONLY|O_DIRECTORY");
});

Deno.test("openFlagNames() shows bits without a name in octal", () => {
  const names = openFlagNames("x86_64");
  assert.equal(names(3), "03");
  assert.equal(names(0o4000000), "O_RDONLY|04000000");
  assert.equal(names(-0x8000_0000), "O_RDONLY|020000000000");
});
