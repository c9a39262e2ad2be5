/**
 * Shell commands as text, for tmux and scripts: a path may contain spaces and quotes.
 *
 * @module
 */

/** The text as one word of a shell command. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Words as a shell command. */
export const shellCommand = (words: readonly string[]): string => words.map(quoted).join(" ");
