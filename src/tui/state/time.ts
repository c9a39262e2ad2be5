/**
 * Going back in time, and forward again, through what is kept.
 *
 * @module
 */
import type { Moment } from "../../monitor/model.ts";
import { modelAt, momentBeside } from "../../monitor/past.ts";
import { type Context, type Outcome, shownModel } from "./ui.ts";

const MINUTE_MS = 60_000;

/** Pauses at a moment. */
function goTo({ ui, model }: Context, moment: Moment | null): Outcome {
  if (moment === null) return { ui: { ...ui, paused: ui.paused ?? model } };
  return { ui: { ...ui, paused: modelAt(model, moment.time) } };
}

/** Pauses `steps` ticks before (negative) or after what is shown; at the oldest and the newest it stays. */
export function stepTime(context: Context, steps: number): Outcome {
  const { time } = shownModel(context.ui, context.model);
  return goTo(context, momentBeside(context.model, time, steps));
}

/** Pauses `minutes` before (negative) or after what is shown; by a tick at least where ticks are further apart. */
export function jumpMinutes(context: Context, minutes: number): Outcome {
  const { model } = context;
  const { time } = shownModel(context.ui, model);
  const there = momentBeside(model, time + minutes * MINUTE_MS, 0);
  const beside = momentBeside(model, time, Math.sign(minutes));
  const tooNear = there && beside && (minutes < 0 ? there.time > beside.time : there.time < beside.time);
  return goTo(context, tooNear ? beside : there);
}

/** True where there is a moment to go back to. */
export const hasPast = ({ model }: Context): boolean => model.moments.length > 1;

/** True while the screen shows a moment that is over. */
export const isPaused = ({ ui }: Context): boolean => ui.paused !== null;
