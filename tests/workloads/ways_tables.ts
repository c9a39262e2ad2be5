/**
 * What follows from the ways to use a file: the tables in bpf/README.md, and the words of the tools' caveats.
 *
 * @module
 */
import type { TierName } from "../../src/model/mod.ts";
import { ELSEWHERE, NAME_GROUPS, NAME_WAYS } from "./name_ways.ts";
import { type Group, GROUPS, WAYS } from "./ways.ts";

/** The words that a tool's caveat must have on a tier, for the ways that it does not see there. */
export function caveatWords(tool: string, tier: TierName): string[] {
  const unseen = (value: string | undefined): boolean =>
    value === "none" || value === "upper writes" || (value === "upper" && tier === "tracepoint");
  const groupOf = (groups: Readonly<Record<string, readonly string[]>>): string | undefined =>
    Object.keys(groups).find((name) => groups[name]!.includes(tool));
  const [io, name] = [groupOf(GROUPS), groupOf(NAME_GROUPS)];
  const words = [
    ...WAYS.filter(({ seen }) => unseen(seen[io as Group])),
    ...NAME_WAYS.filter(({ seen }) => unseen(seen[name as keyof typeof NAME_GROUPS])),
  ].flatMap(({ caveat }) => caveat ?? []);
  return [...new Set(words)];
}

const SEEN_TEXT: Readonly<Record<string, string>> = {
  all: "yes",
  upper: "fentry, kprobe",
  "upper writes": "fentry, kprobe: writes",
  none: "–",
  [ELSEWHERE]: "",
};

/** One row of a table for each way, one column for each group of tools. */
function table(
  groups: readonly string[],
  ways: readonly {
    readonly way: string;
    readonly seen: Readonly<Record<string, string>>;
    readonly note?: string;
  }[],
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`.replace(/\|\s+(?=\|)/g, "| ");
  return [
    line(["way", ...groups, "remarks"]),
    line(["---", ...groups.map(() => "---"), "---"]),
    ...ways.map(({ way, seen, note }) =>
      line([way, ...groups.map((group) => SEEN_TEXT[seen[group]!]!), note ?? ""])
    ),
  ].join("\n");
}

/** The tables of bpf/README.md. */
function tables(): string {
  return [
    table(Object.keys(GROUPS), WAYS),
    "",
    table(Object.keys(NAME_GROUPS), NAME_WAYS),
  ].join("\n");
}

const START = "<!-- ways: made by scripts/gen-docs from tests/workloads/ways.ts and name_ways.ts -->";
const END = "<!-- end of ways -->";

/** The text of bpf/README.md with the tables of this data. @throws {Error} the marks are missing */
export function withTables(text: string): string {
  const [start, end] = [text.indexOf(START), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`the marks "${START}" and "${END}" are missing`);
  return `${text.slice(0, start + START.length)}\n\n${tables()}\n\n${text.slice(end)}`;
}
