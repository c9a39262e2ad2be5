/**
 * Going back and forward in the history, and the views of a zoomed pane.
 *
 * @module
 */
import type { Arrangement, Screen } from "../layout/mod.ts";
import { type Context, fillsScreen, heldModel, type Outcome, viewsOf, withPane } from "../state/mod.ts";
import type { Model, Snapshot } from "../../model/mod.ts";
import { modelAt, snapshotAt } from "../../monitor/mod.ts";

const MINUTE_MS = 60_000;

/**
 * The model whose snapshots are stepped through: the shown one backwards, the newest one forwards. The newest may have
 * dropped older snapshots, or been narrowed to a process since.
 */
function sideOf({ ui, model }: Context, direction: number): Model {
  return direction < 0 ? heldModel(ui, model) : model;
}

/** Pauses at a snapshot of a model; null: at what is shown. */
function goTo({ ui, model }: Context, of: Model, moment: Snapshot | null): Outcome {
  if (moment === null) return { ui: { ...ui, paused: ui.paused ?? model } };
  return { ui: { ...ui, paused: modelAt(of, moment.time) } };
}

/** Pauses `steps` ticks before (negative) or after what is shown; at the oldest and the newest it stays. */
export function stepTime(context: Context, steps: number): Outcome {
  const model = sideOf(context, steps);
  const { time } = heldModel(context.ui, context.model);
  return goTo(context, model, snapshotAt(model, time, steps));
}

/** Pauses `minutes` before (negative) or after what is shown; but by at least one tick. */
export function jumpMinutes(context: Context, minutes: number): Outcome {
  const model = sideOf(context, minutes);
  const { time } = heldModel(context.ui, context.model);
  const there = snapshotAt(model, time + minutes * MINUTE_MS, 0);
  const beside = snapshotAt(model, time, Math.sign(minutes));
  const tooNear = there && beside && (minutes < 0 ? there.time > beside.time : there.time < beside.time);
  return goTo(context, model, tooNear ? beside : there);
}

/** Whether there is an older snapshot. */
export const hasPast = ({ ui, model }: Context): boolean => heldModel(ui, model).snapshots.length > 1;

/** Whether the screen shows the past. */
export const isPaused = ({ ui }: Context): boolean => ui.paused !== null;

/** Whether the focused pane has more than one view. */
export const hasViews = ({ ui, focused }: Arrangement): boolean =>
  focused !== null && fillsScreen(ui) && viewsOf(focused.tool).length > 1;

/** The next view of the focused pane. */
export function nextView({ ui, focused }: Screen): Outcome {
  if (!focused) return { ui };
  return { ui: withPane(ui, { view: (focused.pane.view + 1) % viewsOf(focused.tool).length }) };
}
