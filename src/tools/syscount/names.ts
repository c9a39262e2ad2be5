/**
 * Names and numbers of the system calls of this machine's architecture.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { nearest, shownValue } from "../../text/mod.ts";
import { ARM64, I386, X86_64 } from "./names.gen.ts";

/** Names by number. */
type Names = ReadonlyMap<number, string>;

/** Decodes a table of names.gen.ts. */
export function decodeNames(table: string): Names {
  const names = new Map<number, string>();
  let number = 0;
  for (const word of table.trim().split(/\s+/)) {
    if (word.startsWith("@")) number = Number(word.slice(1));
    else names.set(number++, word);
  }
  return names;
}

interface Tables {
  readonly native: Names;
  /** Of 32-bit programs. */
  readonly compat: Names;
}

/** The calls of 32-bit programs on arm64 have numbers only. */
const tablesOf = (arch: typeof Deno.build.arch): Tables =>
  arch === "x86_64"
    ? { native: decodeNames(X86_64), compat: decodeNames(I386) }
    : { native: decodeNames(ARM64), compat: new Map() };

let tables: Tables | null = null;

function readTables(): Tables {
  return tables ??= tablesOf(Deno.build.arch);
}

/** The name of a call; `#N` if it is newer than the table. */
export function callName(number: number, compat: boolean): string {
  const { native, compat: names } = readTables();
  return (compat ? names : native).get(number) ?? `#${number}`;
}

/** The number of a call for 64-bit and for 32-bit programs; null: they do not have it. */
export interface CallNumbers {
  readonly native: number | null;
  readonly compat: number | null;
}

/** The numbers of a call by its name. Throws UsageError that suggests the nearest name. */
export function callNumbers(name: string): CallNumbers {
  const { native, compat } = readTables();
  const numberIn = (names: Names): number | null => [...names].find(([, each]) => each === name)?.[0] ?? null;
  const numbers = { native: numberIn(native), compat: numberIn(compat) };
  if (numbers.native !== null || numbers.compat !== null) return numbers;
  const hint = nearest(name, [...new Set([...native.values(), ...compat.values()])]);
  throw new UsageError(
    `There is no system call ${shownValue(name) || '""'}.`,
    hint === undefined ? {} : { remedy: `Did you mean ${hint}?` },
  );
}
