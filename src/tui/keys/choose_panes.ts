/**
 * What the panes show: which tools, how many panes, which columns.
 *
 * @module
 */
import type { Screen } from "../layout/mod.ts";
import {
  type Context,
  foundColumns,
  foundOffers,
  INITIAL_PANE,
  isShown,
  menuSearch,
  offeredTools,
  openMenu,
  type Outcome,
  paneChoices,
  type PaneUi,
  resumed,
  returningPane,
  showsSet,
  type Ui,
  withPane,
} from "../state/mod.ts";
import { MAX_PANES, type Offer } from "../../model/mod.ts";
import { clockTime } from "../../text/mod.ts";

/** A pane: its tool by name, and what is chosen in it. */
export interface NamedPane {
  readonly name: string;
  readonly pane: PaneUi;
}

/** The panes that the user can choose. Others, such as the probes pane, come after them and are kept. */
export function namedPanes({ ui, model }: Context): NamedPane[] {
  const offered = new Set(model.offers?.map(({ name }) => name));
  return model.tools.flatMap(({ tool }, i) =>
    offered.has(tool.name) ? [{ name: tool.name, pane: ui.panes[i] ?? INITIAL_PANE }] : []
  );
}

/** Why a pause ends when panes change, and how to go back to its time. */
function paneChange({ paused }: Ui): string {
  const back = paused === null ? "" : `; @ ${clockTime(paused.time)} goes back`;
  return `the panes have changed${back}`;
}

/** Requests these panes. Ends a pause, because the paused model has other panes, and a new one attaches first. */
export function withPanes(context: Context, wanted: readonly NamedPane[], focus = context.ui.focus): Outcome {
  const { ui } = context;
  const now = namedPanes(context);
  const others = ui.panes.slice(now.length);
  const removed = now.filter(({ name }) => wanted.every((other) => other.name !== name));
  const hidden = Object.fromEntries(removed.map(({ name, pane }) => [name, paneChoices(pane)]));
  return {
    ui: {
      ...resumed(ui, paneChange(ui)),
      hidden: { ...ui.hidden, ...hidden },
      panes: [...wanted.map(({ pane }) => pane), ...others],
      focus: Math.max(0, Math.min(focus, wanted.length + others.length - 1)),
    },
    command: { kind: "setTools", names: wanted.map(({ name }) => name) },
  };
}

/** Opens the menu of tools at the focused pane's; closes it when open. */
export function toggleToolMenu({ ui, model }: Context): Outcome {
  if (ui.overlay?.kind === "tools") return { ui: { ...ui, overlay: null } };
  const name = model.tools[ui.focus]?.tool.name;
  const selected = Math.max(0, (model.offers ?? []).findIndex((offer) => offer.name === name));
  return { ui: { ...ui, overlay: { kind: "tools", selected, search: "" } }, command: { kind: "listTools" } };
}

/** Opens the menu of named sets at the one that is shown; closes it when open. */
export function toggleSetMenu(context: Context): Outcome {
  const { ui } = context;
  if (ui.overlay?.kind === "sets") return { ui: { ...ui, overlay: null } };
  const selected = Math.max(0, ui.paneSets.findIndex((set) => showsSet(context.model, set)));
  return { ui: { ...ui, overlay: { kind: "sets", selected } } };
}

/** Shows the panes of the selected set, none of them zoomed, and focuses the first. In the past, a set that is shown changes nothing. */
export function acceptSet(context: Context): Outcome {
  const set = context.ui.paneSets[openMenu(context.ui.overlay)?.selected ?? -1];
  const ui: Ui = { ...context.ui, overlay: null };
  if (!set) return { ui };
  const saying = (text: string): Ui => ({ ...ui, message: { text: `${set.name} ${text}`, kind: "info" } });
  if (ui.paused && showsSet(context.model, set)) return { ui: saying("is shown already") };
  const names = offeredTools(context.model, set);
  const missing = set.tools.filter((name) => !names.includes(name)).join(", ");
  if (names.length === 0) return { ui: saying(`was not recorded: ${missing}`) };
  const now = namedPanes(context);
  const wanted = names.map((name) =>
    now.find((pane) => pane.name === name) ?? { name, pane: returningPane(ui, name) }
  );
  const said = missing === "" ? ui : saying(`is shown without ${missing}: not recorded`);
  const changed = withPanes({ ...context, ui: { ...said, zoom: false } }, wanted, 0);
  return { ui: changed.ui, command: { kind: "setTools", names, spares: set.spares } };
}

