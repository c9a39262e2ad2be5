/**
 * The prompt for the time to go to.
 *
 * @module
 */
import type { Model } from "../../model/mod.ts";
import { modelAt } from "../../monitor/mod.ts";
import { clockTime, localDate, type Moment, parseMoment, startOfSecond } from "../../text/mod.ts";
import { type Context, heldModel, type Outcome } from "../state/mod.ts";
import type { KeyEvent } from "../terminal/mod.ts";
import { editedText, promptText } from "./prompt.ts";

/** Longest text. */
const MAX_TEXT = 40;

/** Whether there is a time to go to. */
export const canGoToTime = ({ model, capabilities }: Context): boolean =>
  capabilities.has("goToTime") || model.snapshots.length > 0;

/** Opens the prompt. */
export const openTimePrompt = ({ ui }: Context): Outcome => ({
  ui: { ...ui, overlay: { kind: "time", text: "", problem: null } },
});

function withText({ ui }: Context, text: string): Outcome {
  return {
    ui: { ...ui, overlay: { kind: "time", text: [...text].slice(0, MAX_TEXT).join(""), problem: null } },
  };
}

const typed = ({ ui: { overlay } }: Context): string => overlay?.kind === "time" ? overlay.text : "";

/** Adds pasted text. */
export const insertTime = (context: Context, text: string): Outcome =>
  withText(context, typed(context) + promptText(text));

/** The effect of a key on the time that is being typed; null if it is not an editing key. */
export function editTime(context: Context, event: KeyEvent): Outcome | null {
  const edited = editedText(typed(context), event);
  return edited === null ? null : withText(context, edited);
}

/** Parses a time for a live screen, whose present is `model`, or for a replay, relative to what is shown. */
function momentIn({ time, replay }: Model, text: string): Moment {
  const now = Date.now();
  return replay
    ? parseMoment(text, { now, from: time, day: "nearest" })
    : parseMoment(text, { now: time, from: time, day: "last" });
}

/** A time as the problem of another one names it: with the day unless that is today's. */
function shownTime(ms: number, today: number): string {
  const day = localDate(ms);
  return day === localDate(today) ? clockTime(ms) : `${day} ${clockTime(ms)}`;
}

/** Why there is nothing to show of a time; null: there is. */
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
  return ms < oldest ? `the past is kept since ${shownTime(oldest, time)}` : null;
}

/** Goes to the time that was typed and closes the prompt; it stays open with the problem if there is one. Empty: closes. */
export function goToTypedTime(context: Context): Outcome {
  const { ui, model } = context;
  const text = typed(context);
  if (text.trim() === "") return { ui: { ...ui, overlay: null } };
  const moment = momentIn(model, text);
  const problem = "problem" in moment ? moment.problem : outOfRange(context, moment.ms);
  if (problem !== null) return { ui: { ...ui, overlay: { kind: "time", text, problem } } };
  const { ms } = moment as { readonly ms: number };
  const closed = { ...ui, overlay: null };
  if (model.replay) return { ui: closed, command: { kind: "goToTime", time: ms } };
  const [oldest] = model.snapshots;
  const from = oldest && oldest.time <= ms ? model : heldModel(ui, model);
  return { ui: { ...closed, paused: modelAt(from, ms) } };
}
