/**
 * Going back and forward in the history, and the views of a zoomed pane.
 *
 * @module
 */
import type { Arrangement, Screen } from "../layout/mod.ts";
import {
  atFirstRows,
  type Context,
  fillsScreen,
  heldModel,
  type Outcome,
  pausedAt,
  viewsOf,
  withPane,
} from "../state/mod.ts";
import type { Model, Snapshot } from "../../model/mod.ts";
import { modelAt, snapshotAt } from "../../monitor/mod.ts";
import { clockTime } from "../../text/mod.ts";

const MINUTE_MS = 60_000;

/**
 * The model whose snapshots are stepped through: the shown one backwards, the newest one forwards. The newest may have
 * dropped older snapshots, or been narrowed to a process since.
 */
function sideOf({ ui, model }: Context, direction: number): Model {
  return direction < 0 ? heldModel(ui, model) : model;
}

/** Pauses at a snapshot of a model; null: at what is shown. At an end of the history a message says so. */
function goTo(context: Context, of: Model, { moment, direction }: Step): Outcome {
  const { ui, model } = context;
  if (moment === null) return { ui: pausedAt(ui, ui.paused ?? model) };
  const paused = pausedAt(ui, modelAt(of, moment.time));
  const end = of.snapshots.at(direction < 0 ? 0 : -1);
  if (moment.time !== end?.time) return { ui: paused };
  const text = direction < 0 ? historyStart(context) : "This is the newest interval";
  return { ui: { ...paused, message: { text, kind: "info" } } };
}

/** A move through the history, and the snapshot that it leads to. */
interface Step {
  readonly moment: Snapshot | null;
  readonly direction: number;
}

/** Where the history starts, for a key that cannot go further back. */
export function historyStart({ ui, model }: Context): string {
  const [oldest] = heldModel(ui, model).snapshots;
  return oldest ? `The history starts at ${clockTime(oldest.time)}` : "The history has no interval yet";
}

/** Pauses `steps` ticks before (negative) or after what is shown; at the oldest and the newest it stays. */
export function stepTime(context: Context, steps: number): Outcome {
  const model = sideOf(context, steps);
  const { time } = heldModel(context.ui, context.model);
  return goTo(context, model, { moment: snapshotAt(model, time, steps), direction: steps });
}

/** Pauses `minutes` before (negative) or after what is shown; but by at least one tick. */
export function jumpMinutes(context: Context, minutes: number): Outcome {
  const model = sideOf(context, minutes);
  const { time } = heldModel(context.ui, context.model);
  const there = snapshotAt(model, time + minutes * MINUTE_MS, 0);
  const beside = snapshotAt(model, time, Math.sign(minutes));
  const tooNear = there && beside && (minutes < 0 ? there.time > beside.time : there.time < beside.time);
  const outcome = goTo(context, model, { moment: tooNear ? beside : there, direction: minutes });
  return { ui: atFirstRows(outcome.ui, heldModel(context.ui, context.model)) };
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
