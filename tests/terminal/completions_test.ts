/**
 * The completion scripts in bash, zsh and fish.
 *
 * @module
 */
import assert from "node:assert/strict";
import { completionScript, type Shell, SHELLS } from "../../src/cli/completions_command.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { TOOLS } from "../../src/tools/mod.ts";
import { Tmux } from "../support/tmux.ts";

const program = buildProgram();

/** Makes a directory with the script and a directory to complete. */
async function withScript(shell: Shell, use: (dir: string, script: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "ktop-complete-" });
  try {
    const script = `${dir}/_ktop`;
    await Deno.writeTextFile(script, await completionScript(shell, program));
    await Deno.mkdir(`${dir}/some dir`);
    await use(dir, script);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function output(command: string, args: readonly string[], cwd: string): Promise<string[]> {
  const env = { HOME: cwd, LC_ALL: "C.UTF-8" };
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], cwd, env }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  assert.equal(new TextDecoder().decode(stderr), "");
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

/** The completions of bash for the last of these words. Readline splits words at `=`. */
async function bashOffers(words: readonly string[]): Promise<string[]> {
  let offers: string[] = [];
  await withScript("bash", async (dir, script) => {
    const drive =
      'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); complete -p ktop >/dev/null; ' +
      '_ktop; ((${#COMPREPLY[@]} == 0)) || printf "%s\\n" "${COMPREPLY[@]}"';
    offers = await output("bash", ["--norc", "-c", drive, "bash", script, ...words], dir);
  });
  return offers;
}

/** The completions of fish for a command line, without their descriptions. */
async function fishOffers(line: string): Promise<string[]> {
  let offers: string[] = [];
  await withScript("fish", async (dir, script) => {
    offers = await output("fish", [
      "--no-config",
      "-c",
      "source $argv[1]; complete -C $argv[2]",
      script,
      line,
    ], dir);
  });
  return offers.map((offer) => offer.split("\t")[0]!).sort();
}

const names = TOOLS.map(({ name }) => name);
const startingWith = (start: string): string[] => names.filter((name) => name.startsWith(start)).sort();

for (const shell of SHELLS) {
  Deno.test(`completions: ${shell} -n accepts the script`, async () => {
    await withScript(shell, async (dir, script) => void await output(shell, ["-n", script], dir));
  });
}

Deno.test("completions: bash offers tools, options, choices, columns, lists, directories and shells", async () => {
  assert.deepEqual((await bashOffers(["ktop", "file"])).sort(), startingWith("file"));
  assert.ok((await bashOffers(["ktop", ""])).includes("doctor"));
  assert.deepEqual(await bashOffers(["ktop", "filetop", "--read"]), ["--read-only"]);
  assert.deepEqual(await bashOffers(["ktop", "vfsstat", "--read"]), []);
  assert.deepEqual(await bashOffers(["ktop", "vfsstat", "--tier", "k"]), ["kprobe"]);
  assert.deepEqual(await bashOffers(["ktop", "vfsstat", "--tier", "=", "k"]), ["kprobe"]);
  assert.deepEqual(await bashOffers(["ktop", "filetop", "--sort", "w"]), ["writes", "write_bytes"]);
  assert.deepEqual(await bashOffers(["ktop", "filetop", "--fields", "pid,wri"]), [
    "pid,writes",
    "pid,write_bytes",
  ]);
  assert.deepEqual(await bashOffers(["ktop", "--panes", "filetop,runqs"]), ["filetop,runqslower"]);
  assert.deepEqual(await bashOffers(["ktop", "--panes", "filetop", "dcst"]), ["dcstat"]);
  assert.deepEqual(await bashOffers(["ktop", "filetop", "-d", "some"]), ["some dir"]);
  assert.deepEqual(await bashOffers(["ktop", "filetop", "-i", ""]), []);
  assert.deepEqual(await bashOffers(["ktop", "completions", "f"]), ["fish"]);
});

Deno.test("completions: fish offers tools, options, choices, columns, lists and directories", async () => {
  assert.deepEqual(await fishOffers("ktop file"), startingWith("file"));
  assert.deepEqual(await fishOffers("ktop filetop --read"), ["--read-only"]);
  assert.deepEqual(await fishOffers("ktop vfsstat --read"), []);
  assert.deepEqual(await fishOffers("ktop vfsstat --tier k"), ["kprobe"]);
  assert.deepEqual(await fishOffers("ktop filetop --sort writ"), ["write_bytes", "writes"]);
  assert.deepEqual(await fishOffers("ktop filetop --fields pid,writ"), ["pid,write_bytes", "pid,writes"]);
  assert.deepEqual(await fishOffers("ktop --panes filetop,runqs"), ["filetop,runqslower"]);
  assert.deepEqual(await fishOffers("ktop --panes filetop dcst"), ["dcstat"]);
  assert.deepEqual(await fishOffers("ktop filetop -d some"), ["some dir/"]);
  assert.deepEqual(await fishOffers("ktop completions f"), ["fish"]);
});

/** Interactive shells, and the command that loads the script in each. */
const INTERACTIVE: readonly { shell: Shell; command: string; load: (script: string) => string }[] = [
  {
    shell: "bash",
    command: "PS1='shell> ' bash --norc --noprofile -i",
    load: (script) => `source ${script}`,
  },
  {
    shell: "zsh",
    command: "PS1='shell> ' zsh -f -i",
    load: (script) => `autoload -U compinit; compinit -u -D; source ${script}`,
  },
];

/** What is typed before Tab, and the line after it. */
const TYPED: readonly (readonly [typed: string, becomes: string])[] = [
  ["ktop runqs", "ktop runqslower"],
  ["ktop filetop --read", "ktop filetop --read-only"],
  ["ktop filetop --tier=k", "ktop filetop --tier=kprobe"],
  ["ktop filetop --sort read_", "ktop filetop --sort read_bytes"],
  ["ktop filetop --fields pid,com", "ktop filetop --fields pid,comm"],
  ["ktop --panes filetop,dcst", "ktop --panes filetop,dcstat"],
];

for (const { shell, command, load } of INTERACTIVE) {
  Deno.test(`completions: ${shell} completes the line when Tab is pressed`, async () => {
    await withScript(shell, async (_, script) => {
      await using tmux = await Tmux.start(120, 40, command);
      await tmux.shows(/shell>/);
      await tmux.keys(load(script), "Enter", "clear", "Enter");
      await tmux.shows(/^shell>\s*$/);
      for (const [typed, becomes] of TYPED) {
        await tmux.keys(typed, "Tab");
        await tmux.shows(new RegExp(`^shell> ${becomes},?$`, "m"));
        await tmux.keys("C-u");
      }
    });
  });
}
