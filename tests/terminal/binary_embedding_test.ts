/**
 * dist/ktop alone: what it carries, and that it neither needs nor leaves anything on the disk.
 *
 * @module
 */
import assert from "node:assert/strict";
import configuration from "../../deno.json" with { type: "json" };

const binary = new URL("../../dist/ktop", import.meta.url).pathname;

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in an empty directory, with nothing in its environment, and checks that the directory stays empty. */
async function runAlone(command: string, args: readonly string[]): Promise<Finished> {
  const directory = await Deno.makeTempDir();
  try {
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
      cwd: directory,
      clearEnv: true,
      stdin: "null",
    }).output();
    assert.deepEqual(Array.from(Deno.readDirSync(directory)), []);
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Runs the binary under strace and returns its run and the calls with one of `traced`, a line each. */
async function trace(traced: string, args: readonly string[]): Promise<{ run: Finished; calls: string[] }> {
  const log = await Deno.makeTempFile();
  try {
    const run = await runAlone("/usr/bin/strace", [
      "-f",
      "-qq",
      "-o",
      log,
      "-e",
      `trace=${traced}`,
      binary,
      ...args,
    ]);
    return { run, calls: (await Deno.readTextFile(log)).split("\n").filter((line) => line !== "") };
  } finally {
    await Deno.remove(log);
  }
}

Deno.test("dist/ktop prints its version when it is alone in an empty directory without an environment", async () => {
  assert.deepEqual(await runAlone(binary, ["--version"]), {
    code: 0,
    stdout: `${configuration.version}\n`,
    stderr: "",
  });
});

Deno.test("dist/ktop --licenses prints every text whole when standard output is a pipe", async () => {
  const { code, stdout } = await runAlone(binary, ["--licenses"]);
  assert.equal(code, 0);
  assert.match(stdout, /^ktop\n/);
  const folder = new URL("../../src/cli/licenses/", import.meta.url);
  for (const { name } of Deno.readDirSync(folder)) {
    assert.ok(stdout.includes(Deno.readTextFileSync(new URL(name, folder)).trim()), name);
  }
});

Deno.test("dist/ktop creates, writes and renames no file when a tool runs", async () => {
  const { run, calls } = await trace("file,ftruncate,fallocate", ["vfsstat", "0.1", "2"]);
  assert.equal(run.code, 0, run.stderr);
  const changing =
    /O_CREAT|O_WRONLY|O_RDWR|O_TMPFILE|\b(?:creat|mkdir|mknod|rename|link|symlink|unlink|truncate)\w*\(/;
  const allowed = /"\/(?:dev|proc|sys)\//;
  assert.deepEqual(calls.filter((call) => changing.test(call) && !allowed.test(call)), []);
  assert.deepEqual(
    calls.filter((call) => /\b(?!getcwd)\w+\(.*"\/tmp\//.test(call) && !/= -1 E/.test(call)),
    [],
  );
});

Deno.test("dist/ktop loads libbpf, libelf and libz from memory when the system has its own", async () => {
  const { run, calls } = await trace("file,memfd_create", ["vfsstat", "0.1", "1"]);
  assert.equal(run.code, 0, run.stderr);
  const memory = calls.filter((call) => call.includes("memfd_create(")).join("\n");
  for (const library of ["libz", "libelf", "libbpf"]) {
    assert.match(memory, new RegExp(library));
    assert.deepEqual(calls.filter((call) => new RegExp(`open.*/${library}\\.so.*= \\d`).test(call)), []);
  }
});

Deno.test("dist/ktop embeds no test and no package that only tests need", async () => {
  const needles = ["xterm-headless.js", "undici-types", "_test.ts"];
  const file = await Deno.open(binary);
  const found = new Set<string>();
  const decoder = new TextDecoder("latin1");
  let tail = "";
  for await (const chunk of file.readable) {
    const text = tail + decoder.decode(chunk);
    for (const needle of needles) if (text.includes(needle)) found.add(needle);
    tail = text.slice(-32);
  }
  assert.deepEqual([...found], []);
});
