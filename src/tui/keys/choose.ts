/**
 * Sorting, freezing, pausing and the interval.
 *
 * @module
 */
import { INTERVAL_RANGE } from "../../monitor/mod.ts";
import type { ArrangedPane, Screen } from "../layout/mod.ts";
import {
  type Context,
  foundColumns,
  orderOf,
  type Outcome,
  pausedAt,
  sortedBy,
  sortEntries,
  type Ui,
  withPane,
} from "../state/mod.ts";

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

/** Index of the entry that the pane is sorted by; 0, the tool's own order, if its column is not offered. */
function sortedEntry(focused: ArrangedPane): number {
  const now = sortedBy(focused.tool, focused.pane);
  return Math.max(0, sortEntries(focused).findIndex((entry) => entry !== null && entry.key === now?.key));
}

/** Sorts by the next or the previous column; the tool's own order comes before the first column. */
export function sortNext({ ui, focused }: Screen, step: 1 | -1): Outcome {
  const entries = focused ? sortEntries(focused) : [];
  if (!focused || entries.length === 0) return { ui };
  const next = (sortedEntry(focused) + step + entries.length) % entries.length;
  return sortBy(ui, entries[next]?.key ?? null);
}

function sortBy(ui: Ui, key: string | null): Outcome {
  return { ui: withPane(ui, { sort: key, reverse: false, frozen: null }) };
}

/** Opens the menu of orders at the one in use; closes it when open. */
export function toggleSortMenu({ ui, focused }: Screen): Outcome {
  if (!focused || ui.overlay?.kind === "sort") return { ui: { ...ui, overlay: null } };
  return { ui: { ...ui, overlay: { kind: "sort", selected: sortedEntry(focused) } } };
}

/** Sorts by the selected column of the menu, or as the tool does. */
export function acceptSort({ ui, focused }: Screen): Outcome {
  const { overlay } = ui;
  if (!focused || overlay?.kind !== "sort") return { ui };
  return sortBy(
    { ...ui, overlay: null },
    foundColumns(sortEntries(focused), ui)[overlay.selected]?.key ?? null,
  );
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
  return { ui: ui.paused ? { ...ui, paused: null } : pausedAt(ui, model) };
}
