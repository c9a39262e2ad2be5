/**
 * Runs the code of the largest screens once before the first key.
 *
 * @module
 */
import { diff, type Grid, type Palette } from "./canvas/mod.ts";
import { arrangeScreen, handleEvent } from "./keys/mod.ts";
import type { Context } from "./state/mod.ts";
import type { KeyEvent } from "./terminal/mod.ts";
import { view } from "./view/mod.ts";

/** Keys that open the largest screens: the help, and a menu. */
const KEYS: readonly KeyEvent[] = ["?", "s"].map((key) => ({ kind: "key", key, text: key }));

/**
 * Handles keys and discards the result: V8 compiles at first use, which takes longer than the handling, and the first key
 * would wait for it. Yields every few milliseconds, so that the event loop can run.
 *
 * @param ascii As the screen is drawn.
 */
export function* warmUp(
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
