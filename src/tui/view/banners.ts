/**
 * Banners in the header: the state of a replay, the process that the panes are narrowed to, and what the command line
 * restricts.
 *
 * @module
 */
import {
  filtersIn,
  groupName,
  type HostStatus,
  type Model,
  type NamedFilter,
  type Pivot,
  type ReplayStatus,
} from "../../model/mod.ts";
import {
  clockTime,
  counted,
  displayWidth,
  humanDuration,
  localDate,
  skip,
  truncate,
  zonedTime,
} from "../../text/mod.ts";
import { Style } from "../canvas/mod.ts";
import type { Screen } from "../layout/mod.ts";
import { type Group, groupWidth } from "./runs.ts";
import type { Symbols } from "./symbols.ts";

/** Minimum width of a header with a date. */
const DATED_WIDTH = 80;

const STATES: Readonly<Record<ReplayStatus["state"], string>> = {
  playing: "",
  paused: " PAUSED",
  end: " END",
  failed: " UNREADABLE",
};

/**
 * The clock of the header, in `room` cells of a screen `width` cells wide; if there is room with the zone, and in a replay with
 * the day.
 */
export function clockText({ replay, time }: Model, { width, room }: { width: number; room: number }): string {
  if (width < DATED_WIDTH) return clockTime(time);
  const day = localDate(time);
  const variants = [zonedTime(time), clockTime(time)];
  const wanted = replay ? [...variants.map((text) => `${day} ${text}`), ...variants] : variants;
  return wanted.find((text) => displayWidth(text) <= room) ?? clockTime(time);
}

/** Minimum width of a header that names the kind of a replay beside its state. */
const NAMED_WIDTH = 60;

/** Groups from the right edge of the header, the most important first; none if the present is shown. */
export function replayGroups({ replay }: Model, width: number): Group[] {
  if (!replay) return [];
  const { position, total, speed, state, demo } = replay;
  const stateText = STATES[state];
  const name = demo ? "DEMO RECORDING" : "REPLAY";
  const text = width >= NAMED_WIDTH ? `${name}${stateText}` : stateText.trimStart() || (demo ? "DEMO" : name);
  return [
    [{ text: ` ${text} `, style: Style.banner }],
    [{ text: `${position}/${total ?? "?"}`, style: Style.barStrong }],
    ...(speed === 1 ? [] : [[{ text: `${speed}x`, style: Style.barStrong }]]),
  ];
}

const isRunning = ({ state }: HostStatus): boolean => state === "running";

/** What is wrong with a host, in two words. */
function hostText({ state, ageS, retryS }: HostStatus): string {
  if (state === "stalled") return `STALLED ${humanDuration(Math.floor(ageS ?? 0))}`;
  return retryS === null ? state.toUpperCase() : `LOST, again in ${Math.ceil(retryS)}s`;
}

/** Hosts that do not send, in the header; none if all do. One of several is named, more are counted. */
export function hostGroups({ hosts = [] }: Model): Group[] {
  const behind = hosts.filter((host) => !isRunning(host));
  if (behind.length === 0) return [];
  const [first] = behind;
  if (behind.length === 1) {
    const name = hosts.length === 1 ? "" : `${first!.name} `;
    return [[{ text: ` ${name}${hostText(first!)} `, style: Style.banner }]];
  }
  const states = [...new Set(behind.map(({ state }) => state))];
  const counts = states.map((state) => {
    const count = behind.filter((host) => host.state === state).length;
    return `${count} ${state.toUpperCase()}`;
  });
  return [[{ text: ` ${counts.join(" ")} `, style: Style.banner }]];
}

/** Texts for a process, the longest first. */
function pivotVariants({ pid, comm, state }: Pivot, past: PastPivot): readonly string[] {
  const name = comm === "" ? `pid ${pid}` : `pid ${pid} ${comm}`;
  if (past === "other") return [` only ${name} was counted `, ` only pid ${pid} `, ` ${pid} `];
  if (past === "now" && state === "gone") {
    return [` pid ${pid} has ended: all processes are shown `, ` pid ${pid} has ended `, ` ${pid} gone `];
  }
  const ended = state === "narrowed" ? "" : " ended";
  const shorter = [` pid ${pid}${ended} `, ` ${pid}${ended} `];
  if (past !== "rows") return [` ${name}${ended} `, ...shorter];
  return [
    ` only rows of ${name}${ended === "" ? "" : ", which has ended"} `,
    ` only rows of pid ${pid} `,
    ` rows of pid ${pid} `,
    ` rows of ${pid} `,
  ];
}

/**
 * What was counted at the shown moment, compared with the process that the panes are narrowed to now. The moment is the present;
 * only that process was counted; all were, so that only rows can be narrowed; or only another process was.
 */
type PastPivot = "now" | "counted" | "rows" | "other";

function pastPivot(now: Pivot | null, then: Pivot | null): PastPivot {
  const counted = then?.state === "gone" ? null : then;
  return counted === null ? "rows" : counted.pid === now?.pid ? "counted" : "other";
}

