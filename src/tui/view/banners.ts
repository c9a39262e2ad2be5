/**
 * Banners in the header: the state of a replay, and the process that the panes are narrowed to.
 *
 * @module
 */
import type { Model, Pivot, ReplayStatus } from "../../model/mod.ts";
import { clockTime, displayWidth, localDate, zonedTime } from "../../text/mod.ts";
import { Style } from "../canvas/mod.ts";
import type { Screen } from "../layout/mod.ts";
import { type Group, groupWidth } from "./runs.ts";

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

/** Groups from the right edge of the header, the most important first; none if the present is shown. */
export function replayGroups({ replay }: Model): Group[] {
  if (!replay) return [];
  const { position, total, speed, state, demo } = replay;
  return [
    [{ text: ` ${demo ? "DEMO RECORDING" : "REPLAY"}${STATES[state]} `, style: Style.banner }],
    [{ text: `${position}/${total ?? "?"}`, style: Style.barStrong }],
    ...(speed === 1 ? [] : [[{ text: `${speed}x`, style: Style.barStrong }]]),
  ];
}

/** Texts for a process, the longest first. */
function pivotVariants({ pid, comm, state }: Pivot, past: PastPivot): readonly string[] {
  const name = comm === "" ? `pid ${pid}` : `pid ${pid} ${comm}`;
  if (past === "other") return [` only ${name} was counted `, ` only pid ${pid} `, ` ${pid} `];
  if (past === "now" && state === "gone") {
    return [` pid ${pid} has ended: not narrowed `, ` pid ${pid} is gone `, ` ${pid} gone `];
  }
  const ended = state === "narrowed" ? "" : " ended";
  const rows = past === "rows" ? ": rows only" : "";
  return [` ${name}${ended}${rows} `, ` pid ${pid}${ended} `, ` ${pid}${ended} `];
}

/**
 * How a shown moment relates to the process that the panes are narrowed to now: it is the present; only that process was counted
 * then; all processes were, so that only rows can be narrowed; or only another one was.
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
  const [now, then] = [model.pivot ?? null, shown.pivot ?? null];
  const past = ui.paused ? pastPivot(now, then) : "now";
  const pivot = past === "other" ? then : now;
  if (!pivot) return [];
  const style = past === "other" || (past === "now" && pivot.state !== "narrowed")
    ? Style.warn
    : Style.banner;
  const groups = pivotVariants(pivot, past).map((text): Group => [{ text, style }]);
  return [groups.find((group) => groupWidth(group) < width) ?? groups.at(-1)!];
}
