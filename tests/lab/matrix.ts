/**
 * The report of a run: the matrix of kernels, tools and tiers, and the failures of each failed case. Also the short matrix of
 * README.md.
 *
 * @module
 */
import { type Cell, type Result, tiers } from "./case.ts";

const columns: readonly Cell[] = [...tiers, "default"];

/** The text of a cell: how many cases passed, how many failed, or why the tool cannot run. */
function cellText(results: readonly Result[]): string {
  if (results.length === 0) return "-";
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  if (failed > 0) return `FAILED ${failed} of ${results.length}`;
  const cannot = results.find(({ name }) => name.startsWith("cannot: "));
  if (cannot) return cannot.name;
  const chosen = results.find(({ name }) => name.startsWith("chooses "));
  return `${results.length} passed${chosen ? ` (${chosen.name.slice("chooses ".length)})` : ""}`;
}

/** Kernel, tool and the text of each cell, in order of first appearance. */
function lines(results: readonly Result[]): string[][] {
  const rows = new Map<string, Result[]>();
  for (const result of results) {
    const key = `${result.kernel}\0${result.tool}`;
    rows.set(key, [...rows.get(key) ?? [], result]);
  }
  return [...rows].map(([key, found]) => [
    ...key.split("\0"),
    ...columns.map((column) => cellText(found.filter(({ cell }) => cell === column))),
  ]);
}

function table(header: string[], rows: string[][]): string {
  const all = [header, ...rows];
  const widths = header.map((_, index) => Math.max(...all.map((line) => line[index]!.length)));
  const text = (line: string[]) =>
    `| ${line.map((word, index) => word.padEnd(widths[index]!)).join(" | ")} |`;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [text(header), rule, ...rows.map(text)].join("\n");
}

/** The matrix as a Markdown table. */
export function matrix(results: readonly Result[]): string {
  return table(["kernel", "tool", ...columns], lines(results));
}

/** A matrix without numbers of cases, with one row for all kernels with equal cells. */
export function shortMatrix(results: readonly Result[]): string {
  const rows = new Map<string, { tool: string; kernels: string[]; cells: string[] }>();
  for (const [kernel, tool, ...numbered] of lines(results)) {
    const cells = numbered.map((cell) => cell.replace(/^\d+ passed/, "works"));
    const key = [tool, ...cells].join("\0");
    const row = rows.get(key) ?? { tool: tool!, kernels: [], cells };
    row.kernels.push(kernel!);
    rows.set(key, row);
  }
  const tools = [...new Set([...rows.values()].map(({ tool }) => tool))];
  const sorted = tools.flatMap((tool) => [...rows.values()].filter((row) => row.tool === tool));
  return table(
    ["tool", "kernels", ...columns],
    sorted.map(({ tool, kernels, cells }) => [tool, kernels.join(", "), ...cells]),
  );
}

/** The failures of all cases, one line each. */
export function failures(results: readonly Result[]): string {
  return results.flatMap(({ kernel, tool, cell, name, failures }) =>
    failures.map((failure) =>
      `FAILED ${kernel} ${tool} ${cell}: ${name}\n       ${failure.replaceAll("\n", "\n       ")}`
    )
  ).join("\n");
}

/** "N passed, N failed". */
export function summary(results: readonly Result[]): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  return `${results.length - failed} passed, ${failed} failed`;
}
