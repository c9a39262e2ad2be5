import assert from "node:assert/strict";
import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { TOOLS } from "../tools/mod.ts";
import { QUESTIONS } from "../tui/mod.ts";
import { readGrammar } from "./grammar.ts";
import { buildProgram } from "./program.ts";
import { screenEndMs } from "./screen_command.ts";
import { buildScreenProgram, namesOnlyOptions } from "./screen_program.ts";

/** Parses a command line without running the command. */
async function parse(words: readonly string[]): Promise<void> {
  const program = buildProgram();
  for (const command of [program, ...program.commands]) {
    command.action(() => {}).configureOutput({ writeOut: () => {}, writeErr: () => {} });
  }
  await program.parseAsync([...words], { from: "user" });
}

/** The options that a parser takes from a command line, or its error. */
async function outcome(program: Command, words: readonly string[]): Promise<unknown> {
  program.action(() => {});
  try {
    await program.parseAsync([...words], { from: "user" });
  } catch (error) {
    return error instanceof UsageError ? [error.message, error.remedy] : (error as Error).message;
  }
  return program.opts();
}

Deno.test("buildScreenProgram() parses options without words as buildProgram() does", async () => {
  const { program } = readGrammar(buildProgram());
  const longs = program.options.map(({ long }) => long).filter((long) => long !== "--help");
  assert.ok(longs.includes("--licenses") && longs.includes("--panes") && longs.length > 20);
  const lines = [
    [],
    ...longs.flatMap((long) => [[long], [`${long}=2`], [`${long}=fentry`], [`${long}x`], [long, "--json"]]),
  ];
  for (const words of lines) {
    assert.ok(namesOnlyOptions(words));
    const line = words.join(" ");
    assert.deepEqual(
      await outcome(buildScreenProgram(() => {}), words),
      await outcome(buildProgram(), words),
      line,
    );
  }
});

Deno.test("namesOnlyOptions() is false for words, help and short options", () => {
  for (const words of [["vfsstat"], ["--json", "vfsstat"], ["--help"], ["-h"], ["-bh"], ["-i", "2"], ["-"]]) {
    assert.equal(namesOnlyOptions(words), false, words.join(" "));
  }
});

/** Splits a command line like a shell; supports only quotes. */
const shellWords = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);

for (const tool of TOOLS) {
  Deno.test(`the examples of ${tool.name} are valid commands`, async () => {
    assert.ok(tool.examples !== undefined && tool.examples.length > 0);
    for (const { question, command, look } of tool.examples) {
      assert.match(question, /^[A-Z].*\?$/);
      assert.match(look, /\.$/);
      const [program, ...words] = shellWords(command);
      assert.deepEqual([program, words[0]], ["ktop", tool.name]);
      await parse(words);
      const sort = words.indexOf("--sort");
      if (sort > 0) assert.ok(tool.columns.some(({ key }) => key === words[sort + 1]));
    }
  });
}

Deno.test("the commands that answer questions are valid, and each starts with a tool or a command", async () => {
  for (const { question, command, press } of QUESTIONS) {
    const [, name] = /\{tools\} ([a-z]\w+) Enter/.exec(press) ?? [];
    if (name) assert.ok(TOOLS.some((tool) => tool.name === name), `${name}: ${question}`);
    if (command === undefined) continue;
    const [program, ...words] = shellWords(command);
    assert.equal(program, "ktop");
    if (name) assert.equal(words[0], name);
    const isCommand = buildProgram().commands.some((one) => one.name() === words[0]);
    assert.ok(words[0] === undefined || words[0].startsWith("-") || isCommand, command);
    await parse(words);
  }
});

Deno.test("buildProgram() suggests the nearest choice for a misspelt value of an option", async () => {
  for (
    const [words, hint] of [
      [["filetop", "--tier", "kprob"], "kprobe"],
      [["filetop", "-s", "write"], "writes"],
      [["completions", "fihs"], "fish"],
    ] as const
  ) {
    await assert.rejects(
      parse(words),
      (error) => error instanceof UsageError && error.remedy === `Did you mean ${hint}?`,
    );
  }
  await assert.rejects(
    parse(["filetop", "--tier", "zzzzzzzz"]),
    (error) => error instanceof UsageError && error.remedy === "",
  );
});

