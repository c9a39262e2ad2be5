/**
 * Lines that a tool makes for another program: nothing stands around them. Losses go where they cannot be taken for a line.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { lostLine } from "./text.ts";

/**
 * The lines of each tick, alone.
 *
 * @param warn takes what was lost, as one line
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
