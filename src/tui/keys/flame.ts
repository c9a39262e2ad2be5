/**
 * Moving through a flame graph, and zooming into its frames.
 *
 * @module
 */
import { type ArrangedPane, type Arrangement, selectBeside, selectInwards } from "../layout/mod.ts";
import { type FlameUi, type Outcome, type Ui, withPane } from "../state/mod.ts";

/** Whether the focused pane shows a flame graph. */
export const showsFlame = ({ focused }: Pick<Arrangement, "focused">): boolean =>
  (focused?.flame ?? null) !== null;

/** Whether a frame inside the outermost one is as wide as the pane. */
export const isFlameZoomed = ({ focused }: Pick<Arrangement, "focused">): boolean =>
  (focused?.flame?.zoom.length ?? 0) > 0;

/** Whether the selected frame is as wide as the pane, and another one is around it. */
export const isWidest = (now: Pick<Arrangement, "focused">): boolean =>
  isFlameZoomed(now) && now.focused!.flame!.selected.path.length === now.focused!.flame!.zoom.length;

const withFlame = (ui: Ui, flame: FlameUi): Outcome => ({ ui: withPane(ui, { flame }) });

/** Selects an inner frame, or with a negative number an outer one. */
export function moveInwards(ui: Ui, { flame, pane }: ArrangedPane, levels: number): Outcome {
  return flame ? withFlame(ui, selectInwards(flame, pane.flame, levels)) : { ui };
}

/** Selects the frame at the right (1) or at the left. */
export function moveBeside({ ui, focused }: Arrangement, step: 1 | -1): Outcome {
  return focused?.flame ? withFlame(ui, selectBeside(focused.flame, focused.pane.flame, step)) : { ui };
}

/** Makes the selected frame as wide as the pane; if it is that already, the frame around it. */
export function zoomFrame({ ui, focused }: Arrangement): Outcome {
  if (!focused?.flame) return { ui };
  const { selected: { path }, zoom } = focused.flame;
  const isZoomed = path.length === zoom.length && path.length > 0;
  return withFlame(ui, { zoom: isZoomed ? path.slice(0, -1) : path, selected: path });
}

/** Shows the whole graph again, with the same frame selected. */
export const unzoomFrames = ({ ui, focused }: Arrangement): Outcome =>
  focused ? withFlame(ui, { ...focused.pane.flame, zoom: [] }) : { ui };

/** Selects the frame at a cell of the pane's inside; the selected one is zoomed. */
export function clickFlame(
  now: Arrangement,
  { flame, pane }: ArrangedPane,
  { x, y }: { x: number; y: number },
): Outcome {
  const bar = y < 1
    ? undefined
    : flame?.levels[flame.first + y - 1]?.find((one) => x >= one.x && x < one.x + one.width);
  if (!flame || !bar) return { ui: now.ui };
  if (bar === flame.selected && now.ui.focus === now.focused?.index) return zoomFrame(now);
  return withFlame(now.ui, { ...pane.flame, selected: bar.path });
}
