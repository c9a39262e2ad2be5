/**
 * Suggestions for misspelt words.
 *
 * @module
 */

/** Edit distance in which swapping two neighbours counts as one edit (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, before[j - 2]! + 1);
      }
      current.push(best);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length]!;
}

/** Longest typed word that is compared: far longer than every known one. */
const MAX_TYPED = 100;

/** Most edits after which a word is still near: one in three letters; in words of three letters only swaps. */
function mostEdits(typed: string, word: string): number {
  const letters = (text: string): string => [...text.toLowerCase()].toSorted().join("");
  if (word.length <= 3 && letters(typed) !== letters(word)) return 0;
  return Math.max(1, Math.floor(word.length / 3));
}

/** The known word nearest to a typed one; undefined if no word is near. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  if (typed.length > MAX_TYPED) return undefined;
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const word of known) {
    const starts = (word.startsWith(typed) && typed.length > 1) ||
      (typed.startsWith(word) && word.length > 3);
    const edits = starts ? 0.5 : distance(typed.toLowerCase(), word.toLowerCase());
    if (edits < bestDistance) [best, bestDistance] = [word, edits];
  }
  const near = best !== undefined && (bestDistance < 1 || bestDistance <= mostEdits(typed, best));
  return near ? best : undefined;
}
