/**
 * Banners in the header: the state of a replay, and the process that the panes are narrowed to.
 *
 * @module
 */
import type { Model, ReplayStatus } from "../../model/mod.ts";
import { clockTime, displayWidth, localDate, zonedTime } from "../../text/mod.ts";
import { Style } from "../canvas/mod.ts";
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

/** The pivot process: name and id, or the id alone if `width` cells hold no more. Empty without a pivot. */
export function pivotBanner({ pivot }: Model, width: number): Group[] {
  if (!pivot) return [];
  const { pid, comm, state } = pivot;
  const variants = {
    narrowed: [comm === "" ? ` pid ${pid} ` : ` pid ${pid} ${comm} `, ` pid ${pid} `, ` ${pid} `],
    ended: [` pid ${pid} ${comm} ended `, ` pid ${pid} ended `, ` ${pid} ended `],
    gone: [` pid ${pid} has ended: not narrowed `, ` pid ${pid} is gone `, ` ${pid} gone `],
  }[state];
  const style = state === "narrowed" ? Style.banner : Style.warn;
  const groups = variants.map((text): Group => [{ text, style }]);
  return [groups.find((group) => groupWidth(group) < width) ?? groups.at(-1)!];
}
