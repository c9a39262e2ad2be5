/**
 * Texts of numbers that a flood of events repeats.
 *
 * @module
 */

/** Distinct numbers to keep the texts of. */
const MAX_TEXTS = 1024;

/** The same string for equal numbers, as long as they are few. */
export function sharedTexts(textOf: (number: number) => string): (number: number) => string {
  const texts = new Map<number, string>();
  return (number) => {
    let text = texts.get(number);
    if (text === undefined) {
      text = textOf(number);
      if (texts.size < MAX_TEXTS) texts.set(number, text);
    }
    return text;
  };
}