for (
  const [option, command, most] of [["--panes", [], 9], ["--tools", ["record", "f"], TOOLS.length]] as const
) {
  Deno.test(`buildProgram() refuses a tool twice and more than ${most} tools in ${option}`, async () => {
    const names = TOOLS.map(({ name }) => name);
    await parse([...command, option, names.slice(0, most).join(",")]);
    const refused = async (given: readonly string[], says: string): Promise<void> => {
      await assert.rejects(
        parse([...command, option, given.join(",")]),
        (error) => error instanceof UsageError && error.exitCode === 2 && error.message === says,
      );
    };
    await refused(
      ["vfsstat", "filetop", "vfsstat"],
      `${option} takes each tool once, and vfsstat is given twice.`,
    );
    for (const count of [most + 1, 3000]) {
      const given = Array.from({ length: count }, (_, i) => names[i % names.length]!);
      await refused(given, `${option} takes at most ${most} tools, and ${count} are given.`);
    }
  });
}

Deno.test("a list given twice has the words of both", async () => {
  for (
    const [command, option, words, expected] of [
      [[], "--panes", ["vfsstat", "filetop"], ["vfsstat", "filetop"]],
      [["record", "f"], "--tools", ["vfsstat", "filetop"], ["vfsstat", "filetop"]],
      [["vfsstat"], "--fields", ["read", "write, open"], ["read", "write", "open"]],
      [["tcpconnect"], "--ports", ["80", "443"], "80,443"],
      [["tcpaccept"], "-P", ["80,81", "443"], "80,81,443"],
      [["dirtop"], "-d", ["/tmp", "/var"], "/tmp,/var"],
      [["opensnoop"], "-f", ["O_WRONLY", "O_CREAT"], "O_WRONLY,O_CREAT"],
    ] as const
  ) {
    const program = buildProgram();
    let given: Record<string, unknown> = {};
    for (const one of [program, ...program.commands]) one.action((...all) => given = all.at(-1).opts());
    await program.parseAsync([...command, ...words.flatMap((word) => [option, word])], { from: "user" });
    assert.ok(
      Object.values(given).some((value) => JSON.stringify(value) === JSON.stringify(expected)),
      option,
    );
  }
  await assert.rejects(parse(["--panes", "vfsstat", "--panes", "vfsstat"]), /takes each tool once/);
});

Deno.test("readGrammar() finds the values of each option and argument", () => {
  const { program, commands } = readGrammar(buildProgram());
  const option = (command: string, long: string) =>
    [program, ...commands].find(({ name }) => name === command)?.options.find((one) => one.long === long);
  assert.deepEqual(option("filetop", "--directory")?.values, { kind: "directories" });
  assert.deepEqual(option("filetop", "--interval")?.values, { kind: "free" });
  assert.deepEqual(option("vfsstat", "--tier")?.values, {
    kind: "words",
    words: ["fentry", "kprobe", "tracepoint"],
    list: false,
  });
  const panes = option("ktop", "--panes")?.values;
  assert.ok(panes?.kind === "words" && panes.list && panes.words.includes("readpath"));
  const sort = option("dcstat", "--sort")?.values;
  assert.ok(sort?.kind === "words" && !sort.list && sort.words.includes("hit_pct"));
  const by = option("execsnoop", "--by")?.values;
  assert.ok(by?.kind === "words" && !by.list);
  for (const word of ["process", "comm", "args", "container"]) assert.ok(by.words.includes(word), word);
  for (const word of ["time", "time_s"]) assert.ok(!by.words.includes(word), word);
});

Deno.test("screenEndMs() returns the earlier of duration and count, and undefined without both", () => {
  assert.equal(screenEndMs({}, 1), undefined);
  assert.equal(screenEndMs({ duration: 2.5 }, 1), 2500);
  assert.equal(screenEndMs({ count: 3 }, 0.5), 1500);
  assert.equal(screenEndMs({ count: 3, duration: 2 }, 1), 2000);
});

Deno.test("a wrong word is named with what it was taken for", async () => {
  const refused = async (...words: string[]) => {
    try {
      await parse(words);
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.equal(
    await refused("biosnoop", "abc"),
    "INTERVAL 'abc' is invalid. An interval is 0.1 to 3600 seconds.",
  );
  assert.equal(await refused("biosnoop", "1", "x"), "COUNT 'x' is invalid. Expected a whole number from 1.");
  const hostile = "1' is invalid for argument 'COUNT'\n\x1b";
  assert.match((await refused("biosnoop", hostile))!, /^INTERVAL '1' is invalid .*\\x1b' is invalid\./);
});
