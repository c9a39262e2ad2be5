/**
 * Reads regular expressions: the syntax of JavaScript's without what needs memory of the text (backreferences, looking
 * ahead and behind).
 *
 * @module
 */

/** Why text is no pattern, in words that stand after "not a pattern:". */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** Code points from one to another, both included. */
export type Range = readonly [from: number, to: number];

/** One character out of a set. */
export interface CharacterSet {
  readonly ranges: readonly Range[];
  /** Any character but these. */
  readonly inverted: boolean;
}

/** Places between two characters. */
export type Place = "start" | "end" | "word" | "inside";

/** A pattern as a tree. */
export type PatternNode =
  | { readonly kind: "set"; readonly set: CharacterSet }
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "sequence"; readonly parts: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly options: readonly PatternNode[] }
  | { readonly kind: "repeat"; readonly node: PatternNode; readonly min: number; readonly max: number };

const LAST = 0x10ffff;
const DIGITS: readonly Range[] = [[0x30, 0x39]];
const WORD: readonly Range[] = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
const SPACE: readonly Range[] = [[0x09, 0x0d], [0x20, 0x20], [0xa0, 0xa0], [0x2000, 0x200a]];

/** Characters outside the given ranges, which are in order and apart. */
function outside(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  let from = 0;
  for (const [low, high] of ranges) {
    if (low > from) out.push([from, low - 1]);
    from = high + 1;
  }
  if (from <= LAST) out.push([from, LAST]);
  return out;
}

const CLASSES: Readonly<Record<string, readonly Range[]>> = {
  d: DIGITS,
  D: outside(DIGITS),
  w: WORD,
  W: outside(WORD),
  s: SPACE,
  S: outside(SPACE),
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0 };

class Parser {
  readonly #chars: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#chars = [...text];
  }

  parse(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.#chars.length) throw new PatternError("a ) too many");
    return node;
  }

  get #next(): string | undefined {
    return this.#chars[this.#at];
  }

  #take(char: string): boolean {
    if (this.#next !== char) return false;
    this.#at++;
    return true;
  }

  #choice(): PatternNode {
    const options = [this.#sequence()];
    while (this.#take("|")) options.push(this.#sequence());
    return options.length === 1 ? options[0]! : { kind: "choice", options };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    while (this.#next !== undefined && this.#next !== "|" && this.#next !== ")") parts.push(this.#repeated());
    return parts.length === 1 ? parts[0]! : { kind: "sequence", parts };
  }

  #repeated(): PatternNode {
    let node = this.#atom();
    for (let bounds = this.#bounds(); bounds !== null; bounds = this.#bounds()) {
      const [min, max] = bounds;
      this.#take("?"); // as few as can be: whether it is found stays the same
      node = { kind: "repeat", node, min, max };
    }
    return node;
  }

  #bounds(): [min: number, max: number] | null {
    if (this.#take("*")) return [0, Infinity];
    if (this.#take("+")) return [1, Infinity];
    if (this.#take("?")) return [0, 1];
    const counted = /^\{(\d+)(,?)(\d*)\}/.exec(this.#chars.slice(this.#at, this.#at + 16).join(""));
    if (!counted) return null;
    this.#at += counted[0].length;
    const min = Number(counted[1]);
    const max = counted[2] === "" ? min : counted[3] === "" ? Infinity : Number(counted[3]);
    if (max < min) throw new PatternError(`${counted[0]} counts backwards`);
    return [min, max];
  }

  #atom(): PatternNode {
    const char = this.#chars[this.#at++]!;
    switch (char) {
      case "(":
        return this.#group();
      case "[":
        return { kind: "set", set: this.#class() };
      case ".":
        return { kind: "set", set: { ranges: [], inverted: true } };
      case "^":
        return { kind: "place", place: "start" };
      case "$":
        return { kind: "place", place: "end" };
      case "*":
      case "+":
      case "?":
        throw new PatternError(`nothing before ${char}`);
      case "\\":
        if (this.#take("b")) return { kind: "place", place: "word" };
        if (this.#take("B")) return { kind: "place", place: "inside" };
        return { kind: "set", set: { ranges: this.#escape(), inverted: false } };
      default:
        return { kind: "set", set: { ranges: [single(char)], inverted: false } };
    }
  }

  #group(): PatternNode {
    if (this.#take("?") && !this.#take(":")) throw new PatternError("(? is only known as (?:");
    const node = this.#choice();
    if (!this.#take(")")) throw new PatternError("a ) is missing");
    return node;
  }

  /** What a backslash makes of the characters after it. */
  #escape(): readonly Range[] {
    const char = this.#chars[this.#at++];
    if (char === undefined) throw new PatternError("nothing after \\");
    if (CLASSES[char]) return CLASSES[char];
    if (CONTROLS[char] !== undefined) return [[CONTROLS[char], CONTROLS[char]]];
    if (char === "x") return [this.#hexadecimal(2)];
    if (char === "u") return [this.#hexadecimal(4)];
    if (/[a-zA-Z1-9]/.test(char)) throw new PatternError(`\\${char} is not known`);
    return [single(char)];
  }

  #hexadecimal(digits: number): Range {
    const text = this.#chars.slice(this.#at, this.#at + digits).join("");
    if (!/^[0-9a-f]+$/i.test(text) || text.length < digits) {
      throw new PatternError("hexadecimal digits are missing");
    }
    this.#at += digits;
    return [parseInt(text, 16), parseInt(text, 16)];
  }

  #class(): CharacterSet {
    const inverted = this.#take("^");
    const ranges: Range[] = [];
    while (!this.#take("]")) {
      const from = this.#classItem();
      const isRange = from.length === 1 && this.#next === "-" && (this.#chars[this.#at + 1] ?? "]") !== "]";
      if (!isRange) {
        ranges.push(...from);
        continue;
      }
      this.#at++;
      const to = this.#classItem();
      if (to.length !== 1 || to[0]![0] < from[0]![0]) throw new PatternError("a range that runs backwards");
      ranges.push([from[0]![0], to[0]![1]]);
    }
    return { ranges, inverted };
  }

  #classItem(): readonly Range[] {
    const char = this.#chars[this.#at++];
    if (char === undefined) throw new PatternError("a ] is missing");
    if (char !== "\\") return [single(char)];
    return this.#take("b") ? [[8, 8]] : this.#escape();
  }
}

function single(char: string): Range {
  const code = char.codePointAt(0)!;
  return [code, code];
}

/** True for what `\w` stands for. */
export function isWordCharacter(code: number): boolean {
  return WORD.some(([from, to]) => code >= from && code <= to);
}

/** Reads a pattern. Throws {@linkcode PatternError}. */
export function parsePattern(text: string): PatternNode {
  return new Parser(text).parse();
}
