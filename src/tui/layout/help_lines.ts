/**
 * The text of the help: the keys that work, the columns of the focused pane, what its numbers leave out; and questions.
 *
 * @module
 */
import { textColumns, type ToolModel } from "../../model/mod.ts";
import { displayWidth, wrap } from "../../text/mod.ts";
import { filterHelp, type Help, screenTool, searchTest } from "../state/mod.ts";
import { answered, type KeyNames } from "./questions.ts";

/** What help and footer show of a key that works. */
export interface KeyHint {
  /** Name of its binding. */
  readonly name: string;
  /** The keys. */
  readonly shown: string;
  /** What they do: a sentence. */
  readonly help: string;
  /** The key and one word for the footer, and a shorter word; absent: shown only in the help. */
  readonly footer?: { readonly key: string; readonly label: string };
}

/** A line of the help: a name at the left, if any, and text beside it. */
export interface HelpLine {
  readonly kind: "heading" | "entry" | "text";
  readonly name: string;
  readonly text: string;
}

/** Cells of the names. On screens narrower than {@linkcode BESIDE_WIDTH} meanings are below the names. */
export const HELP_NAME_WIDTH = 16;
const BESIDE_WIDTH = 44;

/** An entry of the help: a name and its meaning, or a paragraph if the name is empty. */
interface HelpEntry {
  readonly name: string;
  readonly text: string;
}

/** A part of the help. */
interface HelpSection {
  readonly title: string;
  readonly entries: readonly HelpEntry[];
}

const paragraphs = (...texts: readonly string[]): HelpEntry[] => texts.map((text) => ({ name: "", text }));

const named = (pairs: readonly (readonly [name: string, text: string])[]): HelpEntry[] =>
  pairs.map(([name, text]) => ({ name, text }));

/** The lines of an entry: the meaning beside the name; below it if the screen is narrow or the name long. */
function entryLines({ name, text }: HelpEntry, width: number): HelpLine[] {
  const plain = (line: string): HelpLine => ({ kind: "text", name: "", text: line });
  if (name === "") return wrap(text, width).map(plain);
  if (width >= BESIDE_WIDTH && displayWidth(name) < HELP_NAME_WIDTH) {
    return wrap(text, width - HELP_NAME_WIDTH).map((line, i) => ({
      kind: "entry",
      name: i === 0 ? name : "",
      text: line,
    }));
  }
  const names = (displayWidth(name) <= width ? [name] : wrap(name, width)).map((line): HelpLine => ({
    kind: "entry",
    name: line,
    text: "",
  }));
  const indent = width >= BESIDE_WIDTH ? HELP_NAME_WIDTH : 2;
  return [...names, ...wrap(text, width - indent).map((line) => plain(" ".repeat(indent) + line))];
}

function toolSections({ tool, state }: ToolModel): HelpSection[] {
  const columns = textColumns(screenTool(tool), true).map(({ title, description }) =>
    [title, description] as const
  );
  const sections = [
    { title: tool.name, entries: paragraphs(tool.summary) },
    { title: "Columns", entries: named(columns) },
    { title: "Filters", entries: named(filterHelp(tool)) },
  ];
  if (state.kind !== "running") return sections;
  const tiers = state.tier.split("+");
  for (const [tier, caveat] of Object.entries(tool.caveats)) {
    if (tiers.includes(tier) && caveat) sections.push({ title: `Tier ${tier}`, entries: paragraphs(caveat) });
  }
  if (state.missing.length > 0) sections.push({ title: "Missing", entries: paragraphs(...state.missing) });
  return sections;
}

/** What short words and signs on the screen mean. */
const SIGNS: readonly (readonly [sign: string, meaning: string])[] = [
  ["-", "In a row: the value is unknown, because the kernel did not report it."],
  ["▼ ▲", "The rows are sorted by this column: largest first, smallest first."],
  ["…", "The text is longer than its column: → scrolls, d shows all of it."],
  ["<0.1 <1k", "More than 0, but less than this."],
  ["tracepoint", "At the right of a title, also fentry and kprobe: how the tool observes the kernel (tier)."],
  ["12/s", "Events per second in the last interval."],
  [
    "12 lost",
    "Events that could not be counted: a buffer or a map of the kernel was full, or their start or end was not seen (a disk request that the kernel never completed).",
  ],
  ["12 rows dropped", "Rows that were counted, but not kept in the history or the recording."],
  ["1 hook missing", "A part of the tool that this kernel cannot observe; see Missing above."],
  [
    "12 skipped",
    "How often the kernel did not run a program of ktop, because another task was interrupted inside it. As many calls may be missing.",
  ],
  ["map 63% full", "How full the tool's table in the kernel is. When it is full, new rows are lost."],
  [">=10ms", "The tool's threshold. Other flags that differ from their defaults are beside it."],
  ["every 1s", "The interval."],
  [
    "pressure",
    "Also psi: in how many percent of the last ten seconds tasks waited for a CPU, for I/O or for memory (pressure stall information): at least one task, then, after the slash, all that were not idle.",
  ],
  [
    "net/s",
    "Bytes per second in the last interval, received and sent: the sum of all network interfaces of ktop's network namespace except lo. Bridges, bonds and VLANs count what they pass on again.",
  ],
  [
    "disk/s",
    "Bytes per second in the last interval, read and written: the sum of all whole disks. Partitions, loop devices, device mapper, RAID (md) and zram are left out, because their disks count the same bytes.",
  ],
  [
    "self",
    "What ktop itself costs: CPU time per second, and memory. `probes`: the same for its BPF programs.",
  ],
];

function questionSection(keys: KeyNames): HelpSection {
  const entries = answered(keys).map(({ question, press, look }) => ({
    name: question,
    text: `${press}. ${look}`,
  }));
  return { title: QUESTIONS_TITLE, entries };
}

/** Title of the page of questions. */
export const QUESTIONS_TITLE = "What do I press for …";

/** What the help is made of. */
export interface HelpInput {
  readonly hints: readonly KeyHint[];
  /** All keys over the panes. */
  readonly keys: KeyNames;
  readonly tool: ToolModel | undefined;
}

/** The parts of the help that a search finds: the entries with every word. */
function foundSections(sections: readonly HelpSection[], search: string): HelpSection[] {
  const has = searchTest(search);
  return sections.map(({ title, entries }) => ({
    title,
    entries: entries.filter(({ name, text }) => has(`${name} ${text}`)),
  })).filter(({ entries }) => entries.length > 0);
}

/** The lines of the help, broken for a width: a page, or what a search finds on all pages. */
export function helpLines(
  { hints, keys, tool }: HelpInput,
  { page, search = "" }: Help,
  width: number,
): HelpLine[] {
  const questions = questionSection(keys);
  const others = [
    { title: "Keys", entries: hints.map(({ shown, help }) => ({ name: shown, text: help })) },
    ...(tool ? toolSections(tool) : []),
    { title: "Signs", entries: named(SIGNS) },
  ];
  const shown = search.trim() === ""
    ? page === "questions" ? [questions] : others
    : foundSections([questions, ...others], search);
  if (shown.length === 0) return [{ kind: "text", name: "", text: "nothing matches" }];
  return shown.flatMap(({ title, entries }, i): HelpLine[] => [
    ...(i === 0 ? [] : [{ kind: "text", name: "", text: "" } as const]),
    { kind: "heading", name: title, text: "" },
    ...entries.flatMap((entry) => entryLines(entry, width)),
  ]);
}
