/**
 * The arguments of an executed program.
 *
 * @module
 */
import type { ExecsnoopEvent } from "./layout.gen.ts";

/** Shown for an argument that could not be read. It is unique: backslashes in arguments are doubled. */
const UNREADABLE = "\\?";

/** The arguments of a program as recorded. */
export interface Arguments {
  /** Null if it could not be read. */
  readonly path: string | null;
  /** Starts with argv[0]. */
  readonly list: readonly string[];
  readonly more: boolean;
  /** The list is the interpreter's: its own arguments, the path, then the program's arguments without argv[0]. */
  readonly interpreted: boolean;
}

/** The path and at most `maxArgs` - 1 of the arguments after argv[0], as the caller passed them. */
export function commandLine({ path, list, more, interpreted }: Arguments, maxArgs: number): string[] {
  const inserted = interpreted && path !== null ? list.indexOf(path, 1) : -1;
  const given = list.slice(Math.max(inserted, 0) + 1);
  const shown = [path ?? UNREADABLE, ...given.slice(0, maxArgs - 1)];
  return more || given.length > maxArgs - 1 ? [...shown, "..."] : shown;
}

/** An argument in the form of `-q`. */
export function quote(argument: string): string {
  return argument === "..." ? argument : `"${argument.replaceAll('"', '\\"')}"`;
}

/** The arguments in the texts of an event, after the names of the parents. */
export function readArguments(event: ExecsnoopEvent, texts: string[]): Arguments {
  const path = event.path_known === 1 ? texts.shift() ?? null : null;
  const unreadable = event.exact("unreadable");
  const list = Array.from(
    { length: event.arguments },
    (_, i) => (unreadable >> BigInt(i)) & 1n ? UNREADABLE : texts.shift() ?? UNREADABLE,
  );
  return { path, list, more: event.more === 1, interpreted: event.interpreted === 1 };
}
