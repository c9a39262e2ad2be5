/**
 * Lines that a tool makes for another program: nothing stands around them. Losses go where they cannot be taken for a line.
 *
 * @module
 */
import type { Format } from "./format.ts";
import { lostLine } from "./text.ts";

/** The lines of each tick, alone. */
export function plainFormat(): Format {
  return {
    begin: () => "",
    tick: (tick) => {
      for (const line of lostLine(tick)) console.error(`ktop: ${line}`);
      return (tick.lines ?? []).map((line) => `${line}\n`).join("");
    },
    end: () => "",
  };
}