function selectedOffer({ ui, model }: Context): Offer | undefined {
  return foundOffers(model, menuSearch(ui))[openMenu(ui.overlay)?.selected ?? -1];
}

/** Shows the selected tool in the focused pane; if another pane shows it, the two are swapped. */
export function acceptTool(context: Context): Outcome {
  const offer = selectedOffer(context);
  const ui: Ui = { ...context.ui, overlay: null };
  const closed = { ...context, ui };
  const now = namedPanes(context);
  const here = now[ui.focus];
  if (!offer || offer.name === here?.name) return { ui };
  if (!here) {
    const added = addPane(context);
    return { ...added, ui: { ...added.ui, overlay: null } };
  }
  const there = now.findIndex(({ name }) => name === offer.name);
  const chosen = now[there] ?? { name: offer.name, pane: returningPane(ui, offer.name) };
  return withPanes(closed, now.map((other, i) => i === ui.focus ? chosen : i === there ? here : other));
}

/** Adds a pane with the selected tool and focuses it; the menu stays open. A tool has at most one pane. */
export function addPane(context: Context): Outcome {
  const offer = selectedOffer(context);
  const now = namedPanes(context);
  if (!offer || now.length >= MAX_PANES) return { ui: context.ui };
  const there = now.findIndex(({ name }) => name === offer.name);
  if (there >= 0) {
    const text = `${offer.name} is shown already, in pane ${there + 1}`;
    return { ui: { ...context.ui, focus: there, message: { text, kind: "info" } } };
  }
  return withPanes(
    context,
    [...now, { name: offer.name, pane: returningPane(context.ui, offer.name) }],
    now.length,
  );
}

/** Removes the focused pane, but never the last; the menu stays open. Removing the pane of the probes ends the measurement. */
export function removePane(context: Context): Outcome {
  const { focus } = context.ui;
  const now = namedPanes(context);
  if (focus >= now.length) return { ui: resumed(context.ui), command: { kind: "toggleCost" } };
  if (now.length < 2) return { ui: context.ui };
  return withPanes(context, now.filter((_, i) => i !== focus));
}

/** Whether the focused pane can be removed: it is not the last one that shows a tool. */
export function canRemovePane(context: Context): boolean {
  const count = namedPanes(context).length;
  return count > 1 || context.ui.focus >= count;
}

/** Tools that no pane shows, those that can run here first. */
function spares({ model }: Context): string[] {
  const shown = new Set(model.tools.map(({ tool }) => tool.name));
  const offers = (model.offers ?? []).filter(({ name }) => !shown.has(name));
  return [...offers.filter(({ tier }) => tier !== null), ...offers.filter(({ tier }) => tier === null)]
    .map(({ name }) => name);
}

/** Shows this many panes: removes the last ones, but not the focused one; new ones show tools that no pane shows. */
export function setPaneCount(context: Context, count: number): Outcome {
  const now = namedPanes(context);
  if (count === now.length) return { ui: context.ui };
  if (count > now.length) {
    const more = spares(context).slice(0, count - now.length);
    return withPanes(context, [
      ...now,
      ...more.map((name) => ({ name, pane: returningPane(context.ui, name) })),
    ]);
  }
  const kept = now.filter((_, i) => i < count);
  const here = now[context.ui.focus];
  if (!here || kept.includes(here)) return withPanes(context, kept);
  return withPanes(context, [...kept.slice(0, -1), here], count - 1);
}

/** Opens the menu of columns; closes it when open. */
export function toggleColumnMenu({ ui }: Context): Outcome {
  const overlay = ui.overlay?.kind === "columns" ? null : { kind: "columns" as const, selected: 0 };
  return { ui: { ...ui, overlay } };
}

/** Shows or hides the selected column, but never hides the last one. Hiding the sort column restores the tool's order. */
export function toggleColumn({ ui, focused, menu }: Screen): Outcome {
  const columns = focused?.tool.tool.columns ?? [];
  const column = foundColumns(columns, ui)[menu?.selected ?? -1];
  if (!focused || !column) return { ui };
  const on = !isShown(column);
  if (!on && columns.filter(isShown).length === 1) return { ui };
  const { pane } = focused;
  const order = !on && pane.sort === column.key ? { sort: null, reverse: false } : {};
  return { ui: withPane(ui, { columns: { ...pane.columns, [column.key]: on }, skip: 0, ...order }) };
}
