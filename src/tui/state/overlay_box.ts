/**
 * Where a text that lies over the panes stands, and how far it can be scrolled.
 *
 * @module
 */
import type { Size } from "../canvas/mod.ts";
import { detailsLines } from "./details_lines.ts";
import { helpBox, helpLines } from "./help.ts";
import { clamp } from "./move.ts";
import { type TextBox, textBox } from "./text_box.ts";
import type { Context, Outcome } from "./ui.ts";

/** Widest text of the details: paths may be long, descriptions are not to run across a whole wall. */
const MAX_DETAILS_WIDTH = 140;

/** Where the details stand on a screen of this size. */
export const detailsBox = (size: Size): TextBox => textBox(size, MAX_DETAILS_WIDTH);

/** Keeps help and details from being scrolled past their end. */
export function boundOverlay(context: Context, outcome: Outcome): Outcome {
  const { overlay } = outcome.ui;
  if (overlay?.kind !== "help" && overlay?.kind !== "details") return outcome;
  const after = { ...context, ui: outcome.ui };
  const count = overlay.kind === "help"
    ? helpLines(after).length - helpBox(context.size).rows
    : detailsLines(after, detailsBox(context.size).width).length - detailsBox(context.size).rows;
  const top = clamp(overlay.top, 0, Math.max(0, count));
  return top === overlay.top ? outcome : { ...outcome, ui: { ...outcome.ui, overlay: { ...overlay, top } } };
}
