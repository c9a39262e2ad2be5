/**
 * The frame of a pane: title, badges, and what the lower edge says.
 *
 * @module
 */
import {
  type Column,
  type Coverage,
  durationOrder,
  filtersIn,
  isList,
  type Restrictions,
  type ToolModel,
} from "../../model/mod.ts";
import { clockTime, counted, displayWidth, humanCount, humanDuration, truncate } from "../../text/mod.ts";
import { type Region, Style } from "../canvas/mod.ts";
import type { ArrangedPane } from "../layout/mod.ts";
import { flagBadges } from "../state/mod.ts";
import { drawFrame } from "./frame.ts";
import { borderOrder } from "./order.ts";
import type { Drawing } from "./over_time.ts";
import { type Group, groupWidth } from "./runs.ts";
import type { Symbols } from "./symbols.ts";

/** Cells of the lower edge that no text covers: the corners, and the blanks around both texts. */
const EDGE_MARGIN = 9;
/** Maximum width of the filter in a title. */
const MAX_FILTER = 32;
/** Cells of a title around its name, filter and problem: corners, number, blanks and rules. */
const TITLE_MARGIN = 14;
/** Cells of a rule around its name and the last badge: edges, number, blanks. */
const RULE_MARGIN = 12;
/** Minimum width of a pane whose title counts the panes. */
const MIN_COUNTED = 60;
/** Cells around a note in a title. */
const NOTE_MARGIN = 3;
/** Maximum width of a flag in a title, and the width of the number of those that do not fit. */
const MAX_FLAG = 24;
const MORE_WIDTH = 5;
/** Minimum width of the problem of a filter. */
const MIN_PROBLEM = 10;
/** The fill of a map is shown above this. */
const FILL_SHOWN = 0.5;
/** The fill of a map is shown as a warning above this. */
const FILL_WARNING = 0.9;

/**
 * Flags as notes, as many as fit into `room` cells, and how many more there are. Long ones are cut.
 *
 * @param kept Cells of the room that a long flag leaves to badges.
 */
function flagNotes(
  texts: readonly string[],
  { room, kept, ellipsis }: { room: number; kept: number; ellipsis: string },
): Group[] {
  const out: Group[] = [];
  let left = room;
  let spare = room - kept -
    texts.reduce((sum, text) => sum + Math.min(MAX_FLAG, displayWidth(text)) + NOTE_MARGIN, 0);
  for (const [i, text] of texts.entries()) {
    const most = MAX_FLAG + Math.max(0, spare);
    const shown = truncate(text, most, ellipsis);
    spare -= Math.max(0, displayWidth(shown) - MAX_FLAG);
    const more = i < texts.length - 1 ? MORE_WIDTH : 0;
    if (displayWidth(shown) + NOTE_MARGIN + more > left) {
      const count = texts.length - i;
      out.push([{ text: i === 0 ? counted(count, "flag") : `+${count}`, style: Style.filter }]);
      break;
    }
    left -= displayWidth(shown) + NOTE_MARGIN;
    out.push([{ text: shown, style: Style.filter }]);
  }
  return out;
}

/** Longer times are shown in minutes and larger units, seconds. */
const MAX_SECONDS = 120;

/** The column that rows are grouped by, and the time that is counted. */
function groupNote({ tree }: ArrangedPane): Group[] {
  if (tree === null) return [];
  const { grouping: { by }, seconds, end } = tree;
  const duration = seconds === null || seconds === 0
    ? ""
    : seconds < MAX_SECONDS
    ? `${Math.round(seconds)}s`
    : humanDuration(seconds);
  const time = end === null ? `last ${duration}` : `${duration} until ${clockTime(end)}`;
  return [[{ text: `by ${by.title}${duration === "" ? "" : `, ${time}`}`, style: Style.filter }]];
}

/**
 * Events per second in the last interval, with those that were not kept; under a filter those that pass it, of all. If those that
 * were not kept may be of any process, at least the kept ones. While panes are narrowed to a group, only those of the group.
 */
function rateBadge(
  { rowTool: { tool, state, tick }, source: { droppedRows, droppedOfAny, only }, pane, passed }: ArrangedPane,
): Group[] {
  if (tool.view !== "events" || state.kind !== "running" || tick === null || tick.intervalS <= 0) return [];
  const rate = (count: number): string => `${humanCount(count / tick.intervalS)}/s`;
  const all = rate(tick.rows.length + droppedRows);
  const text = droppedOfAny
    ? passed === 0 ? "rate unknown" : `${rate(passed ?? tick.rows.length)} or more`
    : only?.groups.length
    ? rate(passed ?? tick.rows.length)
    : pane.filter === ""
    ? all
    : passed === null
    ? `${all} unfiltered`
    : `${rate(passed)} of ${all}`;
  return [[{ text, style: Style.text }]];
}

