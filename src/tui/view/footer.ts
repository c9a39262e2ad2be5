/**
 * The last line: a message or the filter that is being typed, and the keys that work here.
 *
 * @module
 */
import { counted, displayWidth, skip, take, truncate } from "../../text/mod.ts";
import { type Line, Style } from "../canvas/mod.ts";
import { hiddenPaneCount, type KeyHint, type Screen } from "../layout/mod.ts";
import type { Message } from "../state/mod.ts";
import { fitting, type Group, groupWidth, putGroup } from "./runs.ts";
import { type Characters, spell, type Symbols } from "./symbols.ts";

const GAP = 2;

/** Minimum width of a footer with a message and keys. */
const MIN_WITH_KEYS = 30;
/** Cells that the filter keeps beside a long note. */
const MIN_TYPED = 12;

/** Names of the most used bindings over the panes, in the order of the footer; the others follow. */
const ORDER = [
  "help",
  "back",
  "zoom",
  "view",
  "histogram",
  "filter",
  "sort",
  "process",
  "pause",
  "back-in-time",
  "tools",
  "details",
];
/** The same while some panes are not on the screen. */
const HIDDEN_PANES_ORDER = ["help", "next-pane", ...ORDER];
/** While paused, the keys that move through time and back to now come first. */
const PAUSED_KEYS = ["pause", "back-in-time"];
/** The first keys in a replay. */
const REPLAY_KEYS = ["help", "replay-pause", "replay-back"];

function keyGroup({ footer }: KeyHint, ascii: boolean): Group {
  if (!footer) return [];
  return [
    { text: spell(footer.key, ascii), style: Style.key },
    { text: ` ${footer.label}`, style: Style.keyLabel },
  ];
}

/** The most used keys first: those that do not fit are left out from the end. */
function inFooterOrder(screen: Screen): readonly KeyHint[] {
  const { hints, ui, model } = screen;
  if (ui.overlay) return hints;
  const usual = hiddenPaneCount(screen) === null ? ORDER : HIDDEN_PANES_ORDER;
  const order = model.replay ? [...REPLAY_KEYS, ...usual] : ui.paused ? [...PAUSED_KEYS, ...usual] : usual;
  const place = ({ name }: KeyHint): number => order.includes(name) ? order.indexOf(name) : order.length;
  return hints.toSorted((a, b) => place(a) - place(b));
}

/** A line that is being typed. */
interface Prompt {
  /** Its name, and a short one. */
  readonly labels: readonly [string, string];
  readonly text: string;
  /** What is beside it, unless there is a problem. */
  readonly hint: string;
  readonly problem: string | null;
}

/** The prompt that is open; null: none. */
function promptOf({ ui: { overlay }, focused }: Screen): Prompt | null {
  if (overlay?.kind === "time") {
    const { text, problem } = overlay;
    return { labels: ["Go to ", "@"], text, hint: "14:05  -90m  yesterday 14:00", problem };
  }
  if (overlay?.kind !== "filter" || !focused) return null;
  const { problem, count, pane: { filter } } = focused;
  return { labels: ["Filter ", "/"], text: filter, hint: counted(count, "row"), problem };
}

/** The label of a prompt: short if the long one leaves no room for the note beside it. */
function promptLabel(line: Line, [long, short]: Prompt["labels"], note: string): string {
  const room = line.width - displayWidth(note) - MIN_TYPED - 4;
  return line.width >= 30 && displayWidth(long) <= room ? long : short;
}

/** Draws the line that is typed. Returns the column after it. */
function drawPrompt(line: Line, { labels, text, hint, problem }: Prompt, symbols: Symbols): number {
  const note = problem ?? hint;
  const x = line.put(1, promptLabel(line, labels, note), Style.key);
  const room = Math.max(Math.min(MIN_TYPED, line.width - x - 2), line.width - x - 2 - displayWidth(note));
  const tail = skip(text, Math.max(0, displayWidth(text) - room));
  const end = line.put(x, take(tail, room), Style.filter);
  line.glyph(end, symbols.cursor, Style.filter);
  const shown = truncate(note, Math.max(0, line.width - end - 2), symbols.ellipsis);
  return line.put(end + 2, shown, problem === null ? Style.dim : Style.warn);
}

/** Draws a message in at most `room` cells. Returns the column after it. */
function drawMessage(line: Line, { text, kind }: Message, { room, symbols }: {
  room: number;
  symbols: Symbols;
}): number {
  const x = line.width >= MIN_WITH_KEYS ? 1 : 0;
  return line.put(x, truncate(text, room - x, symbols.ellipsis), kind === "error" ? Style.bad : Style.strong);
}

/** Draws the footer: the prompt or a message, if there is one, and the keys for which there is room. */
export function drawFooterLine(line: Line, screen: Screen, { symbols, ascii }: Characters): void {
  const { message } = screen.ui;
  const hints = inFooterOrder(screen).filter(({ footer }) => footer !== undefined);
  const prompt = promptOf(screen);
  const groups = hints.map((hint) => keyGroup(hint, ascii));
  // The last hint, which closes or quits, is always kept. In a prompt, that is Enter, which comes first anyway.
  const last = prompt ? [] : groups.splice(-1);
  const kept = last.reduce((sum, group) => sum + groupWidth(group) + GAP, 0);
  let x = 1;
  if (prompt) x = drawPrompt(line, prompt, symbols) + GAP + 1;
  else if (screen.menu?.search && !screen.menu.boxed) {
    // The search is in the title of the menu, which is not shown without a frame.
    x = line.put(1, truncate(screen.menu.search, Math.floor(line.width / 2), symbols.ellipsis), Style.filter);
    x = line.glyph(x, symbols.cursor, Style.filter) + GAP;
  } else if (message) {
    const withKeys = line.width >= MIN_WITH_KEYS;
    x = drawMessage(line, message, { room: withKeys ? line.width - kept - 1 : line.width, symbols }) + GAP;
    if (!withKeys) return;
  }
  for (const group of [...fitting(groups, line.width - 1 - x - kept, GAP), ...last]) {
    if (x + groupWidth(group) <= line.width) x = putGroup(line, x, group) + GAP;
  }
}
