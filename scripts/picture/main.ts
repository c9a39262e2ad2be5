/**
 * Draws the README's picture from the demo recording, or checks that it shows the current screen. Run by scripts/screenshot.
 *
 * @module
 */
import { demoScreen, SIZE } from "./screen.ts";
import { screenSvg } from "./svg.ts";

const PICTURE = new URL("./ktop.svg", import.meta.url);

const lines = await demoScreen();
const text = lines.map((cells) => cells.map((cell) => cell.text).join("").trimEnd()).join("\n");
const svg = screenSvg(lines, SIZE.width, { title: "ktop", description: `The screen of ktop:\n${text}\n` });

if (!Deno.args.includes("--check")) {
  await Deno.writeTextFile(PICTURE, svg);
} else if (svg !== await Deno.readTextFile(PICTURE)) {
  console.error("scripts/picture/ktop.svg does not show today's screen. Run scripts/screenshot.");
  Deno.exit(1);
}
