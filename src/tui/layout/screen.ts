/**
 * The whole screen, arranged once for a frame: drawing, moving and the mouse use it.
 *
 * @module
 */
import type { Context, Overlay } from "../state/mod.ts";
import { type Arrangement, arrangePanes } from "./arrangement.ts";
import type { KeyHint } from "./help_lines.ts";
import type { KeyNames } from "./questions.ts";
import { type ArrangedMenu, arrangeMenu } from "./menu.ts";
import { type ArrangedText, arrangeText } from "./text_box.ts";

/** A screen: its panes, what is open over them, and the keys that work. Immutable. */
export interface Screen extends Arrangement {
  /** The keys that work now, for the footer. */
  readonly hints: readonly KeyHint[];
  /** The menu that is open; null: none. */
  readonly menu: ArrangedMenu | null;
  /** The help or the details that are open; null: neither is. */
  readonly text: ArrangedText | null;
}

/** The keys, as help and footer show them. */
export interface Keys {
  /** The keys that work while `overlay` is open; null: over the panes. */
  readonly hints: (arrangement: Arrangement, overlay: Overlay | null) => readonly KeyHint[];
  /** All keys over the panes, also those that do not work now. */
  readonly names: (arrangement: Arrangement) => KeyNames;
}

/** Whether a screen was arranged from this context and is still valid: no filter waits for the pattern library. */
function isOf(screen: Screen, { ui, model, size, capabilities }: Context): boolean {
  return screen.ui === ui && screen.model === model && screen.capabilities === capabilities &&
    screen.size.width === size.width && screen.size.height === size.height &&
    screen.panes.every(({ filter }) => !filter.pending);
}

/**
 * Arranges a screen. Pure: the same arguments give the same screen. Its state is that of the context, with the selections
 * where their rows are now: keep it for the next screen.
 *
 * @param previous The previous screen. Its unchanged parts are reused, which does not change the result.
 */
export function arrange(context: Context, keys: Keys, previous?: Screen): Screen {
  if (previous && isOf(previous, context)) return previous;
  const arrangement = arrangePanes(context, previous);
  return {
    ...arrangement,
    hints: keys.hints(arrangement, arrangement.ui.overlay),
    menu: arrangeMenu(arrangement, () => keys.names(arrangement).get("sets")),
    text: arrangeText(arrangement, keys),
  };
}
