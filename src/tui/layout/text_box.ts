/**
 * Text that is shown over the panes and scrolled: help, and the details of a row.
 *
 * @module
 */
import type { Rect, Size } from "../canvas/mod.ts";
import { clamp, type Overlay, shownDetails } from "../state/mod.ts";
import type { Arrangement } from "./arrangement.ts";
import { type DetailsLine, detailsLines } from "./details_lines.ts";
import { type HelpInput, type HelpLine, helpLines, QUESTIONS_TITLE } from "./help_lines.ts";

/** The rectangle of text between header and footer, and the lines it shows. */
export interface TextBox {
  /** A frame with a margin around the text. */
  readonly boxed: boolean;
  readonly outer: Rect;
  /** The text itself. */
  readonly inner: Rect;
  /** Index of the first line shown, and the last that can be. */
  readonly first: number;
  readonly last: number;
  /** Lines that PgUp and PgDn move by. */
  readonly page: number;
}

/** Text over the panes. */
export type ArrangedText =
  | TextBox & { readonly kind: "help"; readonly lines: readonly HelpLine[]; readonly note: string }
  | TextBox & { readonly kind: "details"; readonly lines: readonly DetailsLine[] };

/** The keys, as the help shows them. */
interface TextKeys {
  readonly hints: (arrangement: Arrangement, overlay: Overlay | null) => HelpInput["hints"];
  readonly names: (arrangement: Arrangement) => HelpInput["keys"];
}

/** Smallest area that has room for a frame. */
const MIN_BOXED: Size = { width: 30, height: 8 };

/** Maximum width of the text: long lines of prose are hard to read, but the paths of the details need more room. */
const MAX_HELP_WIDTH = 86;
const MAX_DETAILS_WIDTH = 140;

/** Room for text of at most `maxWidth` cells. */
function roomFor(body: Rect, maxWidth: number): { boxed: boolean; width: number; page: number } {
  const boxed = body.width >= MIN_BOXED.width && body.height >= MIN_BOXED.height;
  return {
    boxed,
    width: Math.min(maxWidth, body.width - (boxed ? 4 : 0)),
    page: Math.max(1, body.height - (boxed ? 2 : 0)),
  };
}

/** A box in the middle of the body, as high as its lines if there is room. */
function placeBox(body: Rect, { boxed, width, page }: ReturnType<typeof roomFor>, { count, top }: {
  count: number;
  top: number;
}): TextBox {
  const height = Math.min(page, count);
  const margin = boxed ? 2 : 0;
  const outer = {
    x: body.x + Math.floor((body.width - width) / 2) - margin,
    y: body.y + Math.floor((body.height - height - margin) / 2),
    width: width + 2 * margin,
    height: height + margin,
  };
  const inner = { x: outer.x + margin, y: outer.y + margin / 2, width, height };
  const last = Math.max(0, count - page);
  return { boxed, outer, inner, first: clamp(top, 0, last), last, page };
}

/**
 * Arranges the text that is open; null: none.
 *
 * @param keys the keys, for the help
 */
export function arrangeText(
  arrangement: Arrangement,
  keys: TextKeys,
): ArrangedText | null {
  const { ui: { overlay }, model, body, focused } = arrangement;
  if (overlay?.kind === "help") {
    const input = {
      hints: keys.hints(arrangement, overlay.over ?? null),
      keys: keys.names(arrangement),
      tool: focused?.tool,
    };
    const room = roomFor(body, MAX_HELP_WIDTH);
    const lines = helpLines(input, overlay, room.width);
    const page = input.hints.length > 0 && overlay.search === undefined && overlay.page === undefined;
    const note = page ? `Tab: ${QUESTIONS_TITLE}?` : "";
    return { kind: "help", lines, note, ...placeBox(body, room, { count: lines.length, top: overlay.top }) };
  }
  if (overlay?.kind === "details") {
    const room = roomFor(body, MAX_DETAILS_WIDTH);
    const watched = model.watched ?? null;
    const shown = focused && shownDetails(overlay, focused);
    const lines = shown ? detailsLines(shown.details, { tool: shown.tool, watched }, room.width) : [];
    return { kind: "details", lines, ...placeBox(body, room, { count: lines.length, top: overlay.top }) };
  }
  return null;
}
