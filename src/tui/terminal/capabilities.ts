/**
 * What a terminal can show, according to the environment.
 *
 * @module
 */
import { asciiVariable, type Environment } from "../../text/mod.ts";
import type { ColorDepth } from "../canvas/mod.ts";

/** What may be sent to a terminal. */
export interface TerminalCapabilities {
  readonly depth: ColorDepth;
  /** Only ASCII: borders, bars and marks are made of `+`, `-`, `|`, `#`, `~`. */
  readonly ascii: boolean;
}

/** Terminals that show 2^24 colours and often arrive without COLORTERM (ssh and sudo do not pass it on). */
const TRUE_COLOR = /^(xterm-)?(kitty|ghostty|wezterm|foot|contour)\b|-direct$/;
const COLORS_256 = /256color|^alacritty|^rio\b/;
/** DEC's up to the VT420 (agetty's default on a serial line is vt220), and names that do not identify a terminal. */
const NO_COLORS = /^(dumb|unknown|network|dialup|vt(52|[1-4]\d\d)(-.*)?|ansi-m|.*-mono|.*-m)$/;

/**
 * GNU screen up to 4.9 takes 38;2;R;G;B for single attributes, and passes on the COLORTERM of the terminal around it.
 * tmux, which may also set TERM to screen, accepts 2^24 colours in any terminal.
 */
function isGnuScreen(env: Environment, term: string): boolean {
  return /^screen\b/.test(term) && !env["TMUX"];
}

function colorDepth(env: Environment): ColorDepth {
  const term = env["TERM"] ?? "";
  // https://no-color.org: any value that is not empty.
  if (env["NO_COLOR"] || term === "" || NO_COLORS.test(term)) return "mono";
  const says24bit = /^(truecolor|24bit)$/i.test(env["COLORTERM"] ?? "") && !isGnuScreen(env, term);
  if (says24bit || TRUE_COLOR.test(term)) return "true";
  return COLORS_256.test(term) ? "256" : "16";
}

/**
 * The capabilities of the terminal that an environment describes.
 *
 * @param forced `--no-color` and `--ascii`.
 */
export function terminalCapabilities(
  env: Environment,
  forced: { readonly noColor: boolean; readonly ascii: boolean },
): TerminalCapabilities {
  const ascii = forced.ascii || asciiVariable(env) !== null;
  return { depth: forced.noColor ? "mono" : colorDepth(env), ascii };
}
