/**
 * Messages for a few seconds, and problems of what is typed: on the last lines above the footer, whose keys stay visible.
 *
 * @module
 */
import { escapeText, truncate, wrap } from "../../text/mod.ts";
import { type Region, Style, type StyleId } from "../canvas/mod.ts";
import type { Screen } from "../layout/mod.ts";
import { hiddenProblem } from "./prompt.ts";
import type { Characters } from "./symbols.ts";

/** Maximum share of the body that a note covers. */
const MAX_SHARE = 1 / 3;
/** Minimum width of a note with blanks beside it. */
const MIN_WITH_MARGIN = 30;

/** The problem of what is typed, else the message. */
function noteOf(screen: Screen, ascii: boolean): { text: string; style: StyleId } | null {
  const problem = hiddenProblem(screen, ascii);
  if (problem !== null) return { text: problem, style: Style.warn };
  const { message } = screen.ui;
  if (message?.inHeader && screen.headerHeight > 1) return null;
  return message && { text: message.text, style: message.kind === "error" ? Style.bad : Style.strong };
}

/** Draws the note over the last lines of the panes. */
export function drawNote(region: Region, screen: Screen, { symbols, ascii }: Characters): void {
  const note = noteOf(screen, ascii);
  const { body } = screen;
  if (note === null || body.height === 0) return;
  const x = body.width < MIN_WITH_MARGIN ? 0 : 1;
  const lines = wrap(escapeText(note.text), Math.max(1, body.width - 2 * x));
  const most = Math.max(1, Math.floor(body.height * MAX_SHARE));
  const shown = lines.slice(0, most);
  if (shown.length < lines.length) {
    const rest = lines.slice(most - 1).join(" ");
    shown[most - 1] = truncate(rest, Math.max(1, body.width - 2 * x), symbols.ellipsis);
  }
  const part = region.part({ ...body, y: body.y + body.height - shown.length, height: shown.length });
  part.clear();
  shown.forEach((text, i) => part.line(i).put(x, text, note.style));
}