/** Which tasks the command line restricts every tool to, as the end of a sentence: " for comm nginx"; empty: all. */
export function restrictedTo(restrictions: Restrictions): string {
  const words = filtersIn(restrictions).map(({ name, value }) => `${name} ${value}`);
  return words.length === 0 ? "" : ` for ${words.join(", ")}`;
}

/** What is covered by what cannot be narrowed as other panes are. */
export const coverText = (covers: Coverage, restrictions: Restrictions): string =>
  covers === "machine" && restrictedTo(restrictions) === "" ? "whole machine" : "not narrowed";

/** What a pane covers that cannot be narrowed as others are. */
const coverNote = ({ tool }: ArrangedPane, { restrictions }: Drawing): Group[] =>
  tool.coversAll ? [[{ text: coverText(tool.coversAll, restrictions), style: Style.warn }]] : [];

/** Cells of the badges, and on a rule of the position. */
const badgeWidth = (arranged: ArrangedPane): number =>
  badges(arranged).reduce((sum, group) => sum + groupWidth(group) + NOTE_MARGIN, 0) +
  (arranged.frame === "rule" ? Math.floor(arranged.rect.width / 4) : 0);

/** The notes after the name of a pane: filter, groups, flags, frozen order. */
function notes(arranged: ArrangedPane, drawing: Drawing): Group[] {
  const { symbols: { ellipsis } } = drawing;
  const { tool, pane, notApplied, missing, rect: { width } } = arranged;
  const { filter, problem } = notApplied ?? { filter: pane.filter, problem: arranged.problem };
  const out: Group[] = [];
  let filterWidth = 0;
  if (filter !== "") {
    const flags = flagBadges(tool).map((text) => Math.min(MAX_FLAG, displayWidth(text)) + NOTE_MARGIN);
    const free = width - displayWidth(tool.tool.name) - TITLE_MARGIN - badgeWidth(arranged) -
      flags.reduce((sum, cells) => sum + cells, 0);
    const least = Math.max(3, Math.min(MAX_FILTER, Math.floor(width / 3)));
    const cells = problem === null ? Math.max(least, free) : least;
    const text = truncate(`/${filter}`, cells, ellipsis);
    filterWidth = displayWidth(text);
    out.push([{ text, style: problem === null ? Style.filter : Style.warn }]);
  }
  if (problem !== null) {
    const room = width - displayWidth(tool.tool.name) - filterWidth - TITLE_MARGIN;
    if (room >= MIN_PROBLEM) out.push([{ text: truncate(problem, room, ellipsis), style: Style.warn }]);
  }
  out.push(...coverNote(arranged, drawing), ...groupNote(arranged));
  const used = out.reduce((sum, group) => sum + groupWidth(group) + NOTE_MARGIN, 0);
  const losses = groupWidth(badges(arranged)[0] ?? []) + NOTE_MARGIN;
  const room = width - displayWidth(tool.tool.name) - used - losses - TITLE_MARGIN / 2;
  const kept = Math.max(0, badgeWidth(arranged) - losses);
  out.push(...flagNotes(flagBadges(tool), { room, kept, ellipsis }));
  if (pane.frozen) out.push([{ text: "order frozen", style: Style.filter }]);
  const { droppedOfAny, only } = arranged.source;
  const whose = droppedOfAny ? `, maybe of ${only?.groups.length ? "others" : `pid ${only?.pid}`}` : "";
  const dropped = width < MIN_COUNTED ? " dropped" : ` rows dropped${whose}`;
  if (missing > 0) out.push([{ text: humanCount(missing) + dropped, style: Style.warn }]);
  return out;
}

/** Which events of a list with gaps were kept: "slowest and newest". */
function keptWords({ tool, eventOrders }: ToolModel): string {
  const words = eventOrders.map(({ key }) => {
    const column = tool.columns.find((column) => column.key === key);
    if (durationOrder(tool)?.key !== key) return `first by ${column?.title ?? key}`;
    return column?.unit === "s" ? "longest" : "slowest";
  });
  return [words.join(", "), "newest"].filter((text) => text !== "").join(" and ");
}

