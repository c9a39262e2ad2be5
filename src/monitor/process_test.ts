import assert from "node:assert/strict";
import { commandLine, parseCgroup, parseStat } from "./process.ts";

const stat = (comm: string, state: string, threads: number): string =>
  `4242 (${comm}) ${state} 1 4242 4242 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 ${threads} 0 987654 1000 20 18446744073709551615`;

Deno.test("parseStat() finds state and start time after any comm", () => {
  for (const comm of ["nginx", "a) Z 1 (b", "((sd-pam))", ""]) {
    assert.deepEqual(parseStat(stat(comm, "S", 1)), { startTime: 987654, ended: false });
  }
});

Deno.test("parseStat() counts a zombie as ended unless it has other threads", () => {
  assert.equal(parseStat(stat("x", "Z", 1))?.ended, true);
  assert.equal(parseStat(stat("x", "X", 0))?.ended, true);
  assert.equal(parseStat(stat("x", "Z", 3))?.ended, false);
});

Deno.test("parseStat() returns null for other text", () => {
  for (const text of ["", "4242", "4242 (x) S 1 2"]) assert.equal(parseStat(text), null);
});

Deno.test("commandLine() quotes arguments with spaces, escapes each, and ends with or without a NUL", () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  assert.equal(
    commandLine(bytes("nginx\0-g\0daemon off;\0\0it's\0")),
    "nginx -g 'daemon off;' '' 'it'\\''s'",
  );
  assert.equal(commandLine(bytes("postgres: writer process")), "'postgres: writer process'");
  assert.equal(commandLine(bytes("evil\x1b[2J\0\n")), "evil\\x1b[2J \\n");
  assert.equal(commandLine(new Uint8Array()), "");
});

Deno.test("parseCgroup() returns the path of cgroup v2, else of the first line, escaped", () => {
  assert.equal(parseCgroup("12:cpu:/a\n0::/system.slice/nginx.service\n"), "/system.slice/nginx.service");
  assert.equal(parseCgroup("12:cpu:/a\x1b\n1:name=systemd:/\n"), "12:cpu:/a\\x1b");
  assert.equal(parseCgroup(""), "");
});
