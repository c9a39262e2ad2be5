/**
 * The completion scripts in bash, zsh and fish.
 *
 * @module
 */
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { completionScript, type Shell, SHELLS } from "../../src/cli/completions_command.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { TOOLS } from "../../src/tools/mod.ts";
import { Tmux } from "../support/tmux.ts";

const program = buildProgram();

/** A recording of these tools without ticks. */
const recordingOf = (...tools: readonly string[]): string =>
  JSON.stringify({ format: "ktop-recording", v: 1, host: "vm", tools: tools.map((tool) => ({ tool })) }) +
  "\n";

/** Makes a directory with the script, recordings and a directory to complete. */
async function withScript(shell: Shell, use: (dir: string, script: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "ktop-complete-" });
  try {
    const script = `${dir}/_ktop`;
    await Deno.writeTextFile(script, await completionScript(shell, program));
    await Deno.mkdir(`${dir}/some dir`);
    await Deno.writeTextFile(`${dir}/night.ktop`, recordingOf("filetop", "runqlat"));
    await Deno.writeFile(`${dir}/my night.gz`, gzipSync(recordingOf("filelife", "runqlat")));
    await Deno.writeTextFile(`${dir}/notes.txt`, '{"tools":[{"tool":"filetop"}]}\n');
    await Deno.writeTextFile(`${dir}/hostile.ktop`, recordingOf("$(touch ran)", "`touch ran`", "filetop"));
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

Deno.test("completions: bash offers commands and files after --", async () => {
  // Once for each directory of PATH that has it.
  for (const before of [[], ["filetop", "-i", "1"]]) {
    assert.deepEqual(new Set(await bashOffers(["ktop", ...before, "--", "setpri"])), new Set(["setpriv"]));
  }
  assert.deepEqual(await bashOffers(["ktop", "opensnoop", "--", "cat", "--", "notes"]), ["notes.txt"]);
  assert.deepEqual(await bashOffers(["ktop", "opensnoop", "--", "./no"]), ["./notes.txt"]);
});

Deno.test("completions: fish offers commands and files after --", async () => {
  assert.deepEqual(await fishOffers("ktop -- setpri"), ["setpriv"]);
  assert.deepEqual(await fishOffers("ktop filetop -i 1 -- setpri"), ["setpriv"]);
  assert.deepEqual(await fishOffers("ktop opensnoop -- cat notes"), ["notes.txt"]);
  assert.deepEqual(await fishOffers("ktop opensnoop -- cat --"), await fishOffers("cat --"));
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

/** What follows a recording on the command line of `ktop replay`, and what is offered for it. */
const RECORDED: readonly (readonly [file: string, start: string, offered: readonly string[]])[] = [
  ["night.ktop", "", ["filetop", "runqlat"]],
  ["night.ktop", "f", ["filetop"]],
  ["~/night.ktop", "", ["filetop", "runqlat"]],
  ["my\\ night.gz", "", ["filelife", "runqlat"]],
  ["'my night.gz'", "file", ["filelife"]],
  ["hostile.ktop", "", ["filetop"]],
  ["notes.txt", "file", startingWith("file")],
  ["missing.gz", "file", startingWith("file")],
];

Deno.test("completions: bash offers the tools of the recording after it, and all tools if it cannot be read", async () => {
  for (const [file, start, offered] of RECORDED) {
    assert.deepEqual((await bashOffers(["ktop", "replay", "--json", file, start])).sort(), offered, file);
  }
});

Deno.test("completions: fish offers the tools of the recording after it, and all tools if it cannot be read", async () => {
  for (const [file, start, offered] of RECORDED) {
    assert.deepEqual(await fishOffers(`ktop replay --json ${file} ${start}`), offered, file);
  }
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
  ["ktop replay night.ktop file", "ktop replay night.ktop filetop"],
  ["ktop replay --json 'my night.gz' file", "ktop replay --json 'my night.gz' filelife"],
  ["ktop replay ~/night.ktop runq", "ktop replay ~/night.ktop runqlat"],
  ["ktop replay notes.txt runqs", "ktop replay notes.txt runqslower"],
  ["ktop -- setpri", "ktop -- setpriv"],
  ["ktop filetop -- cat notes", "ktop filetop -- cat notes.txt"],
];

for (const { shell, command, load } of INTERACTIVE) {
  Deno.test(`completions: ${shell} completes the line when Tab is pressed`, async () => {
    await withScript(shell, async (dir, script) => {
      await using tmux = await Tmux.start(120, 40, command);
      await tmux.shows(/shell>/);
      await tmux.keys(`${load(script)}; HOME=${dir}; cd`, "Enter", "clear", "Enter");
      await tmux.shows(/^shell>\s*$/);
      for (const [typed, becomes] of TYPED) {
        await tmux.keys(typed, "Tab");
        await tmux.shows(new RegExp(`^shell> ${becomes},?$`, "m"));
        await tmux.keys("C-u");
      }
    });
  });
}
