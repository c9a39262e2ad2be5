/**
 * The place of text that lies over the panes.
 *
 * @module
 */
import type { Size } from "../canvas/mod.ts";
import { screenBody } from "./layout.ts";

/** Where text stands between header and footer. */
export interface TextBox {
  /** A frame with a margin around the text. */
  readonly boxed: boolean;
  /** Cells of text across. */
  readonly width: number;
  /** Rows between header and footer, without the frame. */
  readonly rows: number;
}

/** Smallest place that has room for a frame. */
const MIN_BOXED: Size = { width: 30, height: 8 };

/** Where text of at most `maxWidth` cells stands on a screen of this size. */
function textBox(size: Size, maxWidth: number): TextBox {
  const { height } = screenBody(size);
  const boxed = size.width >= MIN_BOXED.width && height >= MIN_BOXED.height;
  return {
    boxed,
    width: Math.min(maxWidth, size.width - (boxed ? 4 : 0)),
    rows: Math.max(1, height - (boxed ? 2 : 0)),
  };
}

/** Widest text of the help; and of the details: paths may be long, descriptions are not to run across a whole wall. */
const MAX_HELP_WIDTH = 86;
const MAX_DETAILS_WIDTH = 140;

/** Where the help stands on a screen of this size. */
export const helpBox = (size: Size): TextBox => textBox(size, MAX_HELP_WIDTH);

/** Where the details stand on a screen of this size. */
export const detailsBox = (size: Size): TextBox => textBox(size, MAX_DETAILS_WIDTH);
