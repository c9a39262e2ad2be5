/**
 * What the first keys need, run once before they are pressed.
 *
 * @module
 */
import { diff, type Grid, type Palette } from "./canvas/mod.ts";
import { arrangeScreen, handleEvent } from "./keys/mod.ts";
import type { Context } from "./state/mod.ts";
import type { KeyEvent } from "./terminal/mod.ts";
import { view } from "./view/mod.ts";

/** Keys whose answers are the largest: the help, and a menu. */
const KEYS: readonly KeyEvent[] = ["?", "s"].map((key) => ({ kind: "key", key, text: key }));

/**
 * Answers keys for nobody to see: V8 compiles at first use, which takes longer than the answer, and the first key would
 * wait for it. Yields where others may go first, every few milliseconds.
 *
 * @param ascii As the screen is drawn.
 */
export function* rehearse(
  context: () => Context,
  { ascii, palette }: { readonly ascii: boolean; readonly palette: Palette },
): Generator<void> {
  let shown: Grid | null = null;
  for (const key of KEYS) {
    const before = context();
    const { ui } = handleEvent(before, key);
    yield;
    const grid = view(arrangeScreen({ ...before, ui }), ascii);
    yield;
    diff(shown, grid, palette);
    shown = grid;
    yield;
  }
}
