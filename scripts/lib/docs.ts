/**
 * Makes the tables of keys in src/output/README.md from the tools' columns.
 *
 *     deno run --allow-read --allow-write scripts/lib/docs.ts [--check]
 *
 * With --check nothing is written; it exits with 1 if the file differs from the columns.
 *
 * @module
 */
import type { Column, ToolInfo, Unit } from "../../src/model/mod.ts";
import { probes } from "../../src/monitor/mod.ts";
import { aliasesOf, DISTINCT_TOOLS } from "../../src/tools/mod.ts";

const README = new URL("../../src/output/README.md", import.meta.url);

const START = "<!-- Made by scripts/gen-docs from the tools' columns; do not edit. -->";
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

/** The text with another generated part. @throws {Error} the marks are missing */
export function replaceGenerated(text: string, generated: string): string {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`the marks "${START}" and "${END}" are missing`);
  return `${text.slice(0, start + START.length)}\n\n${generated}\n\n${text.slice(end)}`;
}

/** Writes or checks the file. @returns the exit status */
function main(check: boolean): number {
  const text = Deno.readTextFileSync(README);
  const wanted = replaceGenerated(text, sections());
  if (wanted === text) return 0;
  if (!check) Deno.writeTextFileSync(README, wanted);
  console.error(
    check
      ? "src/output/README.md does not match the tools' columns. Run scripts/gen-docs."
      : "src/output/README.md written from the tools' columns",
  );
  return check ? 1 : 0;
}

if (import.meta.main) Deno.exit(main(Deno.args.includes("--check")));
