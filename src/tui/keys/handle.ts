/**
 * From a key to what it changes.
 *
 * @module
 */
import { clamp } from "../canvas/mod.ts";
import { detailsBox, detailsLines, helpBox } from "../layout/mod.ts";
import type { Context, Outcome } from "../state/mod.ts";
import type { InputEvent } from "../terminal/mod.ts";
import { bindingsFor } from "./bindings.ts";
import { editFilter } from "./choose.ts";
import { helpLines } from "./help.ts";
import { handleMouse } from "./mouse.ts";

/** Keeps help and details from being scrolled past their end. */
function boundOverlay(context: Context, outcome: Outcome): Outcome {
  const { overlay } = outcome.ui;
  if (overlay?.kind !== "help" && overlay?.kind !== "details") return outcome;
  const after = { ...context, ui: outcome.ui };
  const count = overlay.kind === "help"
    ? helpLines(after).length - helpBox(context.size).rows
    : detailsLines(after, detailsBox(context.size).width).length - detailsBox(context.size).rows;
  const top = clamp(overlay.top, 0, Math.max(0, count));
  return top === overlay.top ? outcome : { ...outcome, ui: { ...outcome.ui, overlay: { ...overlay, top } } };
}

/** The state after an event, and what is to be done. An event without a meaning changes nothing. */
export function handleEvent(context: Context, event: InputEvent): Outcome {
  if (event.kind === "mouse") return boundOverlay(context, handleMouse(context, event));
  if (context.ui.overlay?.kind === "filter") {
    const edited = editFilter(context, event);
    if (edited) return edited;
  }
  const binding = bindingsFor(context).find(({ keys }) => keys.includes(event.key));
  return binding ? boundOverlay(context, binding.run(context, event.key)) : { ui: context.ui };
}
