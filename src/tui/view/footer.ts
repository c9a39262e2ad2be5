/**
 * The last line: the keys that work here, a message, or the filter that is being typed.
 *
 * @module
 */
import { displayWidth, skip, take, truncate } from "../../text/width.ts";
import { type Line, Style } from "../canvas/mod.ts";
import {
  type Binding,
  bindingsFor,
  type Context,
  focused,
  lineCount,
  type Message,
  problemOf,
} from "../state/mod.ts";
import { fitting, type Group, groupWidth, putGroup } from "./runs.ts";
import { spell, type Symbols } from "./symbols.ts";

const GAP = 2;

function keyGroup({ footer }: Binding, ascii: boolean): Group {
  if (!footer) return [];
  return [
    { text: spell(footer.key, ascii), style: Style.key },
    { text: ` ${footer.label}`, style: Style.keyLabel },
  ];
}

/** While paused, first those keys that lead through time and back to now. */
function byUse(bindings: readonly Binding[], { ui }: Context): readonly Binding[] {
  if (ui.paused === null || ui.overlay) return bindings;
  const timely = (binding: Binding): boolean => binding.name === "pause" || binding.name === "back-in-time";
  return [...bindings.filter(timely), ...bindings.filter((binding) => !timely(binding))];
}

/** The line in which the filter is typed; returns the column after it. */
function drawFilter(line: Line, context: Context, symbols: Symbols): number {
  const target = focused(context);
  if (!target) return 0;
  const label = line.width >= 30 ? "Filter " : "/";
  const problem = problemOf(target.tool, target.pane);
  const count = ` ${problem ?? `${lineCount(target.tool, target.pane)} rows`}`;
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
  if (context.ui.message && !typing) return drawMessage(line, context.ui.message, symbols);
  let x = typing ? drawFilter(line, context, symbols) + GAP + 1 : 1;
  const last = keyGroup(bindings.at(-1) as Binding, ascii);
  const others = bindings.slice(0, -1).map((binding) => keyGroup(binding, ascii));
  const room = line.width - 1 - x - groupWidth(last) - GAP;
  for (const group of [...fitting(others, room, GAP), last]) {
    if (x + groupWidth(group) <= line.width) x = putGroup(line, x, group) + GAP;
  }
}
