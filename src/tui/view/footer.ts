/**
 * The last line: the text that is being typed, and the keys that work here.
 *
 * @module
 */
import type { Line } from "../canvas/mod.ts";
import type { Screen } from "../layout/mod.ts";
import { footerKeys, keyLine } from "./footer_keys.ts";
import { drawPrompt } from "./prompt.ts";
import { putGroup } from "./runs.ts";
import type { Characters } from "./symbols.ts";

/** Minimum width of a footer with a blank before it. */
const MIN_WITH_MARGIN = 30;

/** Draws the footer: the prompt, if one is open, and the keys for which there is room. */
export function drawFooterLine(line: Line, screen: Screen, characters: Characters): void {
  const { ascii } = characters;
  let x = drawPrompt(line, screen, characters) ?? (line.width < MIN_WITH_MARGIN ? 0 : 1);
  const { groups, gap } = keyLine(footerKeys(screen), { width: line.width - x, ascii });
  for (const group of groups) x = putGroup(line, x, group) + gap;
}
