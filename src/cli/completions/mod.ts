/**
 * Completion scripts for shells, made from the tables of the command line. Pure: tables in, a script out. The scripts
 * need nothing but the shell, and never run ktop.
 *
 * @module
 */
import type { Grammar } from "../grammar.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { zshScript } from "./zsh.ts";

/** A shell that is known. */
export type Shell = "bash" | "zsh" | "fish";

/** How each shell's script is made. */
export const SHELLS: Readonly<Record<Shell, (grammar: Grammar) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};
