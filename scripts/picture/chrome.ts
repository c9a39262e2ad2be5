/**
 * What stays the same on the screen whatever is measured: titles of panes and columns, words of the header, keys of the
 * footer. A picture that lacks one of them, or has another, shows an older ktop.
 *
 * @module
 */
import type { Row, Tick } from "../../src/model/mod.ts";
import { Monitor } from "../../src/monitor/mod.ts";
import { DEFAULT_PANES, type ToolOptions, TOOLS } from "../../src/tools/mod.ts";
import { type Grid, Style } from "../../src/tui/canvas/mod.ts";
import { initialUi } from "../../src/tui/state/mod.ts";
import { view } from "../../src/tui/view/mod.ts";

/** The screen that the picture shows. */
export const SIZE = { width: 120, height: 40 } as const;

/** Meanings of cells whose text is the program's own. */
const FIXED: ReadonlySet<number> = new Set([
  Style.brand,
  Style.barDim,
  Style.key,
  Style.keyLabel,
  Style.title,
  Style.titleFocus,
  Style.column,
  Style.columnSort,
]);

/** Options as no flag was given. */
const OPTIONS: ToolOptions = { filters: { self: false }, flags: {} };

/** A row of whichever tool: keys for rows work only where there is one. */
const SOME_ROW: Row = { pid: 1, tid: 1, comm: "some" };

/** Pieces of fixed text in a frame, in reading order. */
function fixedTexts(grid: Grid): string[] {
  const out: string[] = [];
  for (let y = 0; y < grid.height; y++) {
    let text = "";
    let style = -1;
    for (let x = 0; x <= grid.width; x++) {
      const index = y * grid.width + x;
      const next = x < grid.width ? grid.style(index) : -1;
      if (next !== style) {
        if (FIXED.has(style)) out.push(...text.trim().split(/ {2,}/).filter((word) => word !== ""));
        [text, style] = ["", next];
      }
      if (x < grid.width) text += grid.text(index);
    }
  }
  return out;
}

/** The fixed texts of the default screen as today's view draws them, where these panes run and the others cannot. */
export function chromeOf(running: readonly string[]): string[] {
  const tools = DEFAULT_PANES.map((name) => TOOLS.find((tool) => tool.name === name)!);
  const requests = tools.map((tool) => ({ tool, options: OPTIONS }));
  const monitor = new Monitor(requests, 1, requests);
  try {
    const model = monitor.model();
    const panes = model.tools.map((pane) => {
      const lost = { events: 0, keys: 0 };
      const tick: Tick = {
        tool: pane.tool.name,
        time: model.time,
        intervalS: 1,
        tier: "",
        rows: [SOME_ROW],
        lost,
      };
      return running.includes(pane.tool.name)
        ? { ...pane, tick, state: { kind: "running", tier: "", missing: [] } as const }
        : { ...pane, state: { kind: "unavailable", reason: "", remedy: "" } as const };
    });
    const host = {
      host: "host",
      kernel: "6",
      uptimeS: 0,
      load: [0, 0, 0],
      tasks: { running: 1, total: 1 },
    } as const;
    return fixedTexts(view({
      ui: initialUi(panes.length),
      // A minute after the start: there is a past to go to.
      model: { ...model, host, tools: panes, moments: [model, { ...model, time: model.time + 1000 }] },
      size: SIZE,
      ascii: false,
      canToggleAll: true,
      canMeasureCost: true,
    }));
  } finally {
    monitor.close();
  }
}
