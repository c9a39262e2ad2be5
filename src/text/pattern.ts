/**
 * Regular expressions whose cost cannot run away. JavaScript's own try one way after the other: `(a+)+b` takes longer
 * than anyone waits. Here all ways are followed at once (Thompson's construction), the sets of ways are remembered as
 * states of an automaton made on the go, and what may be spent is limited. So a pattern typed into a filter, whatever
 * it is, cannot stop the screen.
 *
 * @module
 */
import {
  type CharacterSet,
  isWordCharacter,
  parsePattern,
  PatternError,
  type PatternNode,
  type Place,
} from "./pattern_parse.ts";

export { PatternError } from "./pattern_parse.ts";

/** Most instructions of a pattern: `x{1000}` has 1000. */
const MAX_INSTRUCTIONS = 2000;
/** What is kept of the automaton, in transitions and in instructions of its states: a few MB. Beyond, it begins anew. */
const MAX_KEPT = 200_000;
/** What one evaluation may cost, in characters whose transition is known: about a tenth of a second. */
const ALLOWANCE = 4_000_000;
/** What an instruction costs that is followed to make a transition. */
const INSTRUCTION_COST = 6;
/** Characters of a text that are looked at: twice the longest path. */
const MAX_TEXT = 8192;
/** Stands for the end of the text in transitions. */
const END = -1;

type Instruction =
  | { readonly op: "set"; readonly set: CharacterSet }
  | { readonly op: "place"; readonly place: Place }
  | { readonly op: "split"; readonly to: number[] }
  | { readonly op: "found" };

/** A set of instructions about to be followed, and what lies before the next character. */
interface State {
  readonly threads: readonly number[];
  readonly before: "start" | "word" | "other";
  readonly next: Map<number, State | boolean>;
}

class Compiler {
  readonly program: Instruction[] = [];
  #steps = 0;

  /** Appends what a node means; it goes on with whatever is appended next. */
  add(node: PatternNode): void {
    if (++this.#steps > MAX_INSTRUCTIONS || this.program.length > MAX_INSTRUCTIONS) {
      throw new PatternError("too long");
    }
    switch (node.kind) {
      case "set":
        this.program.push({ op: "set", set: node.set });
        break;
      case "place":
        this.program.push({ op: "place", place: node.place });
        break;
      case "sequence":
        for (const part of node.parts) this.add(part);
        break;
      case "choice":
        this.#addChoice(node.options);
        break;
      case "repeat":
        this.#addRepeat(node);
    }
  }

  #split(): number[] {
    const to: number[] = [];
    this.program.push({ op: "split", to });
    return to;
  }

  #addChoice(options: readonly PatternNode[]): void {
    const starts = this.#split();
    const ends: number[][] = [];
    for (const option of options) {
      starts.push(this.program.length);
      this.add(option);
      ends.push(this.#split());
    }
    for (const end of ends) end.push(this.program.length);
  }

  #addRepeat({ node, min, max }: PatternNode & { kind: "repeat" }): void {
    for (let i = 0; i < min; i++) this.add(node);
    if (max === Infinity) {
      const start = this.program.length;
      const loop = this.#split();
      loop.push(this.program.length);
      this.add(node);
      this.#split().push(start);
      loop.push(this.program.length);
      return;
    }
    const exits: number[][] = [];
    for (let i = min; i < max; i++) {
      const exit = this.#split();
      exit.push(this.program.length);
      exits.push(exit);
      this.add(node);
    }
    for (const exit of exits) exit.push(this.program.length);
  }
}

/** Codes a character stands for without regard to case. */
function caseVariants(code: number): number[] {
  const char = String.fromCodePoint(code);
  return [code, char.toLowerCase().codePointAt(0)!, char.toUpperCase().codePointAt(0)!];
}

function contains({ ranges, inverted }: CharacterSet, variants: readonly number[]): boolean {
  const inside = ranges.some(([from, to]) => variants.some((code) => code >= from && code <= to));
  return inside !== inverted;
}

/** A compiled pattern. Found without regard to case, anywhere in the text unless `^` and `$` say otherwise. */
export class Pattern {
  readonly #program: readonly Instruction[];
  #states = new Map<string, State>();
  #kept = 0;
  #allowance = ALLOWANCE;
  readonly #start: State;

  /** Throws {@linkcode PatternError}. */
  constructor(text: string) {
    const compiler = new Compiler();
    compiler.add(parsePattern(text));
    this.#program = [...compiler.program, { op: "found" }];
    this.#start = { threads: [], before: "start", next: new Map() };
  }

  /** Begins a new evaluation, with its whole allowance. */
  refill(): void {
    this.#allowance = ALLOWANCE;
  }

  /** The allowance was spent: what was tested since then is not found. */
  get spent(): boolean {
    return this.#allowance <= 0;
  }

  /** Whether the pattern is found in the text, of which the first 8192 characters are looked at. */
  test(text: string): boolean {
    let state = this.#start;
    const length = Math.min(text.length, MAX_TEXT);
    for (let i = 0; i < length; i++) {
      if (--this.#allowance <= 0) return false;
      const code = text.codePointAt(i)!;
      if (code > 0xffff) i++;
      const next = state.next.get(code) ?? this.#advance(state, code);
      if (typeof next === "boolean") return next;
      state = next;
    }
    return (state.next.get(END) ?? this.#advance(state, END)) === true;
  }

  #advance(state: State, code: number): State | boolean {
    if (++this.#kept > MAX_KEPT) this.#forget();
    const next = this.#follow(state, code);
    state.next.set(code, next);
    return next;
  }

  #forget(): void {
    this.#states = new Map();
    this.#start.next.clear();
    this.#kept = 0;
  }

  #follow(state: State, code: number): State | boolean {
    const nextIsWord = code !== END && isWordCharacter(code);
    const atPlace = (place: Place): boolean => {
      if (place === "start") return state.before === "start";
      if (place === "end") return code === END;
      return ((state.before === "word") !== nextIsWord) === (place === "word");
    };
    const reached = this.#reach(state.threads, atPlace);
    if (reached === null) return true;
    if (code === END) return false;
    const variants = caseVariants(code);
    const threads = reached.filter((at) => {
      const instruction = this.#program[at]!;
      return instruction.op === "set" && contains(instruction.set, variants);
    });
    return this.#state(threads.map((at) => at + 1).sort((a, b) => a - b), nextIsWord ? "word" : "other");
  }

  /** All instructions reached without a character, from these and from the beginning; null: the pattern is found. */
  #reach(threads: readonly number[], atPlace: (place: Place) => boolean): number[] | null {
    const seen = new Set<number>();
    const open = [0, ...threads];
    while (open.length > 0) {
      const at = open.pop()!;
      if (seen.has(at)) continue;
      seen.add(at);
      const instruction = this.#program[at]!;
      if (instruction.op === "found") return null;
      if (instruction.op === "split") open.push(...instruction.to);
      else if (instruction.op === "place" && atPlace(instruction.place)) open.push(at + 1);
    }
    this.#allowance -= INSTRUCTION_COST * seen.size;
    return [...seen];
  }

  #state(threads: readonly number[], before: State["before"]): State {
    const key = `${before} ${threads.join()}`;
    const known = this.#states.get(key);
    if (known) return known;
    const state: State = { threads, before, next: new Map() };
    this.#states.set(key, state);
    this.#kept += threads.length;
    return state;
  }
}
