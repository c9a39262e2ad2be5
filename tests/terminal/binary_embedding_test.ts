/**
 * The contents of dist/ktop, and that it needs no other file and writes none.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import configuration from "../../deno.json" with { type: "json" };
import { TemporaryDirectory } from "../support/directory.ts";
import { runCommand } from "../support/commands.ts";
import type { Finished } from "../support/ktop.ts";
import { BINARY } from "./session.ts";

/** Runs a command in an empty directory without an environment, and fails unless the directory stays empty. */
async function runAlone(command: string, args: readonly string[]): Promise<Finished> {
  await using directory = await TemporaryDirectory.make();
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: directory.path,
    clearEnv: true,
    stdin: "null",
  }).output();
  assert.deepEqual(Array.from(Deno.readDirSync(directory.path)), []);
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Modules that are loaded on demand, and a command that needs each. */
const ON_DEMAND = [
  ["the subcommands", ["--help"]],
  ["the recordings", ["replay", "--demo", "--json"]],
  ["the patterns", ["execsnoop", "--name", "/x+/", "0.1", "1"]],
  ["the configuration", ["config"]],
  ["the texts of licences", ["--licenses"]],
  ["the manual page", ["man"]],
  ["the completions of bash", ["completions", "bash"]],
  ["the completions of zsh", ["completions", "zsh"]],
  ["the completions of fish", ["completions", "fish"]],
] as const;

for (const [modules, args] of ON_DEMAND) {
  Deno.test(`dist/ktop loads ${modules} from a read-only directory, with a read-only /tmp`, async () => {
    // The working directory is below /tmp, and the binary may be.
    const readOnly =
      'mount --rbind /tmp /tmp && mount -o remount,bind,ro /tmp && cd "$PWD" && ! touch x 2>&- && exec "$@"';
    const { code, stdout, stderr } = await runAlone("/bin/sh", [
      "-c",
      `exec unshare --mount /bin/sh -c '${readOnly}' sh "$0" "$@"`,
      BINARY,
      ...args,
    ]);
    assert.equal(code, 0, stderr);
    assert.notEqual(stdout, "");
  });
}

/** Runs the binary under strace(1) and returns the calls of `traced`, a line each. */
async function trace(traced: string, args: readonly string[]): Promise<{ run: Finished; calls: string[] }> {
  await using directory = await TemporaryDirectory.make();
  const log = join(directory.path, "log");
  const options = ["-f", "-qq", "-s", "4096", "-o", log, "-e", `trace=${traced}`];
  const run = await runAlone("/usr/bin/strace", [...options, BINARY, ...args]);
  return { run, calls: (await Deno.readTextFile(log)).split("\n").filter((line) => line !== "") };
}

Deno.test("dist/ktop --version works in an empty directory without an environment", async () => {
  assert.deepEqual(await runAlone(BINARY, ["--version"]), {
    code: 0,
    stdout: `${configuration.version}\n`,
    stderr: "",
  });
});

Deno.test("dist/ktop --version --json lists the libraries that it embeds, with their checksums", async () => {
  const { code, stdout, stderr } = await runAlone(BINARY, ["--version", "--json"]);
  assert.equal(code, 0, stderr);
  const { version, libraries } = JSON.parse(stdout);
  assert.equal(version, configuration.version);
  const built = join(import.meta.dirname!, "../../build/lib");
  const files = [...Deno.readDirSync(built)].map(({ name }) => name).filter((name) => name.includes(".so"));
  assert.deepEqual(libraries.map(({ file }: { file: string }) => file).toSorted(), files.toSorted());
  const licenses = (await runAlone(BINARY, ["--licenses"])).stdout;
  for (const { file, sha256, version } of libraries) {
    assert.equal((await runCommand("sha256sum", join(built, file))).split(" ")[0], sha256);
    assert.ok(licenses.includes(`version: ${version}`) && licenses.includes(`sha256:  ${sha256}`), file);
  }
});

Deno.test("dist/ktop and the libraries that it embeds need no version of glibc above 2.28", async () => {
  const built = join(import.meta.dirname!, "../../build");
  const native = ["guard.so", "threads.so"].map((name) => `native/${name}`);
  const paths = ["libz.so.1", "libelf.so.1", "libbpf.so.1"].map((name) => `lib/${name}`);
  for (const file of [BINARY, ...[...paths, ...native].map((path) => join(built, path))]) {
    const symbols = await runCommand("objdump", "-T", file);
    const newer = [...symbols.matchAll(/GLIBC_(\d+)\.(\d+)[^ )]*\)? +(\S+)/g)]
      .filter(([, major, minor]) => Number(major) > 2 || Number(minor) > 28);
    assert.deepEqual(newer.map(([text]) => text), [], file);
    assert.doesNotMatch(symbols, /GLIBC_[^0-9]/);
  }
});

Deno.test("dist/ktop --licenses prints each text completely to a pipe", async () => {
  const { code, stdout } = await runAlone(BINARY, ["--licenses"]);
  assert.equal(code, 0);
  assert.match(stdout, /^ktop\n/);
  const folder = new URL("../../src/cli/licenses/", import.meta.url);
  for (const { name } of Deno.readDirSync(folder)) {
    assert.ok(stdout.includes(Deno.readTextFileSync(new URL(name, folder)).trim()), name);
  }
});

Deno.test("dist/ktop creates, writes and renames no file while a tool runs", async () => {
  const { run, calls } = await trace("file,ftruncate,fallocate", ["vfsstat", "0.1", "2"]);
  assert.equal(run.code, 0, run.stderr);
  const changing =
    /O_CREAT|O_WRONLY|O_RDWR|O_TMPFILE|\b(?:creat|mkdir|mknod|rename|link|symlink|unlink|truncate)\w*\(/;
  const allowed = /"\/(?:dev|proc|sys)\//;
  assert.deepEqual(calls.filter((call) => changing.test(call) && !allowed.test(call)), []);
  // The binary itself may be below /tmp.
  const inTmp = /\b(?!getcwd)\w+\(.*"\/tmp\//;
  assert.deepEqual(
    calls.filter((call) => inTmp.test(call.replaceAll(BINARY, "")) && !/= -1 E/.test(call)),
    [],
  );
});

Deno.test("dist/ktop loads libbpf, libelf and libz from memory, not from the system", async () => {
  const { run, calls } = await trace("file,memfd_create", ["vfsstat", "0.1", "1"]);
  assert.equal(run.code, 0, run.stderr);
  const memory = calls.filter((call) => call.includes("memfd_create(")).join("\n");
  for (const library of ["libz", "libelf", "libbpf"]) {
    assert.match(memory, new RegExp(library));
    assert.deepEqual(calls.filter((call) => new RegExp(`open.*/${library}\\.so.*= \\d`).test(call)), []);
  }
});

Deno.test("dist/ktop contains no test and no package that only tests need", async () => {
  const needles = ["xterm-headless.js", "undici-types", "_test.ts"];
  const file = await Deno.open(BINARY);
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
