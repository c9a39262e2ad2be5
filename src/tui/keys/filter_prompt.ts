/**
 * The prompt of `/`: the filter of the focused pane, which applies while it is typed.
 *
 * @module
 */
import {
  type Context,
  heldModel,
  type Outcome,
  type PaneUi,
  parseToolFilter,
  type Ui,
  withPane,
} from "../state/mod.ts";
import type { KeyEvent } from "../terminal/mod.ts";
import { editedText, limitedText, promptText } from "./prompt.ts";

/** Maximum length of a filter, characters. */
const MAX_FILTER = 255;

const focusedPane = ({ panes, focus }: Ui): PaneUi | undefined => panes[focus];

/** Opens the prompt. */
export function openFilter({ ui }: Context): Outcome {
  const pane = focusedPane(ui);
  if (!pane) return { ui };
  const { filter, selected, top } = pane;
  return { ui: { ...ui, overlay: { kind: "filter", before: { filter, selected, top } } } };
}

function withFilter({ ui }: Context, change: (filter: string) => string): Outcome {
  const pane = focusedPane(ui);
  return { ui: pane ? withPane(ui, { filter: change(pane.filter), selected: 0, top: 0 }) : ui };
}

/** Appends pasted text to the filter. */
export function insertFilter(context: Context, text: string): Outcome {
  return withFilter(context, (filter) => limitedText(filter + promptText(text), MAX_FILTER));
}

/** Edits the typed filter; null if the key does not edit text. */
export function editFilter(context: Context, event: KeyEvent): Outcome | null {
  const filter = focusedPane(context.ui)?.filter ?? "";
  const edited = editedText(filter, event);
  if (edited === null) return null;
  return edited === filter ? { ui: context.ui } : withFilter(context, () => limitedText(edited, MAX_FILTER));
}

/** Whether the typed filter can be applied. While the pattern library loads that is not known, and it counts as valid. */
function isValid({ ui, model }: Context): boolean {
  const tool = heldModel(ui, model).tools[ui.focus]?.tool;
  const { problem, pending } = tool
    ? parseToolFilter(focusedPane(ui)?.filter ?? "", tool)
    : { problem: null, pending: false };
  return problem === null || pending;
}

/** Closes the prompt and keeps the filter. If the filter is invalid, the prompt stays open and shows the problem. */
export function acceptFilter(context: Context): Outcome {
  const { ui } = context;
  return { ui: isValid(context) ? { ...ui, overlay: null } : ui };
}

/** Closes the prompt; the filter is again the one before it was opened. */
export function cancelFilter({ ui }: Context): Outcome {
  const { overlay } = ui;
  if (overlay?.kind !== "filter") return { ui };
  return { ui: withPane({ ...ui, overlay: null }, overlay.before) };
}

/** The state before another pane gets the focus: an open prompt is closed, and a valid filter kept. */
export function leaveFilter(context: Context): Ui {
  if (context.ui.overlay?.kind !== "filter") return context.ui;
  return (isValid(context) ? acceptFilter(context) : cancelFilter(context)).ui;
}
