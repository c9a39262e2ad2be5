import assert from "node:assert/strict";
import { answeredQuestions, MAIN } from "../../tui/mod.ts";
import { readGrammar } from "../grammar.ts";
import { buildProgram } from "../program.ts";
import { manPage } from "./page.ts";
import { prose, roffText } from "./roff.ts";

Deno.test("roffText() escapes what roff would interpret", () => {
  assert.equal(roffText("a\\b"), "a\\eb");
  assert.equal(roffText(".SH no"), "\\&.SH no");
  assert.equal(roffText("'it's"), "\\(aqit\\(aqs");
  assert.equal(roffText("--pid …"), "\\-\\-pid \\[u2026]");
});

Deno.test("prose() escapes the minus signs of options, but not hyphens within words", () => {
  assert.equal(prose("run-time of -p"), "run-time of \\-p");
});

Deno.test("manPage() names every command, option, column, key and question", () => {
  const grammar = readGrammar(buildProgram());
  const page = manPage({
    grammar,
    keys: MAIN,
    questions: answeredQuestions(),
    version: "1.2.3",
    date: "2026-11-20",
  });
  assert.ok(page.startsWith('.TH KTOP 8 2026-11-20 "ktop 1.2.3"'));
  const wanted = [
    ...grammar.commands.map(({ name }) => `ktop ${name}`),
    ...[grammar.program, ...grammar.commands].flatMap(({ options }) => options.map(({ long }) => long)),
    ...grammar.commands.flatMap(({ tool }) => tool?.columns.map(({ key }) => key) ?? []),
    ...grammar.commands.flatMap(({ tool }) =>
      tool?.aliasOf === undefined ? tool?.examples?.map(({ command }) => command) ?? [] : []
    ),
    ...MAIN.map(({ shown }) => shown),
    ...answeredQuestions().flatMap(({ question, command = [] }) => [question, command].flat()),
  ];
  for (const name of new Set(wanted)) assert.ok(page.includes(`\\fB${roffText(name)}\\fR`), name);
});
