/**
 * Checks the values of a configuration file: every error names the file and the line, and for an unknown word the nearest
 * known one.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { nearest, shownValue } from "../text/mod.ts";
import type { Origin, Setting } from "./settings.ts";
import { lineOf, type Positions } from "./toml_positions.ts";

/** A table of TOML. */
export type Table = Readonly<Record<string, unknown>>;

/** Names that lead to a value, from the top of the file. */
export type Path = readonly string[];

/** True for a table. */
export const isTable = (value: unknown): value is Table =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Reads values of a parsed file. Every method throws UsageError for an invalid value. */
export class Checker {
  readonly #file: string;
  readonly #positions: Positions;

  constructor(file: string, positions: Positions) {
    this.#file = file;
    this.#positions = positions;
  }

  /** The error for a value. */
  error(path: Path, message: string, remedy = ""): UsageError {
    return new UsageError(`${shownValue(this.#file)}:${lineOf(this.#positions, path)}: ${message}`, {
      remedy,
    });
  }

  /** The error for an unknown word. */
  unknown(path: Path, what: string, { word, known }: { word: string; known: readonly string[] }): UsageError {
    const hint = nearest(word, known);
    const remedy = hint ? `Did you mean ${hint}?` : `Known: ${known.join(", ")}.`;
    return this.error(path, `Unknown ${what} "${shownValue(word)}".`, remedy);
  }

  /** A value with its origin in the file. */
  setting<T>(path: Path, value: T): Setting<T> {
    const origin: Origin = { kind: "file", path: this.#file, line: lineOf(this.#positions, path) };
    return { value, origin };
  }

  table(path: Path, value: unknown): Table {
    if (isTable(value)) return value;
    throw this.error(path, `${path.join(".")} must be a table: [${path.join(".")}].`);
  }

  text(path: Path, value: unknown): string {
    if (typeof value === "string") return value;
    throw this.error(path, `${path.join(".")} takes a string in quotes.`);
  }

  boolean(path: Path, value: unknown): boolean {
    if (typeof value === "boolean") return value;
    throw this.error(path, `${path.join(".")} takes true or false.`);
  }

  number(
    path: Path,
    value: unknown,
    { min, max, whole }: { min: number; max: number; whole: boolean },
  ): number {
    const fits = typeof value === "number" && value >= min && value <= max &&
      (!whole || Number.isInteger(value));
    if (fits) return value;
    const range = max === Infinity ? `from ${min}` : `from ${min} to ${max}`;
    throw this.error(path, `${path.join(".")} takes a ${whole ? "whole " : ""}number ${range}.`);
  }

  /** A list of strings; a single string is a list of one. */
  texts(path: Path, value: unknown): readonly string[] {
    const list = Array.isArray(value) ? value : [value];
    if (list.every((item) => typeof item === "string")) return list;
    throw this.error(path, `${path.join(".")} takes a list of strings: ["one", "two"].`);
  }

  /** One of the known words. */
  word<T extends string>(
    path: Path,
    value: unknown,
    { what, known }: { what: string; known: readonly T[] },
  ): T {
    const word = this.text(path, value);
    const found = known.find((name) => name === word);
    if (found !== undefined) return found;
    throw this.unknown(path, what, { word, known });
  }
}
