/**
 * The line that is being typed: a filter, a time, a search.
 *
 * @module
 */
import { counted, displayWidth, skip, take } from "../../text/mod.ts";
import { type Line, Style } from "../canvas/mod.ts";
import type { Screen } from "../layout/mod.ts";
import { footerKeys, keysIn } from "./footer_keys.ts";
import { groupWidth } from "./runs.ts";
import type { Characters } from "./symbols.ts";

/** Cells between the typed text and the keys. */
const GAP = 2;
/** Cells that the typed text keeps beside a long note. */
const MIN_TYPED = 8;
/** Minimum width of a prompt that shows the keys to leave it and to get help with words. */
const MIN_WITH_WORDS = 58;

/** A line that is being typed. */
interface Prompt {
  /** Its name, and a short one. */
  readonly labels: readonly [string, string];
  readonly text: string;
  /** The note beside it, unless there is a problem. */
  readonly hint: string;
  readonly problem: string | null;
}

/** The open prompt; null if there is none. */
function promptOf({ ui: { overlay }, model, focused, menu }: Screen): Prompt | null {
  if (overlay?.kind === "time") {
    const { text, problem } = overlay;
    return {
      labels: ["Go to time ", "@"],
      text,
      hint: model.replay ? "14:05  -90m  yesterday 14:00" : "14:05  -5m  -30s",
      problem,
    };
  }
  if (overlay?.kind === "filter" && focused) {
    return {
      labels: ["Filter ", "/"],
      text: overlay.text,
      hint: counted(focused.count, "row"),
      problem: focused.notApplied?.problem ?? focused.problem,
    };
  }
  if (overlay?.kind === "help" && overlay.typingOver !== undefined) {
    return { labels: ["Search ", "/"], text: overlay.search ?? "", hint: "", problem: null };
  }
  // The search is in the title of the menu, which is not shown without a frame.
  if (menu?.search && !menu.boxed) return { labels: ["", ""], text: menu.search, hint: "", problem: null };
  return null;
}

/** A prompt as it is drawn. */
interface PromptLine {
  readonly label: string;
  /** The end of the typed text. */
  readonly typed: string;
  /** The note beside it. */
  readonly note: string;
  /** The problem, if it does not fit beside the text. */
  readonly problem: string | null;
}

/** Cells of the keys that are always shown beside a prompt. */
function alwaysWidth(screen: Screen, { width, ascii }: { width: number; ascii: boolean }): number {
  const keys = footerKeys(screen).filter(({ always }) => always);
  const { groups, gap } = keysIn(width < MIN_WITH_WORDS ? "bare" : "wide", keys, { width, ascii }) ??
    { groups: [], gap: 0 };
  return groups.reduce((sum, group) => sum + groupWidth(group) + gap, 0);
}

/** Divides a line `width` cells wide between the typed text, its note and the keys. */
function promptLine(screen: Screen, prompt: Prompt, size: { width: number; ascii: boolean }): PromptLine {
  const { labels: [long, short], text, hint, problem } = prompt;
  const room = size.width - 2 - alwaysWidth(screen, size) - GAP;
  const wanted = problem ?? hint;
  const left = (label: string): number => room - displayWidth(label) - 1;
  const fits = (label: string): boolean =>
    Math.max(MIN_TYPED, displayWidth(text)) + 1 + displayWidth(wanted) <= left(label);
  const roomy = displayWidth(text) + MIN_TYPED <= left(long) ? long : short;
  const label = [long, short].find(fits) ?? roomy;
  const noted = fits(label);
  const cells = Math.max(1, left(label) - (noted ? 1 + displayWidth(wanted) : 0));
  const typed = take(skip(text, Math.max(0, displayWidth(text) - cells)), cells);
  return { label, typed, note: noted ? wanted : "", problem: noted ? null : problem };
}

/** The problem of what is typed, if the footer has no room for it; else null. */
export function hiddenProblem(screen: Screen, ascii: boolean): string | null {
  const prompt = promptOf(screen);
  return prompt && promptLine(screen, prompt, { width: screen.size.width, ascii }).problem;
}

/** Draws the prompt, if one is open. Returns the column where the keys start; null if none is open. */
export function drawPrompt(line: Line, screen: Screen, { symbols, ascii }: Characters): number | null {
  const prompt = promptOf(screen);
  if (prompt === null) return null;
  const { label, typed, note } = promptLine(screen, prompt, { width: line.width, ascii });
  const end = line.put(line.put(1, label, Style.key), typed, Style.filter);
  line.glyph(end, symbols.cursor, Style.filter);
  const style = prompt.problem === null ? Style.dim : Style.warn;
  return (note === "" ? end + 1 : line.put(end + 2, note, style)) + GAP;
}
