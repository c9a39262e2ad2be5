/**
 * The default screen of the demo recording, drawn by ktop's own code.
 *
 * @module
 */
import { bytesSource, initialModel, nextModel, RecordingReader } from "../../src/recording/mod.ts";
import { TOOLS } from "../../src/tools/mod.ts";
import type { Grid } from "../../src/tui/canvas/mod.ts";
import { arrangeScreen } from "../../src/tui/keys/mod.ts";
import { initialUi } from "../../src/tui/state/mod.ts";
import { view } from "../../src/tui/view/mod.ts";

/** Size of the terminal in the picture. */
export const SIZE = { width: 120, height: 40 } as const;

/** The demo recording. */
const DEMO = new URL("../../src/cli/demo/recording.gz", import.meta.url);

/** Ticks that are played before the picture: the graphs have a minute to show. */
const TICKS = 66;

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

/** The default screen after a minute of the demo recording, as a live ktop shows it. */
export async function demoScreen(): Promise<Grid> {
  const recording = await RecordingReader.open(bytesSource("The demo", await Deno.readFile(DEMO)), TOOLS);
  let model = initialModel(recording.header);
  let played = 0;
  for await (const { tick } of recording.ticks()) {
    model = nextModel(model, recording.header, tick);
    if (++played === TICKS) break;
  }
  const screen = arrangeScreen({
    ui: initialUi(model.tools.length),
    model,
    size: SIZE,
    capabilities: new Set(LIVE),
  });
  return view(screen, false);
}
