/**
 * Draws the pictures of this directory from the recordings, or checks that they show the current screens. Run by
 * scripts/screenshot.
 *
 * @module
 */
import { join } from "node:path";
import { PANE_SETS } from "../../src/tools/mod.ts";
import { type Grid, gridSvg, type Size, TERMINAL_COLORS, THEMES } from "../../src/tui/canvas/mod.ts";
import { drawnScreen, ranIn, readRecording } from "./screen.ts";

const SIZES: readonly Size[] = [{ width: 120, height: 40 }, { width: 80, height: 24 }];

/** `ktop replay --demo`; its graphs have a minute to show. */
const demo = await readRecording(join(import.meta.dirname!, "../../src/cli/demo/recording.gz"), 66);
/** The tools of the named sets; the jobs of cron make the last of these ticks an interesting one. */
const sets = await readRecording(join(import.meta.dirname!, "sets.gz"), 22);

/** Screens by the names of their files. */
function* screens(): Generator<readonly [name: string, screen: Grid]> {
  yield ["ktop", drawnScreen(demo, { size: SIZES[0]! })];
  const ran = ranIn(sets);
  for (const size of SIZES) {
    const suffix = `${size.width}x${size.height}`;
    for (const { name, tools, spares } of PANE_SETS) {
      const panes = [...tools, ...spares].filter((tool) => ran.has(tool)).slice(0, tools.length);
      yield [`${name}-${suffix}`, drawnScreen(sets, { size, panes })];
    }
    yield [`flame-${suffix}`, drawnScreen(sets, { size, panes: ["profile"], keys: FLAME_KEYS })];
  }
}

/** Select a frame of the flame graph. */
const FLAME_KEYS = Array.from({ length: 7 }, () => "Down");

const fileOf = (name: string): string => join(import.meta.dirname!, `${name}.svg`);

const isCheck = Deno.args.includes("--check");
for (const [name, screen] of screens()) {
  const svg = gridSvg(screen, { theme: THEMES.dark, terminal: TERMINAL_COLORS.dark });
  if (!isCheck) await Deno.writeTextFile(fileOf(name), svg);
  else if (svg !== await Deno.readTextFile(fileOf(name))) {
    console.error(`scripts/picture/${name}.svg does not show today's screen. Run scripts/screenshot.`);
    Deno.exitCode = 1;
  }
}