/** Of how many rows a list shows a part, the longest form first; none if it shows all, and for groups. */
function listParts({ source, tree, pane, count }: ArrangedPane): readonly string[] {
  const { tool, tick, events, eventsDropped, eventsHaveGaps, droppedRows, droppedOfAny } = source;
  const isEvents = tool.view === "events";
  const dropped = isEvents ? eventsDropped : droppedRows;
  if (!isList(tool) || tree !== null || dropped === 0) return [];
  const kept = isEvents ? events.length : tick?.rows.length ?? 0;
  if (source.only !== undefined && (isEvents || droppedOfAny)) return [];
  const all = humanCount(kept + dropped);
  if (pane.filter !== "") return [` in ${humanCount(kept)} kept of ${all}`, ` of ${all}`];
  const oldest = Date.parse(String(events[0]?.["time"]));
  const part = ` of ${all}`;
  if (!isEvents || count === 0 || Number.isNaN(oldest)) return [part];
  return eventsHaveGaps
    ? [`, ${keptWords(source)}${part}`, part]
    : [`${part} since ${clockTime(oldest)}`, part];
}

/** Losses, events a second, tier, missing hooks and map fill; the most important first. */
function badges(arranged: ArrangedPane): Group[] {
  const { state, lost, tick } = arranged.tool;
  if (state.kind === "attaching") return [[{ text: "attaching", style: Style.dim }]];
  if (state.kind === "unavailable") return [[{ text: "unavailable", style: Style.warn }]];
  const out: Group[] = [
    ...rateBadge(arranged),
    [{ text: state.tier, style: Style.badge }],
  ];
  const losses = lost.events + lost.keys;
  if (lost.runs > 0) out.unshift([{ text: `${humanCount(lost.runs)} skipped`, style: Style.warn }]);
  if (losses > 0) out.unshift([{ text: `${humanCount(losses)} lost`, style: Style.bad }]);
  if (state.missing.length > 0) {
    out.push([{ text: `${counted(state.missing.length, "hook")} missing`, style: Style.warn }]);
  }
  const fill = tick?.mapFill ?? 0;
  if (fill > FILL_SHOWN) {
    const style = fill > FILL_WARNING ? Style.bad : Style.warn;
    out.push([{ text: `map ${Math.floor(fill * 100)}% full`, style }]);
  }
  return out;
}

/** Duration of the history, rounded so that it rarely changes. */
function span({ tool }: ArrangedPane): string {
  const oldest = tool.times[tool.times.findLastIndex((time) => tool.otherScope?.has(time)) + 1] ?? 0;
  const seconds = ((tool.times.at(-1) ?? 0) - oldest) / 1000 + (tool.tick?.intervalS ?? 0);
  return seconds < 10 ? "" : `last ${humanDuration(seconds - seconds % (seconds < 60 ? 10 : 60))}`;
}

/** Which counters or graphs are shown, if not all are: the number of the last one, of all. */
function countersPosition({ tool, view, count, first, counterBlocks, graphs }: ArrangedPane): string {
  if (tool.tool.view !== "counters" || tool.tick === null) return "";
  const [start, shown, all] = view === "graph" && graphs
    ? [graphs.first, graphs.across * graphs.down, graphs.keys.length]
    : [first, counterBlocks.capacity, count];
  return shown < all ? `${Math.min(start + shown, all)}/${all}` : "";
}

/** How many rows are above the first one shown, the longest form first; none if it is the first row. */
function rowsAbove({ first }: ArrangedPane, { ascending }: Symbols): readonly string[] {
  if (first <= 0) return [];
  const mark = String.fromCodePoint(ascending);
  return [`${mark} ${humanCount(first)} above  `, `${mark}${humanCount(first)} `];
}

/** The rows above, the number of the selected row, and of how many rows the list is a part, in `room` cells. */
function position(arranged: ArrangedPane, room: number, symbols: Symbols): string {
  const { count, selected, flame } = arranged;
  if (count === 0 || flame) return "";
  const places = [...listParts(arranged), ""].map((part) => `${selected + 1}/${count}${part}`);
  const above = rowsAbove(arranged, symbols);
  const forms = [...places.flatMap((place) => above.map((rows) => rows + place)), ...places];
  return forms.find((text) => displayWidth(text) <= room) ?? places.at(-1)!;
}

const isFilled = (group: Group): boolean => group.length > 0;

