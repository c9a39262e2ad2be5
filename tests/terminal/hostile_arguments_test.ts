/**
 * Hostile values for every option, argument and environment variable: whatever ktop prints about them cannot control the
 * terminal, and is short. Runs the command line in this process, because it has some 500 combinations.
 */
import assert from "node:assert/strict";
import { type ArgumentInfo, type OptionInfo, readGrammar } from "../../src/cli/grammar.ts";
import { main } from "../../src/cli/mod.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { TemporaryDirectory } from "../support/directory.ts";

/** Controls (C0 but newline, DEL, C1), bidi controls, zero-width and line separators. */
// deno-lint-ignore no-control-regex -- the controls are what must not appear
const DANGEROUS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const HOSTILE = "/proc/no\x1b]0;x\x07\t\r\x9b31m\u202e\u200b'.\"\\";
const LONG = `/proc/no${"x".repeat(70_000)}`;

/** Largest output about one value, characters: a help text or a list of columns fits, 70,000 do not. */
const MAX_OUTPUT = 10_000;

/** Runs ktop in this process and returns what it wrote to standard output and standard error. */
async function outputOf(args: readonly string[]): Promise<string> {
  const decoder = new TextDecoder();
  let output = "";
  const take = (bytes: Uint8Array): number => {
    output += decoder.decode(bytes, { stream: true });
    return bytes.length;
  };
  const saved = [
    Deno.stdout.write,
    Deno.stdout.writeSync,
    Deno.stderr.writeSync,
    console.error,
    console.log,
  ] as const;
  try {
    Deno.stdout.write = (bytes) => Promise.resolve(take(bytes));
    Deno.stdout.writeSync = Deno.stderr.writeSync = take;
    console.error = console.log = (text: string) => void (output += `${text}\n`);
    await main(args);
  } finally {
    [Deno.stdout.write, Deno.stdout.writeSync, Deno.stderr.writeSync, console.error, console.log] = saved;
  }
  return output;
}

async function assertHarmless(args: readonly string[]): Promise<void> {
  const output = await outputOf(args);
  const what = JSON.stringify(args.map((word) => word.slice(0, 40)));
  assert.ok(!DANGEROUS.test(output), `${what} printed ${JSON.stringify(output.slice(0, 400))}`);
  assert.ok(output.length < MAX_OUTPUT, `${what} printed ${output.length} characters`);
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
  const output = await outputOf(["config", "--config", path]);
  assert.match(output, /filter = "x\/proc\/no\\u001b/);
  assert.ok(!DANGEROUS.test(output), JSON.stringify(output));
});

const VARIABLES = ["XDG_CONFIG_HOME", "HOME", "NO_COLOR", "TERM", "LANG", "LC_ALL"] as const;

Deno.test({
  name: "no value of an environment variable reaches the terminal raw or at length",
  sanitizeResources: false, // libc and libbpf stay open
  fn: async () => {
    const saved = VARIABLES.map((name) => [name, Deno.env.get(name)] as const);
    try {
      for (const value of [HOSTILE, LONG]) {
        for (const name of VARIABLES) Deno.env.set(name, value);
        for (const line of [["config"], ["list"], ["filetop", "--count", "x"], ["-b", "--panes", "x"]]) {
          await assertHarmless(line);
        }
      }
    } finally {
      for (const [name, value] of saved) {
        if (value === undefined) Deno.env.delete(name);
        else Deno.env.set(name, value);
      }
    }
  },
});

for (const { name, options, arguments: given } of [program, ...commands]) {
  Deno.test({
    name: `${name}: no value of an option or argument reaches the terminal raw or at length`,
    sanitizeResources: false, // libc and libbpf stay open
    fn: async () => {
      const command = name === "ktop" ? [] : [name];
      for (const line of lines(command, options, given)) await assertHarmless(line);
    },
  });
}
