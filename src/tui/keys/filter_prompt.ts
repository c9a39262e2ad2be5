/**
 * The prompt of `/`: the filter of the focused pane, which applies while it is typed.
 *
 * @module
 */
import {
  type Context,
  type FilterPrompt,
  heldModel,
  notApplied,
  type Outcome,
  type PaneUi,
  parseToolFilter,
  type Ui,
  withColumns,
  withPane,
} from "../state/mod.ts";
import type { KeyEvent } from "../terminal/mod.ts";
import { editedText, limitedText, promptText } from "./prompt.ts";

/** Maximum length of a filter, characters. */
const MAX_FILTER = 255;
/** Filters that can be recalled. */
const MAX_RECENT = 20;

const focusedPane = ({ panes, focus }: Ui): PaneUi | undefined => panes[focus];

const openPrompt = ({ overlay }: Ui): FilterPrompt | null => overlay?.kind === "filter" ? overlay : null;

/** Opens the prompt, empty. The pane keeps its filter until something is typed. */
export function openFilter({ ui }: Context): Outcome {
  const pane = focusedPane(ui);
  if (!pane) return { ui };
  const { filter, selected, followed, top } = pane;
  const before = { filter, selected, followed, top };
  return { ui: { ...ui, overlay: { kind: "filter", text: "", problem: null, recalled: -1, before } } };
}

/** Why a filter cannot be applied; null if it can, or while that is unknown because the pattern library loads. */
function problemOf({ ui, model }: Context, filter: string): string | null {
  const tool = heldModel(ui, model).tools[ui.focus]?.tool;
  const pane = focusedPane(ui);
  if (!tool || !pane) return null;
  const { problem, pending } = parseToolFilter(filter, withColumns(tool, pane.columns));
  return pending ? null : problem;
}

/**
 * The filter that a pane keeps when an invalid one is typed: its own, which was valid; without its last condition, if that was only
 * the start of what is typed now.
 */
function keptFilter(context: Context, text: string): string {
  const valid = focusedPane(context.ui)?.filter ?? "";
  if (!text.startsWith(valid) || text.startsWith("&", valid.length)) return valid;
  const complete = valid.replace(/(&&\s*)?\S+$/, "");
  return problemOf(context, complete) === null ? complete : "";
}

/** The state with another text in the prompt; the pane has it if it is a valid filter. */
function withText(context: Context, text: string, recalled: number | null = null): Outcome {
  const { ui } = context;
  const prompt = openPrompt(ui);
  if (prompt === null) return { ui };
  const problem = problemOf(context, text);
  const typed = { ...ui, overlay: { ...prompt, text, recalled, problem: notApplied(problem) } };
  const filter = problem === null ? text : keptFilter(context, text);
  const same = filter === focusedPane(ui)?.filter;
  return { ui: same ? typed : withPane(typed, { filter, selected: 0, top: 0 }) };
}

/** Appends pasted text to the filter. */
export function insertFilter(context: Context, text: string): Outcome {
  const typed = openPrompt(context.ui)?.text ?? "";
  return withText(context, limitedText(typed + promptText(text), MAX_FILTER));
}

/** Edits the typed filter; null if the key does not edit text. */
export function editFilter(context: Context, event: KeyEvent): Outcome | null {
  const before = openPrompt(context.ui)?.text ?? "";
  const edited = editedText(before, event);
  if (edited === null) return null;
  const same = edited === before && edited === focusedPane(context.ui)?.filter;
  return same ? { ui: context.ui } : withText(context, limitedText(edited, MAX_FILTER));
}

/** The recent filters that the prompt can recall, newest first: the pane's own is the newest. */
function recentFilters(ui: Ui): readonly string[] {
  const prompt = openPrompt(ui);
  const recent = focusedPane(ui)?.recentFilters ?? [];
  const own = prompt?.before.filter ?? "";
  return own === "" ? recent : [own, ...recent.filter((filter) => filter !== own)];
}

/** Whether a recent filter can be recalled: until something is typed. */
export function canRecall({ ui }: Pick<Context, "ui">): boolean {
  return (openPrompt(ui)?.recalled ?? null) !== null && recentFilters(ui).length > 0;
}

/** Shows an older (1) or a newer (−1) recent filter in the prompt. */
export function recallFilter(context: Context, step: 1 | -1): Outcome {
  const recent = recentFilters(context.ui);
  const shown = openPrompt(context.ui)?.recalled ?? -1;
  const wanted = Math.min(shown + step, recent.length - 1);
  if (wanted < -1 || wanted === shown) return { ui: context.ui };
  return withText(context, recent[wanted] ?? "", wanted);
}

/** The pane's recent filters with its filter as the newest. */
export function withRecentFilter({ filter, recentFilters }: PaneUi): readonly string[] {
  if (filter === "" || filter === recentFilters[0]) return recentFilters;
  return [filter, ...recentFilters.filter((other) => other !== filter)].slice(0, MAX_RECENT);
}

/** Whether Enter keeps the typed filter: it is valid, or that is unknown. */
export const canAccept = ({ ui }: Pick<Context, "ui">): boolean => openPrompt(ui)?.problem === null;

/** Closes the prompt and keeps the filter; if nothing was typed, the one that the pane had. An invalid filter keeps the prompt open. */
export function acceptFilter(context: Context): Outcome {
  const { ui } = context;
  const pane = focusedPane(ui);
  const text = openPrompt(ui)?.text ?? "";
  const problem = notApplied(problemOf(context, text));
  if (problem !== null) return { ui: { ...ui, overlay: { ...openPrompt(ui)!, problem } } };
  const closed = { ...ui, overlay: null };
  return { ui: pane ? withPane(closed, { recentFilters: withRecentFilter(pane) }) : closed };
}

/** Closes the prompt; the filter is again the one before it was opened. */
export function cancelFilter({ ui }: Context): Outcome {
  const prompt = openPrompt(ui);
  return { ui: prompt === null ? ui : withPane({ ...ui, overlay: null }, prompt.before) };
}

/** The state before another pane gets the focus: an open prompt is closed, and a valid filter kept. */
export function leaveFilter(context: Context): Ui {
  const prompt = openPrompt(context.ui);
  if (prompt === null) return context.ui;
  return (problemOf(context, prompt.text) === null ? acceptFilter(context) : cancelFilter(context)).ui;
}
