/**
 * From a key to what it changes.
 *
 * @module
 */
import type { InputEvent } from "../terminal/mod.ts";
import { bindingsFor } from "./bindings.ts";
import { editFilter } from "./choose.ts";
import { helpBox, helpLines } from "./help.ts";
import { clamp } from "./move.ts";
import { handleMouse } from "./mouse.ts";
import type { Context, Outcome } from "./ui.ts";

/** Keeps the help from being scrolled past its end. */
function boundHelp(context: Context, outcome: Outcome): Outcome {
  const { ui } = outcome;
  if (ui.overlay?.kind !== "help") return outcome;
  const after = { ...context, ui };
  const top = clamp(ui.overlay.top, 0, helpLines(after).length - helpBox(context.size).rows);
  return { ...outcome, ui: { ...ui, overlay: { kind: "help", top } } };
}

/** The state after an event, and what is to be done. An event without a meaning changes nothing. */
export function handleEvent(context: Context, event: InputEvent): Outcome {
  if (event.kind === "mouse") return boundHelp(context, handleMouse(context, event));
  if (context.ui.overlay?.kind === "filter") {
    const edited = editFilter(context, event);
    if (edited) return edited;
  }
  const binding = bindingsFor(context).find(({ keys }) => keys.includes(event.key));
  return binding ? boundHelp(context, binding.run(context, event.key)) : { ui: context.ui };
}
