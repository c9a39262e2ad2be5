/**
 * The report: a matrix of kernels × tools × tiers, and what is wrong with each failed case.
 *
 * @module
 */
import { type Cell, type Result, tiers } from "./case.ts";

const columns: readonly Cell[] = [...tiers, "default"];

/** What one cell shows: how many cases passed, the reason why it cannot be, or how many failed. */
function cellText(results: readonly Result[]): string {
  if (results.length === 0) return "-";
  const failed = results.filter(({ complaints }) => complaints.length > 0).length;
  if (failed > 0) return `FAILED ${failed} of ${results.length}`;
  const cannot = results.find(({ name }) => name.startsWith("cannot: "));
  if (cannot) return cannot.name;
  const chosen = results.find(({ name }) => name.startsWith("chooses "));
  return `${results.length} passed${chosen ? ` (${chosen.name.slice("chooses ".length)})` : ""}`;
}

/** The matrix as a Markdown table, rows in the order in which kernels and tools first appear. */
export function matrix(results: readonly Result[]): string {
  const rows = new Map<string, Result[]>();
  for (const result of results) {
    const key = `${result.kernel}\0${result.tool}`;
    rows.set(key, [...rows.get(key) ?? [], result]);
  }
  const cells = [...rows].map(([key, found]) => [
    ...key.split("\0"),
    ...columns.map((column) => cellText(found.filter(({ cell }) => cell === column))),
  ]);
  const lines = [["kernel", "tool", ...columns], ...cells];
  const widths = lines[0]!.map((_, index) => Math.max(...lines.map((line) => line[index]!.length)));
  const text = (line: string[]) =>
    `| ${line.map((word, index) => word.padEnd(widths[index]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [text(lines[0]!), rule, ...lines.slice(1).map(text)].join("\n");
}

/** One line per complaint of the failed cases. */
export function failures(results: readonly Result[]): string {
  return results.flatMap(({ kernel, tool, cell, name, complaints }) =>
    complaints.map((complaint) =>
      `FAILED ${kernel} ${tool} ${cell}: ${name}\n       ${complaint.replaceAll("\n", "\n       ")}`
    )
  ).join("\n");
}

/** "N passed, N failed". */
export function summary(results: readonly Result[]): string {
  const failed = results.filter(({ complaints }) => complaints.length > 0).length;
  return `${results.length - failed} passed, ${failed} failed`;
}
