/**
 * What a key is: its name, what it does, where it works.
 *
 * @module
 */
import type { Action, Context, Outcome } from "./ui.ts";

/** Keys that do one thing. */
export interface Binding {
  /** What a configuration calls it: words of the help in kebab-case, the same in every mode. */
  readonly name: string;
  /** Names as {@linkcode KeyEvent} has them. */
  readonly keys: readonly string[];
  /** The keys as the help shows them. */
  readonly shown: string;
  /** What they do: a sentence for the help. */
  readonly help: string;
  /** The key and one word for the footer; absent where the help is enough. */
  readonly footer?: {
    readonly key: string;
    readonly label: string;
    /** Another word where the key now undoes what it does; null: the usual one. */
    readonly labelNow?: (context: Context) => string | null;
  };
  /** Where it works; absent: everywhere in its mode. */
  readonly when?: (context: Context) => boolean;
  readonly run: (context: Context, key: string) => Outcome;
}

/** A binding's run that leaves the state and asks for something to be done. */
export const act = (action: Action) => ({ ui }: Context): Outcome => ({ ui, action });
