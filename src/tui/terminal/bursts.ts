/**
 * Finds pasted text where the terminal does not mark it: many characters in one read.
 *
 * @module
 */
import type { InputEvent, KeyEvent } from "./input.ts";

/**
 * Minimum characters of a paste, and minimum distinct ones. Over a slow link one read may return several typed keys, mostly the
 * same: a repeated `j` is not a paste, whatever its length.
 */
const MIN_LENGTH = 6;
const MIN_DIFFERENT = 4;

/** The character that a key writes; null: it is no text. */
function textOf(event: InputEvent): string | null {
  if (event.kind !== "key") return null;
  return event.text ?? { Enter: "\n", Tab: "\t" }[event.key] ?? null;
}

function isPaste(text: string): boolean {
  const characters = [...text];
  return characters.length >= MIN_LENGTH && new Set(text.replaceAll(/\s/g, "")).size >= MIN_DIFFERENT;
}

/**
 * Replaces each long run of characters by a paste event.
 *
 * @param events the events of one read
 * @param continued a paste was not finished in the previous read: a run at the start is its rest
 */
export function joinBursts(events: readonly InputEvent[], continued: boolean): readonly InputEvent[] {
  const out: InputEvent[] = [];
  let run: KeyEvent[] = [];
  const endRun = (): void => {
    const text = run.map(textOf).join("");
    const isRest = continued && out.length === 0 && text !== "";
    if (isRest || isPaste(text)) out.push({ kind: "paste", text, bracketed: false });
    else out.push(...run);
    run = [];
  };
  for (const event of events) {
    if (event.kind === "key" && textOf(event) !== null) {
      run.push(event);
      continue;
    }
    endRun();
    out.push(event);
  }
  endRun();
  return out;
}
