/**
 * From a key to what it changes.
 *
 * @module
 */
import type { InputEvent } from "../terminal/mod.ts";
import { bindingsFor } from "./bindings.ts";
import { editFilter } from "./choose.ts";
import { handleMouse } from "./mouse.ts";
import { boundOverlay } from "./bound_overlay.ts";
import type { Context, Outcome } from "./ui.ts";

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