/** The pivot process: name and id, or the id alone if `width` cells hold no more. Empty without a pivot. */
export function pivotBanner(
  { model, shown, ui }: Pick<Screen, "model" | "shown" | "ui">,
  width: number,
): Group[] {
  const [now, then] = [
    model.pivot ?? null,
    (model.replay ? model.counted : model.hosts ? null : shown.pivot) ?? null,
  ];
  const past = ui.paused || model.counted ? pastPivot(now, then) : "now";
  const pivot = past === "other" ? then : now;
  if (!pivot) return [];
  const style = past === "other" || (past === "now" && pivot.state !== "narrowed")
    ? Style.warn
    : Style.banner;
  const groups = pivotVariants(pivot, past).map((text): Group => [{ text, style }]);
  return [groups.find((group) => groupWidth(group) < width) ?? groups.at(-1)!];
}

/** Widths to which the names of groups are cut, until all of them fit. */
const CRUMB_CUTS = [32, 24, 16, 12, 8] as const;
/** Cells that a banner leaves to the clock if it can. */
const CLOCK_WIDTH = 10;
/** Minimum cells of the groups' names. */
const MIN_CRUMBS = 6;

/**
 * Where the panes are: the groups that they are narrowed to, from the outermost one, and the process. In at most `width` cells, as far
 * as the process leaves room.
 *
 * @param process as {@linkcode pivotBanner} returns it
 */
export function breadcrumb(
  { ui: { scopes } }: Pick<Screen, "ui">,
  process: readonly Group[],
  { width, ellipsis }: { width: number } & Pick<Symbols, "ellipsis">,
): Group[] {
  if (scopes.length === 0) return [...process];
  const after = process.flat();
  const end = after.length > 0 ? " >" : " ";
  const room = Math.max(MIN_CRUMBS, width - 1 - groupWidth(after));
  const [only] = scopes;
  const named = scopes.length === 1 && only ? [`${only.title.toLowerCase()} ${groupName(only)}`] : [];
  const cut = (cells: number): string =>
    scopes.map((scope) => truncate(groupName(scope), cells, ellipsis)).join(" > ");
  const texts = [...named, ...CRUMB_CUTS.map(cut)].map((text) => ` ${text}${end}`);
  const fits = (cells: number) => (text: string): boolean => displayWidth(text) <= cells;
  const text = texts.find(fits(room - CLOCK_WIDTH)) ?? texts.find(fits(room)) ??
    ` ${truncate(groupName(scopes.at(-1)!), room - end.length - 1, ellipsis)}${end}`;
  return [[{ text, style: Style.banner }, ...after]];
}

/** Longest name of a command, cells: as long as a comm. */
const NAME_WIDTH = 15;

/** That the followed command has ended. */
export function commandBanner(
  { commandExit, restrictions = {} }: Model,
  { ellipsis }: Pick<Symbols, "ellipsis">,
): Group[] {
  const [program] = restrictions.command ?? [];
  if (commandExit === undefined || program === undefined) return [];
  const name = truncate(program.slice(program.lastIndexOf("/") + 1), NAME_WIDTH, ellipsis);
  return [[{ text: ` ${name} ended with ${commandExit} `, style: Style.warn }]];
}

/** Widths to which the values of restrictions are cut, until all of them fit. */
const CUTS = [Infinity, 20, 14, 10, 7] as const;

/** The end of a path, which identifies it best. */
function cutPath(path: string, cells: number, ellipsis: string): string {
  const hidden = displayWidth(path) - cells;
  return hidden <= 0 ? path : ellipsis + skip(path, hidden + displayWidth(ellipsis));
}

/**
 * The restrictions of the command line, cut to `room` cells; their number alone if there is no room for them.
 *
 * @param spare cells that nothing else takes: values that are cut are cut less
 */
export function restrictionBanner(
  { restrictions = {} }: Model,
  { room, ellipsis, spare = 0 }: { room: number; spare?: number } & Pick<Symbols, "ellipsis">,
): Group[] {
  const { tier } = restrictions;
  const cut = ({ name, value }: NamedFilter, cells: number): string => {
    if (name === "pid" || name === "ppid") return value;
    return name === "cgroup" ? cutPath(value, cells, ellipsis) : truncate(value, cells, ellipsis);
  };
  const words = (cells: number): string[] => [
    ...filtersIn(restrictions).map((filter) => `${filter.name} ${cut(filter, cells)}`),
    ...(tier === undefined ? [] : [`tier ${tier}`]),
  ];
  const count = words(Infinity).length;
  if (count === 0) return [];
  const cutTo = (cells: number): string => ` ${words(cells).join("  ")} `;
  const fits = (cells: number) => (cut: number): boolean => displayWidth(cutTo(cut)) <= cells;
  const chosen = CUTS.find(fits(room - CLOCK_WIDTH)) ?? CUTS.find(fits(room));
  if (chosen === undefined) return [[{ text: ` ${counted(count, "restriction")} `, style: Style.banner }]];
  const enlarged = Array.from({ length: chosen === Infinity ? 0 : spare }, (_, i) => chosen + spare - i);
  const cells = enlarged.find(fits(displayWidth(cutTo(chosen)) + spare)) ?? chosen;
  return [[{ text: cutTo(cells), style: Style.banner }]];
}
