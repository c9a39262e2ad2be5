/**
 * What the header says of a replay: that it is one, where it stands, how fast it goes, and of what day it is.
 *
 * @module
 */
import type { Model, ReplayStatus } from "../../model/mod.ts";
import { clockTime, displayWidth } from "../../text/mod.ts";
import { Style } from "../canvas/mod.ts";
import type { Group } from "./runs.ts";

/** Narrowest header with a date. */
const DATED_WIDTH = 80;

const STATES: Readonly<Record<ReplayStatus["state"], string>> = {
  playing: "",
  paused: " PAUSED",
  end: " END",
  failed: " UNREADABLE",
};

const date = (time: number): string => {
  const day = new Date(time);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
};

/** The clock of the header, `room` cells of a screen `width` cells wide: with the day where a replay has room for it. */
export function clockText({ replay, time }: Model, { width, room }: { width: number; room: number }): string {
  const dated = `${date(time)} ${clockTime(time)}`;
  return replay && width >= DATED_WIDTH && displayWidth(dated) <= room ? dated : clockTime(time);
}

/** Groups from the right edge of the header, the most important first; none where the present is shown. */
export function replayGroups({ replay }: Model): Group[] {
  if (!replay) return [];
  const { position, total, speed, state, demo } = replay;
  return [
    [{ text: ` ${demo ? "DEMO RECORDING" : "REPLAY"}${STATES[state]} `, style: Style.banner }],
    [{ text: `${position}/${total ?? "?"}`, style: Style.barStrong }],
    ...(speed === 1 ? [] : [[{ text: `${speed}x`, style: Style.barStrong }]]),
  ];
}
