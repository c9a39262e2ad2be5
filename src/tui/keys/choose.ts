/**
 * Sorting, filtering, freezing, pausing and the interval.
 *
 * @module
 */
import { INTERVAL_RANGE } from "../../monitor/mod.ts";
import type { Screen } from "../layout/mod.ts";
import {
  type Context,
  orderOf,
  type Outcome,
  sortChoices,
  sortedBy,
  type Ui,
  withPane,
} from "../state/mod.ts";
import type { KeyEvent } from "../terminal/mod.ts";
import { editedText, promptText } from "./prompt.ts";

/** The next interval: steps of 0.1 s below 1 s, of 1 s above. */
export function stepInterval(seconds: number, direction: 1 | -1): number {
  const fine = direction > 0 ? seconds < 1 : seconds <= 1;
  const next = fine ? seconds + direction * 0.1 : seconds + direction;
  const notPastOne = direction < 0 && !fine ? Math.max(1, next) : next;
  const rounded = Math.round(notPastOne * 10) / 10;
  return Math.min(INTERVAL_RANGE.max, Math.max(INTERVAL_RANGE.min, rounded));
}

/** Requests a longer or shorter interval. */
export function changeInterval({ ui, model }: Context, direction: 1 | -1): Outcome {
  const seconds = stepInterval(model.intervalS, direction);
  return seconds === model.intervalS ? { ui } : { ui, command: { kind: "setInterval", seconds } };
}

/** Sorts by the next column, or the one before. */
export function sortNext({ ui, focused }: Screen, step: 1 | -1): Outcome {
  const choices = focused ? sortChoices(focused.tool) : [];
  if (!focused || choices.length === 0) return { ui };
  const now = choices.findIndex(({ key }) => key === sortedBy(focused.tool, focused.pane)?.key);
  const next = now < 0 ? (step > 0 ? 0 : choices.length - 1) : (now + step + choices.length) % choices.length;
  return sortBy(ui, choices[next]?.key ?? null);
}

function sortBy(ui: Ui, key: string | null): Outcome {
  return { ui: withPane(ui, { sort: key, reverse: false, frozen: null }) };
}

/** Opens the menu of columns at the one sorted by; closes it when open. */
export function toggleSortMenu({ ui, focused }: Screen): Outcome {
  if (!focused || ui.overlay?.kind === "sort") return { ui: { ...ui, overlay: null } };
  const now = sortedBy(focused.tool, focused.pane);
  const selected = sortChoices(focused.tool).findIndex(({ key }) => key === now?.key);
  return { ui: { ...ui, overlay: { kind: "sort", selected: Math.max(0, selected) } } };
}

/** Sorts by the selected column of the menu. */
export function acceptSort({ ui, focused }: Screen): Outcome {
  const { overlay } = ui;
  if (!focused || overlay?.kind !== "sort") return { ui };
  return sortBy({ ...ui, overlay: null }, sortChoices(focused.tool)[overlay.selected]?.key ?? null);
}

/** Reverses the order of the focused pane. */
export function reverseSort({ ui }: Context): Outcome {
  const pane = ui.panes[ui.focus];
  return { ui: pane ? withPane(ui, { reverse: !pane.reverse, frozen: null }) : ui };
}

/** Freezes or releases the order of the rows. */
export function toggleFreeze({ ui, focused }: Screen): Outcome {
  if (!focused) return { ui };
  return { ui: withPane(ui, { frozen: focused.pane.frozen ? null : orderOf(focused) }) };
}

/** Sorts by this column, as a click on its title does; reverses the order if it is already the sort column. */
export function sortByTitle(context: Context, key: string): Outcome {
  const { ui } = context;
  return ui.panes[ui.focus]?.sort === key ? reverseSort(context) : sortBy(ui, key);
}

/** Turns mouse reports on or off. */
export function toggleMouse({ ui }: Context): Outcome {
  const on = !ui.mouse;
  const text = on ? "Mouse on: text cannot be selected" : "Mouse off: text can be selected";
  return { ui: { ...ui, mouse: on, message: { text, kind: "info" } }, command: { kind: "setMouse", on } };
}

/** Pauses or resumes the screen. */
export function togglePause({ ui, model }: Context): Outcome {
  return { ui: { ...ui, paused: ui.paused ? null : model } };
}

function withFilter({ ui }: Context, change: (filter: string) => string): Outcome {
  const pane = ui.panes[ui.focus];
  return { ui: pane ? withPane(ui, { filter: change(pane.filter), selected: 0, top: 0 }) : ui };
}

/** Longest filter, characters: a name is at most 255 bytes. */
const MAX_FILTER = 255;

/** Adds pasted text to the filter. */
export function insertFilter(context: Context, text: string): Outcome {
  return withFilter(context, (filter) => [...filter + promptText(text)].slice(0, MAX_FILTER).join(""));
}

/** The effect of a key on the filter that is being typed; null if it is not an editing key. */
export function editFilter(context: Context, event: KeyEvent): Outcome | null {
  const filter = context.ui.panes[context.ui.focus]?.filter ?? "";
  const edited = editedText(filter, event);
  if (edited === null) return null;
  return edited === filter ? { ui: context.ui } : withFilter(context, () => edited.slice(0, MAX_FILTER));
}
