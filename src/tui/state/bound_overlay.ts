/**
 * How far a text that lies over the panes can be scrolled.
 *
 * @module
 */
import { clamp } from "./clamp.ts";
import { detailsLines } from "./details_lines.ts";
import { helpLines } from "./help.ts";
import { detailsBox, helpBox } from "./text_box.ts";
import type { Context, Outcome } from "./ui.ts";

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
