/**
 * From a key or a mouse event to what it changes.
 *
 * @module
 */
import type { Screen } from "../layout/mod.ts";
import type { Context, Outcome } from "../state/mod.ts";
import type { InputEvent } from "../terminal/mod.ts";
import { arrangeScreen, bindingsFor } from "./bindings.ts";
import { editFilter } from "./choose.ts";
import { handleMouse } from "./mouse.ts";

/**
 * The state after an event, and what is to be done. An event without a meaning changes nothing.
 *
 * @param screen the screen of this context; not called for the characters of a filter, which may be pasted by the hundred
 */
export function handleEvent(
  context: Context,
  event: InputEvent,
  screen: () => Screen = () => arrangeScreen(context),
): Outcome {
  if (event.kind === "mouse") return handleMouse(screen(), event);
  if (context.ui.overlay?.kind === "filter") {
    const edited = editFilter(context, event);
    if (edited) return edited;
  }
  const now = screen();
  const binding = bindingsFor(now).find(({ keys }) => keys.includes(event.key));
  return binding ? binding.run(now, event.key) : { ui: context.ui };
}
