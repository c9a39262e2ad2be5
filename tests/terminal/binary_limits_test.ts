/**
 * dist/ktop with low limits: an exit code of ktop's and the remedy, down to where Deno's runtime starts at all.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { BINARY } from "./session.ts";

/** Runs dist/ktop after a line of shell. */
async function after(line: string, ...args: readonly string[]): Promise<{ code: number; stderr: string }> {
  const command = new Deno.Command("bash", {
    args: ["-c", `${line}; exec "$@"`, "after", BINARY, ...args],
    stdin: "null",
    stdout: "null",
  });
  const { code, stderr } = await command.output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

for (const tool of ["vfsstat", "readpath"]) {
  Deno.test(`dist/ktop ${tool} exits with 1 and names the limit of open files when it is too low, and blames neither kernel nor installation`, async () => {
    const codes = new Set<number>();
    for (let limit = 56; limit >= 16; limit--) {
      const { code, stderr } = await after(`ulimit -n ${limit}`, tool, "-i", "0.1", "--count", "1");
      codes.add(code);
      assert.doesNotMatch(stderr, /install|kernel/);
      if (code !== 0) assert.match(stderr, /^ktop: [^\n]*ulimit -n 1024\.\n$/, `ulimit -n ${limit}`);
    }
    assert.deepEqual([...codes].toSorted(), [0, 1]);
  });
}

Deno.test("dist/ktop raises a soft limit of open files that is too low", async () => {
  assert.deepEqual(await after("ulimit -Sn 18", "vfsstat", "0.1", "1"), { code: 0, stderr: "" });
});

Deno.test("dist/ktop names the limit of file sizes when it is below the size of the libraries", async () => {
  assert.deepEqual(await after("ulimit -f 4", "vfsstat", "0.1", "1"), {
    code: 1,
    stderr: "ktop: write libz.so.1 to memory: EFBIG. Allow larger files: ulimit -f unlimited.\n",
  });
});

Deno.test("dist/ktop that reaches the file size limit exits with 1, and its recording can be replayed", async () => {
  await using directory = await TemporaryDirectory.make();
  const file = `${directory.path}/recording`;
  const out = `${directory.path}/out`;
  // Libraries of 360 kB are loaded through memory files, which the limit covers.
  const limit = "ulimit -f 400";
  const busy = new Deno.Command("sh", { args: ["-c", "while :; do : </dev/null; done"] }).spawn();
  try {
    const args = ["-p", String(busy.pid), "-i", "0.1"];
    const record = await after(limit, "record", file, "--tools", "opensnoop", ...args);
    assert.equal(record.code, 1, record.stderr);
    assert.match(
      record.stderr,
      /^ktop: Cannot write to .*: the file would exceed the file size limit\. The ticks/,
    );
    assert.equal((await after(":", "replay", file, "--json")).code, 0);
    const text = await after(`${limit}; exec > ${out}`, "opensnoop", ...args);
    assert.deepEqual(text, {
      code: 1,
      stderr: "ktop: Cannot write to standard output: the file would exceed the file size limit.\n",
    });
    assert.equal(Deno.statSync(out).size, 400 * 1024);
  } finally {
    busy.kill("SIGKILL");
    await busy.status;
  }
});
