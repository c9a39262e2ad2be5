/**
 * What a pane says in place of numbers: why its tool cannot run, and what would help.
 *
 * @module
 */
import { wrap } from "../../text/width.ts";

/** Narrowest pane with a space at both sides of the text. */
const MIN_WITH_MARGIN = 21;

/** Reason and remedy, broken into lines. */
export interface MessageText {
  readonly why: readonly string[];
  readonly help: readonly string[];
  /** Cells before the text. */
  readonly indent: number;
}

/** The message as it stands in a pane so wide inside. */
export function messageText(
  { reason, remedy }: { reason: string; remedy: string },
  width: number,
): MessageText {
  const indent = width >= MIN_WITH_MARGIN ? 1 : 0;
  const cells = Math.max(1, width - 2 * indent);
  return { why: wrap(reason, cells), help: wrap(remedy, cells), indent };
}

/** Rows the message takes. */
export function messageRows(message: { reason: string; remedy: string }, width: number): number {
  const { why, help } = messageText(message, width);
  return why.length + help.length;
}
