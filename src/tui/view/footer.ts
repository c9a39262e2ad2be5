/**
 * The last line: the keys that work here, a message, or the filter that is being typed.
 *
 * @module
 */
import { counted, displayWidth, skip, take, truncate } from "../../text/mod.ts";
import { type Line, Style } from "../canvas/mod.ts";
import type { KeyHint, Screen } from "../layout/mod.ts";
import type { Message } from "../state/mod.ts";
import { fitting, type Group, groupWidth, putGroup } from "./runs.ts";
import { type Characters, spell, type Symbols } from "./symbols.ts";

const GAP = 2;

/** Names of the bindings over the panes that are wanted most, in the order of the footer; the others follow. */
const WANTED = [
  "help",
  "back",
  "zoom",
  "filter",
  "sort",
  "process",
  "pause",
  "back-in-time",
  "tools",
  "details",
];
/** Of those, first while paused: they lead through time and back to now. */
const WANTED_PAUSED = ["pause", "back-in-time", ...WANTED];
/** The same in a replay, where time is what it is about. */
const WANTED_IN_REPLAY = ["help", "replay-pause", "replay-back", ...WANTED];

function keyGroup({ footer }: KeyHint, ascii: boolean): Group {
  if (!footer) return [];
  return [
    { text: spell(footer.key, ascii), style: Style.key },
    { text: ` ${footer.label}`, style: Style.keyLabel },
  ];
}

/** What is wanted most comes first: what there is no room for is left out from the end. */
function byUse({ hints, ui, model }: Screen): readonly KeyHint[] {
  if (ui.overlay) return hints;
  const wanted = model.replay ? WANTED_IN_REPLAY : ui.paused ? WANTED_PAUSED : WANTED;
  const place = ({ name }: KeyHint): number => wanted.includes(name) ? wanted.indexOf(name) : wanted.length;
  return hints.toSorted((a, b) => place(a) - place(b));
}

/** Draws the line in which the filter is typed. Returns the column after it. */
function drawFilter(line: Line, { focused }: Screen, symbols: Symbols): number {
  if (!focused) return 0;
  const { problem, count, pane: { filter } } = focused;
  const label = line.width >= 30 ? "Filter " : "/";
  const note = problem ?? counted(count, "row");
  const x = line.put(1, label, Style.key);
  const room = Math.max(Math.min(12, line.width - x - 2), line.width - x - 2 - displayWidth(note));
  const tail = skip(filter, Math.max(0, displayWidth(filter) - room));
  const end = line.put(x, take(tail, room), Style.filter);
  line.glyph(end, symbols.cursor, Style.filter);
  return line.put(end + 2, note, problem === null ? Style.dim : Style.warn);
}

function drawMessage(line: Line, { text, kind }: Message, symbols: Symbols): void {
  const x = line.width >= 30 ? 1 : 0;
  line.put(x, truncate(text, line.width - x, symbols.ellipsis), kind === "error" ? Style.bad : Style.strong);
}

/** Draws the footer. */
export function drawFooterLine(line: Line, screen: Screen, { symbols, ascii }: Characters): void {
  const { message, overlay } = screen.ui;
  const hints = byUse(screen).filter(({ footer }) => footer !== undefined);
  const typing = overlay?.kind === "filter";
  // The keys that a message hides are known over the panes; those of what is open over them are not.
  if (message && !overlay) return drawMessage(line, message, symbols);
  let x = typing ? drawFilter(line, screen, symbols) + GAP + 1 : 1;
  const groups = hints.map((hint) => keyGroup(hint, ascii));
  // The way out has its place at the right; while a filter is typed that is Enter, which comes first.
  const last = typing ? [] : groups.splice(-1);
  const kept = last.reduce((sum, group) => sum + groupWidth(group) + GAP, 0);
  for (const group of [...fitting(groups, line.width - 1 - x - kept, GAP), ...last]) {
    if (x + groupWidth(group) <= line.width) x = putGroup(line, x, group) + GAP;
  }
}
