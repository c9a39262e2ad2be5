/**
 * The last line: the keys that work here, a message, or the filter that is being typed.
 *
 * @module
 */
import { counted } from "../../text/mod.ts";
import { displayWidth, skip, take, truncate } from "../../text/width.ts";
import { type Line, Style } from "../canvas/mod.ts";
import { type Binding, bindingsFor } from "../keys/mod.ts";
import { type Context, focused, lineCount, type Message, problemOf } from "../state/mod.ts";
import { fitting, type Group, groupWidth, putGroup } from "./runs.ts";
import { spell, type Symbols } from "./symbols.ts";

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

function keyGroup({ footer }: Binding, context: Context, ascii: boolean): Group {
  if (!footer) return [];
  return [
    { text: spell(footer.key, ascii), style: Style.key },
    { text: ` ${footer.labelNow?.(context) ?? footer.label}`, style: Style.keyLabel },
  ];
}

/** What is wanted most comes first: what there is no room for is left out from the end. */
function byUse(bindings: readonly Binding[], { ui, model }: Context): readonly Binding[] {
  if (ui.overlay) return bindings;
  const wanted = model.replay ? WANTED_IN_REPLAY : ui.paused ? WANTED_PAUSED : WANTED;
  const place = ({ name }: Binding): number => wanted.includes(name) ? wanted.indexOf(name) : wanted.length;
  return bindings.toSorted((a, b) => place(a) - place(b));
}

/** The line in which the filter is typed; returns the column after it. */
function drawFilter(line: Line, context: Context, symbols: Symbols): number {
  const target = focused(context);
  if (!target) return 0;
  const label = line.width >= 30 ? "Filter " : "/";
  const problem = problemOf(target.tool, target.pane);
  const count = ` ${problem ?? counted(lineCount(target.tool, target.pane), "row")}`;
  const x = line.put(1, label, Style.key);
  const room = Math.max(Math.min(12, line.width - x - 2), line.width - x - 1 - displayWidth(count));
  const { filter } = target.pane;
  const tail = skip(filter, Math.max(0, displayWidth(filter) - room));
  const end = line.put(x, take(tail, room), Style.filter);
  line.glyph(end, symbols.cursor, Style.filter);
  return line.put(end + 2, count.trim(), problem === null ? Style.dim : Style.warn);
}

function drawMessage(line: Line, { text, kind }: Message, symbols: Symbols): void {
  const x = line.width >= 30 ? 1 : 0;
  line.put(x, truncate(text, line.width - x, symbols.ellipsis), kind === "error" ? Style.bad : Style.strong);
}

/** Draws the footer. */
export function drawFooterLine(line: Line, context: Context, { symbols, ascii }: {
  symbols: Symbols;
  ascii: boolean;
}): void {
  const bindings = byUse(bindingsFor(context), context).filter(({ footer }) => footer !== undefined);
  const typing = context.ui.overlay?.kind === "filter";
  // The keys that a message hides are known over the panes; those of what lies over them are not.
  if (context.ui.message && !context.ui.overlay) return drawMessage(line, context.ui.message, symbols);
  let x = typing ? drawFilter(line, context, symbols) + GAP + 1 : 1;
  const groups = bindings.map((binding) => keyGroup(binding, context, ascii));
  // The way out has its place at the right; while a filter is typed that is Enter, which comes first.
  const last = typing ? [] : groups.splice(-1);
  const kept = last.reduce((sum, group) => sum + groupWidth(group) + GAP, 0);
  for (const group of [...fitting(groups, line.width - 1 - x - kept, GAP), ...last]) {
    if (x + groupWidth(group) <= line.width) x = putGroup(line, x, group) + GAP;
  }
}
