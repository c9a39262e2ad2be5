import assert from "node:assert/strict";
import { parseGeneration, parseIdentity, parseMappings } from "./mappings.ts";

Deno.test("parseMappings() finds executable mappings with offset and path, also without one", () => {
  const text = [
    "00400000-00401000 r--p 00000000 fe:00 1234                               /bin/a",
    "00401000-00402000 r-xp 00001000 fe:00 1234                               /bin/a b\\012c (deleted)",
    "7f0000000000-7f0000001000 rwxp 00000000 00:00 0 ",
    "7ffd4a3fe000-7ffd4a400000 r-xp 00000000 00:00 0                          [vdso]",
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]",
    "",
  ].join("\n");
  const mappings = parseMappings(text);
  assert.deepEqual(mappings.map(({ path }) => path), ["/bin/a b\nc (deleted)", "", "[vdso]", "[vsyscall]"]);
  const { start, end, offset, range } = mappings[0]!;
  assert.deepEqual({ start, end, offset, range }, {
    start: 0x401000,
    end: 0x402000,
    offset: 0x1000,
    range: "00401000-00402000",
  });
});

/** A line of /proc/PID/stat with the fields that matter, counted from 1 as in proc_pid_stat(5). */
function stat(fields: Readonly<Record<number, string>>, comm = "a"): string {
  const all = Array.from({ length: 52 }, (_, index) => fields[index + 1] ?? "7");
  return `1 (${comm}) ${all.slice(2).join(" ")}\n`;
}

Deno.test("parseGeneration() differs after exec and for another process, and does not depend on the name", () => {
  const fields = { 3: "S", 22: "100", 26: "4096", 28: "8192" };
  const first = parseGeneration(stat(fields));
  assert.notEqual(first, null);
  assert.equal(parseGeneration(stat(fields, ") Z 0 (")), first);
  assert.equal(parseGeneration(stat({ ...fields, 3: "R", 14: "99" })), first);
  for (const changed of [{ 22: "101" }, { 26: "4097" }, { 28: "8193" }]) {
    assert.notEqual(parseGeneration(stat({ ...fields, ...changed })), first);
  }
});

Deno.test("parseGeneration() is null for what has no memory: zombies, kernel threads, no file", () => {
  const fields = { 3: "S", 22: "100", 26: "4096", 28: "8192" };
  assert.equal(parseGeneration(stat({ ...fields, 3: "Z" })), null);
  assert.equal(parseGeneration(stat({ ...fields, 26: "0" })), null);
  assert.equal(parseGeneration(""), null);
});

Deno.test("parseIdentity() takes the effective user and the pid in the innermost namespace", () => {
  const status = "Name:\ta\nUid:\t1\t2\t3\t4\nNSpid:\t4711\t12\t3\nKthread:\t0\n";
  assert.deepEqual(parseIdentity(status), { user: 2, pid: 3 });
  assert.deepEqual(parseIdentity("Uid:\t1\t2\t3\t4\nNSpid:\t4711\n"), { user: 2, pid: 4711 });
  assert.equal(parseIdentity(""), null);
});
