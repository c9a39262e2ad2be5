/**
 * Draws the README's picture from the demo recording, or checks that it shows the current screen. Run by scripts/screenshot.
 *
 * @module
 */
import { gridSvg, TERMINAL_COLORS, THEMES } from "../../src/tui/canvas/mod.ts";
import { demoScreen } from "./screen.ts";

const PICTURE = new URL("./ktop.svg", import.meta.url);

const svg = gridSvg(await demoScreen(), { theme: THEMES.dark, terminal: TERMINAL_COLORS.dark });

if (!Deno.args.includes("--check")) {
  await Deno.writeTextFile(PICTURE, svg);
} else if (svg !== await Deno.readTextFile(PICTURE)) {
  console.error("scripts/picture/ktop.svg does not show today's screen. Run scripts/screenshot.");
  Deno.exit(1);
}
