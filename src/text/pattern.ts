/**
 * Regular expressions in linear time: re2js follows all alternatives at once, so a pattern such as `(a+)+b` cannot stall
 * the screen on text that other users choose. The library (260 kB, about 20 ms) is loaded when the first pattern is used.
 *
 * @module
 */

/** Why a text is not a pattern, as a phrase that fits after "not a pattern:". */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** Largest compiled pattern, instructions: `x{1000}` has 1002. */
const MAX_INSTRUCTIONS = 2000;
/** Maximum product of characters and instructions for one text: below a second in the slowest case. */
const MAX_STEPS = 4_000_000;
/** How long one evaluation may take, milliseconds. */
const BUDGET_MS = 100;

let engine: typeof import("re2js") | null = null;

/** True once a {@linkcode Pattern} can be compiled. */
export const patternsLoaded = (): boolean => engine !== null;

/** Loads the regular expression library. Await it before compiling a {@linkcode Pattern}; later calls cost nothing. */
export async function loadPatterns(): Promise<void> {
  engine ??= await import("re2js");
}

/** How a pattern is compiled. */
export interface PatternOptions {
  /** Default: false. */
  readonly ignoreCase?: boolean;
}

function compile(text: string, ignoreCase: boolean) {
  if (engine === null) throw new Error("loadPatterns() must be awaited before a Pattern is compiled");
  const { RE2JS, RE2JSSyntaxException } = engine;
  const flags = RE2JS.DOTALL | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  try {
    return RE2JS.compile(RE2JS.translateRegExp(text), flags);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    const part = error.getPattern();
    // The whole pattern, with the flags before it, is not repeated.
    const where = !part || part.startsWith("(?s)") ? "" : `: ${part}`;
    throw new PatternError(error.getDescription() + where, { cause: error });
  }
}

/**
 * A compiled pattern: JavaScript's syntax without backreferences and look-around, which need memory of the text. It is
 * found anywhere in a text, unless `^` and `$` anchor it.
 */
export class Pattern {
  readonly #regex: ReturnType<typeof compile>;
  readonly #maxLength: number;
  #deadline = Infinity;
  #exhausted = false;

  /** Throws {@linkcode PatternError}. */
  constructor(text: string, { ignoreCase = false }: PatternOptions = {}) {
    this.#regex = compile(text, ignoreCase);
    const instructions = this.#regex.programSize();
    if (instructions > MAX_INSTRUCTIONS) throw new PatternError("expression too large");
    this.#maxLength = Math.floor(MAX_STEPS / instructions);
  }

  /** Starts an evaluation over many texts, which may take 100 ms in total. Without it the time is not limited. */
  beginEvaluation(): void {
    this.#deadline = performance.now() + BUDGET_MS;
    this.#exhausted = false;
  }

  /** The evaluation ran out of time: later texts were not searched. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /** Whether the pattern is found. Of a text above 4,000,000 characters divided by the pattern's instructions only the start is searched. */
  test(text: string): boolean {
    if (this.#exhausted) return false;
    const found = this.#regex.test(text.length > this.#maxLength ? text.slice(0, this.#maxLength) : text);
    this.#exhausted = performance.now() > this.#deadline;
    return found;
  }
}
