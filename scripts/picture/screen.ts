/**
 * Screens of a recording, drawn by ktop's own code as a live ktop shows them.
 *
 * @module
 */
import type { Model } from "../../src/model/mod.ts";
import { bytesSource, initialModel, nextModel, RecordingReader } from "../../src/recording/mod.ts";
import { TOOLS } from "../../src/tools/mod.ts";
import type { Grid, Size } from "../../src/tui/canvas/mod.ts";
import { arrangeScreen, handleEvent } from "../../src/tui/keys/mod.ts";
import { type Context, initialUi } from "../../src/tui/state/mod.ts";
import { view } from "../../src/tui/view/mod.ts";

/** The commands of a live monitor. */
const LIVE = [
  "quit",
  "clear",
  "setInterval",
  "toggleAllTypes",
  "toggleCost",
  "setPivot",
  "watchProcess",
] as const;

type RecordedTick = Parameters<typeof nextModel>[2];

/** The first ticks of a recording. */
export interface Recorded {
  readonly header: RecordingReader["header"];
  readonly ticks: readonly RecordedTick[];
}

/** Reads `count` ticks of a recording. */
export async function readRecording(path: string, count: number): Promise<Recorded> {
  const reader = await RecordingReader.open(bytesSource(path, await Deno.readFile(path)), TOOLS);
  const ticks: RecordedTick[] = [];
  for await (const { tick } of reader.ticks()) {
    ticks.push(tick);
    if (ticks.length === count) break;
  }
  return { header: reader.header, ticks };
}

/** The names of the tools that ran. */
export function ranIn({ header }: Recorded): ReadonlySet<string> {
  return new Set(header.tools.flatMap(({ tool, state }) => state.kind === "running" ? [tool.name] : []));
}

/** What a screen shows. */
export interface Shown {
  readonly size: Size;
  /** Names of the tools, one a pane; absent: all that were recorded. */
  readonly panes?: readonly string[];
  /** Keys that are pressed at the end. */
  readonly keys?: readonly string[];
}

/** The model after the last tick, of these tools. */
function modelOf({ header, ticks }: Recorded, panes: Shown["panes"]): Model {
  const tools = panes?.map((name) => header.tools.find(({ tool }) => tool.name === name)!) ?? header.tools;
  const chosen = { ...header, tools };
  return ticks.reduce((model, tick) => nextModel(model, chosen, tick), initialModel(chosen));
}

/** Draws the screen at the end of a recording. */
export function drawnScreen(recorded: Recorded, { size, panes, keys = [] }: Shown): Grid {
  const model = modelOf(recorded, panes);
  const start: Context = {
    ui: initialUi(model.tools.length),
    model,
    size,
    capabilities: new Set(LIVE),
  };
  const pressed = keys.reduce((context, key): Context => {
    const { ui } = handleEvent(context, { kind: "key", key, text: key });
    return { ...context, ui };
  }, start);
  return view(arrangeScreen(pressed), false);
}