/** The badges on a rule, which has no lower edge: on a narrow one, position and hidden columns come before the tier. */
function ruleBadges(
  arranged: ArrangedPane,
  { right, drawing }: { right: string; drawing: Drawing },
): Group[] {
  const { rect: { width }, tool: { tool, state }, focused } = arranged;
  const all = badges(arranged);
  const more = (room: number): Group => dimGroup(focused ? beyond(arranged, drawing.sideways, room) : "");
  if (width >= MIN_COUNTED) return [...all, dimGroup(right), more(Math.floor(width / 3))].filter(isFilled);
  const isTier = ([badge]: Group): boolean => state.kind === "running" && badge?.text === state.tier;
  const [position = ""] = right.split(" since ");
  const first = [...all.filter((group) => !isTier(group)), dimGroup(position)].filter(isFilled);
  const taken = [...first, ...notes(arranged, drawing)].reduce(
    (sum, group) => sum + groupWidth(group) + NOTE_MARGIN,
    0,
  );
  const room = width - displayWidth(tool.name) - taken - RULE_MARGIN;
  return [...first, more(room), ...all.filter(isTier)].filter(isFilled);
}

/** Names the hidden columns that a key scrolls to: their titles if there is room, else their number. */
function beyondOneSide(columns: readonly Column[], key: string | undefined, room: number): string {
  if (columns.length === 0 || key === undefined) return "";
  const forms = [
    `${key} shows ${columns.map(({ title }) => title).join(", ")}`,
    `${key} shows ${counted(columns.length, "column")}`,
    `${key} ${columns.length} more`,
    `${key} +${columns.length}`,
  ];
  return forms.find((form) => displayWidth(form) <= room) ?? "";
}

/** The columns on each side that the table does not show, and the keys that scroll to them. */
function beyond(
  { tool, flame, columns: { skipped, hidden } }: ArrangedPane,
  [left, right = left]: readonly string[],
  room: number,
): string {
  if (!isList(tool.tool) || tool.tick === null || flame) return "";
  const before = beyondOneSide(skipped, left, hidden.length > 0 ? Math.floor(room / 2) : room);
  const after = beyondOneSide(hidden, right, before === "" ? room : room - displayWidth(before) - 2);
  return [before, after].filter((text) => text !== "").join("  ");
}

/** What the lower edge says at the left: the columns that are not shown, and the order, in the longest form for which there is room. */
function withOrder(more: string, words: readonly string[], room: number): string {
  const before = more === "" ? "" : `${more}  `;
  const form = words.find((text) => displayWidth(before + text) <= room);
  return form === undefined ? more : before + form;
}

const dimGroup = (text: string): Group => text === "" ? [] : [{ text, style: Style.dim }];

/** How many panes there are, if others do not fit on the screen; on a narrow one the footer says so. */
function paneCountNote({ index, rect: { width } }: ArrangedPane, count: number | null): Group[] {
  return count === null || width < MIN_COUNTED ? [] : [dimGroup(`${index + 1} of ${count} panes`)];
}

/** Draws the frame of a pane, with all its texts. */
export function drawPaneFrame(screen: Region, arranged: ArrangedPane, drawing: Drawing): void {
  const { tool, index, rect, focused, frame } = arranged;
  const { symbols } = drawing;
  const counters = tool.tool.view === "counters";
  const share = frame === "rule" ? rect.width / 4 : (rect.width - EDGE_MARGIN) * 2 / 3;
  const right = !isList(tool.tool) || tool.tick === null
    ? countersPosition(arranged)
    : position(arranged, Math.floor(share), symbols);
  const room = rect.width - displayWidth(right) - EDGE_MARGIN;
  const more = focused ? beyond(arranged, drawing.sideways, room) : "";
  drawFrame(screen.part(rect), {
    kind: frame,
    style: focused ? Style.borderFocus : Style.border,
    symbols,
    title: [
      [
        { text: `${index + 1} `, style: Style.key },
        { text: tool.tool.name, style: focused ? Style.titleFocus : Style.title },
      ],
      ...paneCountNote(arranged, drawing.paneCount),
      ...notes(arranged, drawing),
    ],
    badges: frame === "rule" ? ruleBadges(arranged, { right, drawing }) : badges(arranged),
    bottomLeft: dimGroup(counters ? span(arranged) : withOrder(more, borderOrder(arranged), room)),
    bottomRight: dimGroup(right),
  });
}
