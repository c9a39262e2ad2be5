/**
 * The panes of a screen, arranged: what the keys that work depend on.
 *
 * @module
 */
import type { Model } from "../../model/mod.ts";
import type { Rect } from "../canvas/mod.ts";
import { type Context, fillsScreen, shownModel, type Ui } from "../state/mod.ts";
import { type ArrangedPane, arrangePane, type NotApplied } from "./pane.ts";
import { chooseLayout, hasRoomForTimeline, headerHeight, screenBody, showsFooter } from "./pane_rects.ts";
import { type ArrangedTimeline, arrangeTimeline } from "./timeline.ts";

/** A screen's panes, and the state that they were arranged from. */
export interface Arrangement extends Context {
  /** The model on the screen: while paused an older one. */
  readonly shown: Model;
  /** Number of header lines. */
  readonly headerHeight: number;
  readonly showsFooter: boolean;
  /** Between header and footer, or the timeline. */
  readonly body: Rect;
  /** Of a replay, if there is room; null: none. */
  readonly timeline: ArrangedTimeline | null;
  /** The panes on the screen: all, or the focused one alone. */
  readonly panes: readonly ArrangedPane[];
  /** The focused one of them; null if there is none. */
  readonly focused: ArrangedPane | null;
}

/** How many panes there are, if some do not fit on the screen; else null. */
export function hiddenPaneCount({ ui, panes }: Arrangement): number | null {
  return !ui.zoom && panes.length < ui.panes.length ? ui.panes.length : null;
}

/** The state with the selections where their rows are now; the same object if none has moved. */
function withFollowed(ui: Ui, arranged: readonly ArrangedPane[]): Ui {
  const panes = ui.panes.map((pane, i) => arranged.find(({ index }) => index === i)?.pane ?? pane);
  return panes.every((pane, i) => pane === ui.panes[i]) ? ui : { ...ui, panes };
}

/** The typed filter, if it is not applied. */
function unappliedFilter({ overlay }: Ui): NotApplied | null {
  return overlay?.kind === "filter" && overlay.problem !== null
    ? { filter: overlay.text, problem: overlay.problem }
    : null;
}

/** Arranges the panes; see arrange() for `previous`. */
export function arrangePanes(context: Context, previous?: Arrangement): Arrangement {
  const { ui, model, size } = context;
  const shown = shownModel(ui, model);
  const { tools } = shown;
  const { pressure, network, disks } = shown.host;
  const hasFigures = [pressure, network, disks].some((figure) => figure !== undefined);
  const hasTimeline = model.replay !== undefined;
  const layout = chooseLayout({ size, tools, focus: ui.focus, zoom: ui.zoom, hasFigures, hasTimeline });
  const body = screenBody(size, { hasFigures, hasTimeline });
  const panes = layout.panes.flatMap((rect) => {
    const source = tools[rect.index];
    const pane = ui.panes[rect.index];
    if (!source || !pane) return [];
    const before = previous?.panes.find((one) => one.source.tool === source.tool);
    const focused = rect.index === ui.focus;
    const notApplied = focused ? unappliedFilter(ui) : null;
    const input = {
      source,
      pane,
      rect,
      frame: layout.frame,
      focused,
      notApplied,
      fillsScreen: fillsScreen(ui),
    };
    return [arrangePane(input, before)];
  });
  return {
    ...context,
    ui: withFollowed(ui, panes),
    shown,
    headerHeight: headerHeight(size, hasFigures),
    showsFooter: showsFooter(size),
    body,
    timeline: hasTimeline && hasRoomForTimeline(size)
      ? arrangeTimeline(model, { x: 0, y: body.y + body.height, width: size.width, height: 1 })
      : null,
    panes,
    focused: panes.find(({ focused }) => focused) ?? null,
  };
}
