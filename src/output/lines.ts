/**
 * Raw output: prints the lines that a tool derives for another program (`readpath --folded`), without a header.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { lossLines } from "./text.ts";

/**
 * The raw format.
 *
 * @param warn Called with a line about losses; write it to standard error, so that the output stays parseable.
 */
export function linesFormat(warn: (text: string) => void): Format {
  return {
    begin: () => "",
    tick: (tick) => {
      for (const line of lossLines(tick)) warn(line);
      return (tick.lines ?? []).map((line) => `${line}\n`).join("");
    },
    end: () => "",
  };
}
