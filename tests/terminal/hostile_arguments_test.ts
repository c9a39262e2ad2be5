/**
 * Hostile values for every option, argument and environment variable: whatever ktop prints about them cannot control the
 * terminal, and is short. Runs the command line many times in one process, because it has some 500 combinations.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type ArgumentInfo, type OptionInfo, readGrammar } from "../../src/cli/grammar.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { SEPARATOR } from "./hostile_arguments_runner.ts";

const RUNNER = join(import.meta.dirname!, "hostile_arguments_runner.ts");
const CONFIGURATION = join(import.meta.dirname!, "../../deno.json");

/** Controls (C0 but newline, DEL, C1), bidi controls, zero-width and line separators. */
// deno-lint-ignore no-control-regex -- the controls are what must not appear
const DANGEROUS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const HOSTILE = "/proc/no\x1b]0;x\x07\t\r\x9b31m\u202e\u200b'.\"\\";
const LONG = `/proc/no${"x".repeat(70_000)}`;

/** Largest output about one value, characters: a help text or a list of columns fits, 70,000 do not. */
const MAX_OUTPUT = 10_000;

/** Runs ktop with each line of arguments, in one child process; what each wrote to both streams, in the order of the lines. */
async function outputsOf(
  lines: readonly (readonly string[])[],
  env: Record<string, string> = {},
): Promise<string[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "--config", CONFIGURATION, RUNNER],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  await ReadableStream.from([new TextEncoder().encode(JSON.stringify({ lines, env }))]).pipeTo(child.stdin);
  const { code, stdout, stderr } = await output;
  const decoder = new TextDecoder();
  const [out, errors] = [stdout, stderr].map((bytes) => decoder.decode(bytes).split(SEPARATOR).slice(1));
  assert.deepEqual([code, out!.length, errors!.length], [0, lines.length, lines.length], errors!.at(-1));
  return out!.map((text, index) => text + errors![index]);
}

async function assertHarmless(
  lines: readonly (readonly string[])[],
  env?: Record<string, string>,
): Promise<void> {
  const outputs = await outputsOf(lines, env);
  for (const [index, output] of outputs.entries()) {
    const what = JSON.stringify(lines[index]!.map((word) => word.slice(0, 40)));
    assert.ok(!DANGEROUS.test(output), `${what} printed ${JSON.stringify(output.slice(0, 400))}`);
    assert.ok(output.length < MAX_OUTPUT, `${what} printed ${output.length} characters`);
  }
  assert.ok(outputs.every((output) => output !== ""), "a run printed nothing");
}

/** Ends a run whose hostile value is valid, such as the name of a thread. */
const SHORT_RUN = ["--count", "1", "-i", "0.1"];

function lines(
  command: string[],
  options: readonly OptionInfo[],
  given: readonly ArgumentInfo[],
): string[][] {
  const runs = options.some(({ long }) => long === "--count") ? SHORT_RUN : [];
  const out: string[][] = [];
  for (const value of [HOSTILE, LONG]) {
    for (const { short, long, argument } of options) {
      if (argument === undefined) continue;
      out.push([...command, ...runs, long, value], [...command, ...runs, `${long}=${value}`]);
      if (short) out.push([...command, ...runs, `${short}${value}`]);
    }
    out.push([...command, `--no-such${value}`], [...command, `-${value}`]);
    for (let count = 1; count <= given.length + 1; count++) {
      out.push([...command, ...runs, ...Array<string>(count - 1).fill("1"), value]);
    }
  }
  return out;
}

const { program, commands } = readGrammar(buildProgram());

Deno.test("config: no value of a configuration file reaches the terminal raw", async () => {
  await using directory = await TemporaryDirectory.make();
  const path = `${directory.path}/ktop.toml`;
  const filter = JSON.stringify(`x${HOSTILE}`);
  await Deno.writeTextFile(path, `[tools.filetop]\nfilter = ${filter}\n`, { mode: 0o600 });
  const [output] = await outputsOf([["config", "--config", path]]);
  assert.match(output!, /filter = "x\/proc\/no\\u001b/);
  assert.ok(!DANGEROUS.test(output!), JSON.stringify(output));
});

const VARIABLES = ["XDG_CONFIG_HOME", "HOME", "NO_COLOR", "TERM", "LANG", "LC_ALL"] as const;

Deno.test("no value of an environment variable reaches the terminal raw or at length", async () => {
  for (const value of [HOSTILE, LONG]) {
    await assertHarmless(
      [["config"], ["list"], ["filetop", "--count", "x"], ["-b", "--panes", "x"]],
      Object.fromEntries(VARIABLES.map((name) => [name, value])),
    );
  }
});

for (const { name, options, arguments: given } of [program, ...commands]) {
  Deno.test(`${name}: no value of an option or argument reaches the terminal raw or at length`, async () => {
    await assertHarmless(lines(name === "ktop" ? [] : [name], options, given));
  });
}
