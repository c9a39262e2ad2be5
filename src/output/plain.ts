/**
 * Output for another program: the lines that the tool derives and nothing else.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { lostLine } from "./text.ts";

/**
 * The lines of each tick.
 *
 * @param warn Receives a line about losses, which must not be mixed with the output.
 */
export function plainFormat(warn: (text: string) => void): Format {
  return {
    begin: () => "",
    tick: (tick) => {
      for (const line of lostLine(tick)) warn(line);
      return (tick.lines ?? []).map((line) => `${line}\n`).join("");
    },
    end: () => "",
  };
}
