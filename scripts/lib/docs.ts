/**
 * Makes the generated parts of documents: the tables of keys from the tools' columns, and questions from those of the help.
 *
 *     deno run --allow-read --allow-write scripts/lib/docs.ts [--check]
 *
 * With --check nothing is written; it exits with 1 if a file differs.
 *
 * @module
 */
import type { Column, ToolInfo, Unit } from "../../src/model/mod.ts";
import { probes } from "../../src/monitor/mod.ts";
import { aliasesOf, DISTINCT_TOOLS } from "../../src/tools/mod.ts";
import { answeredQuestions } from "../../src/tui/mod.ts";

/** The mark before a generated part. */
const startMark = (source: string): string =>
  `<!-- Made by scripts/gen-docs from ${source}; do not edit. -->`;
const END = "<!-- End of the generated part. -->";

/** Units as the tables show them; others by their own name. */
const UNIT_TEXT: Readonly<Partial<Record<Unit, string>>> = { kb: "bytes", us: "µs", pct: "%" };

/** What JSON adds to the value of a column with names. */
const NAMED: Readonly<Record<NonNullable<Column["names"]>, string>> = {
  error: "error's name",
  result: "error's name",
  mode: "mode as `ls` shows it",
  flags: "names of the flags",
  user: "user's name",
};

/** A cell of a Markdown table. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "\\<");

function columnRow({ key, unit, title, description, names }: Column): string {
  const name = names ? ` JSON adds the ${NAMED[names]} as \`${key}_name\`.` : "";
  return `| \`${key}\` | ${UNIT_TEXT[unit] ?? unit} | \`${cell(title)}\` | ${cell(description)}${name} |`;
}

/** The section of a tool: its keys in the order of JSON and CSV. */
export function toolSection({ name, summary, columns }: ToolInfo, aliases: readonly string[]): string {
  const also = aliases.length === 0 ? "" : `, also as ${aliases.map((alias) => `\`${alias}\``).join(", ")}`;
  return [
    `### ${name}`,
    "",
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}${also}.`,
    "",
    "| key | unit | title in text | meaning |",
    "| --- | --- | --- | --- |",
    ...columns.map(columnRow),
  ].join("\n");
}

/** The generated part of the file. */
export function sections(): string {
  const tools = DISTINCT_TOOLS.map((tool) => toolSection(tool, aliasesOf(tool)));
  return [...tools, toolSection(probes, [])].join("\n\n");
}

/** The first questions that a command answers, a line each. */
export function commandLines(count: number): string {
  const lines = answeredQuestions().filter(({ command }) => command !== undefined).slice(0, count);
  return lines.map(({ command = "", question }) => `    ${command.padEnd(38)} # ${question}`).join("\n");
}

/** All questions: what to press, and the command. */
export function questionTable(): string {
  return [
    "| question | on the screen | command |",
    "| --- | --- | --- |",
    ...answeredQuestions().map(({ question, press, look, command }) =>
      `| ${cell(question)} | ${cell(press)}. ${cell(look)} | ${
        command === undefined ? "" : `\`${cell(command)}\``
      } |`
    ),
  ].join("\n");
}

/** The text with another generated part. @throws {Error} the marks are missing */
export function replaceGenerated(text: string, generated: string, source = "the tools' columns"): string {
  const start = startMark(source);
  const [from, to] = [text.indexOf(start), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the marks "${start}" and "${END}" are missing`);
  return `${text.slice(0, from + start.length)}\n\n${generated}\n\n${text.slice(to)}`;
}

/** A document with a generated part. */
interface Document {
  readonly path: string;
  /** What the part is made from. */
  readonly source: string;
  readonly generated: () => string;
}

const QUESTIONS = "the questions of the help";

const DOCUMENTS: readonly Document[] = [
  { path: "src/output/README.md", source: "the tools' columns", generated: sections },
  { path: "README.md", source: QUESTIONS, generated: () => commandLines(5) },
  { path: "src/tui/README.md", source: QUESTIONS, generated: questionTable },
];

/** Writes or checks a document. @returns whether it was as it must be */
function update({ path, source, generated }: Document, check: boolean): boolean {
  const file = new URL(`../../${path}`, import.meta.url);
  const text = Deno.readTextFileSync(file);
  const wanted = replaceGenerated(text, generated(), source);
  if (wanted === text) return true;
  if (!check) Deno.writeTextFileSync(file, wanted);
  console.error(
    check ? `${path} does not match ${source}. Run scripts/gen-docs.` : `${path} written from ${source}`,
  );
  return false;
}

if (import.meta.main) {
  const check = Deno.args.includes("--check");
  const current = DOCUMENTS.map((document) => update(document, check)).every(Boolean);
  Deno.exit(check && !current ? 1 : 0);
}
