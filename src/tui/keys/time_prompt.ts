/**
 * The prompt of `@`, which goes to a time.
 *
 * @module
 */
import type { Model } from "../../model/mod.ts";
import { modelAt } from "../../monitor/mod.ts";
import { clockTime, localDate, type Moment, parseMoment, startOfSecond } from "../../text/mod.ts";
import { atFirstRows, type Context, heldModel, type Outcome, pausedAt } from "../state/mod.ts";
import type { KeyEvent } from "../terminal/mod.ts";
import { editedText, limitedText, promptText } from "./prompt.ts";

/** Maximum length, characters. */
const MAX_TEXT = 40;

/** Whether the screen can show another time. */
export const canGoToTime = ({ model, capabilities }: Context): boolean =>
  capabilities.has("goToTime") || model.snapshots.length > 0;

/** Opens the prompt. */
export const openTimePrompt = ({ ui }: Context): Outcome => ({
  ui: { ...ui, overlay: { kind: "time", text: "", problem: null } },
});

function withText({ ui }: Context, text: string): Outcome {
  return {
    ui: { ...ui, overlay: { kind: "time", text: limitedText(text, MAX_TEXT), problem: null } },
  };
}

const typed = ({ ui: { overlay } }: Context): string => overlay?.kind === "time" ? overlay.text : "";

/** Adds pasted text. */
export const insertTime = (context: Context, text: string): Outcome =>
  withText(context, typed(context) + promptText(text));

/** Edits the typed time; null if the key does not edit text. */
export function editTime(context: Context, event: KeyEvent): Outcome | null {
  const edited = editedText(typed(context), event);
  return edited === null ? null : withText(context, edited);
}

/** Parses a time: in a replay relative to the time shown, on a live screen relative to the newest tick. */
function momentIn({ time, replay }: Model, text: string): Moment {
  const now = Date.now();
  return replay
    ? parseMoment(text, { now, from: time, day: "nearest" })
    : parseMoment(text, { now: time, from: time, day: "last" });
}

/** A time as messages show it: with the date unless it is today. */
function shownTime(ms: number, today: number): string {
  const day = localDate(ms);
  return day === localDate(today) ? clockTime(ms) : `${day} ${clockTime(ms)}`;
}

/** Why a time cannot be shown; null if it can. */
function outOfRange({ model, ui }: Context, ms: number): string | null {
  const { replay, time } = model;
  if (replay) {
    const { from, to } = replay.range;
    if (ms < from) return `the recording starts at ${shownTime(from, time)}`;
    return to !== null && startOfSecond(ms) > to ? `the recording ends at ${shownTime(to, time)}` : null;
  }
  if (startOfSecond(ms) > time) return "that is in the future";
  const oldest = Math.min(
    ...[heldModel(ui, model), model].map(({ snapshots }) => snapshots[0]?.time ?? time),
  );
  return ms < oldest ? `the history starts at ${shownTime(oldest, time)}` : null;
}

/** Goes to the typed time and closes the prompt. On a problem the prompt stays open and shows it; an empty prompt just closes. */
export function goToTypedTime(context: Context): Outcome {
  const { ui, model } = context;
  const text = typed(context);
  if (text.trim() === "") return { ui: { ...ui, overlay: null } };
  const moment = momentIn(model, text);
  const problem = "problem" in moment ? moment.problem : outOfRange(context, moment.ms);
  if (problem !== null) return { ui: { ...ui, overlay: { kind: "time", text, problem } } };
  const { ms } = moment as { readonly ms: number };
  const closed = atFirstRows({ ...ui, overlay: null }, heldModel(ui, model));
  if (model.replay) return { ui: closed, command: { kind: "goToTime", time: ms } };
  const [oldest] = model.snapshots;
  const from = oldest && oldest.time <= ms ? model : heldModel(ui, model);
  return { ui: pausedAt(closed, modelAt(from, ms)) };
}
