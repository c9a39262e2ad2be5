/**
 * The threshold of the tools that report slow operations: BCC's first positional, in milliseconds.
 *
 * @module
 */
import type { Flag } from "../../model/mod.ts";
import type { Constants, ToolOptions } from "../tool.ts";

const NS_PER_MS = 1_000_000n;

/** The longest time that fits 64 bits of nanoseconds. */
const LONGEST_MS = Number((2n ** 64n - 1n) / NS_PER_MS);

/** `MIN_MS`. `what` names the reported operations: "calls". */
export function minMs(what: string): Flag {
  return {
    name: "min-ms",
    kind: "integer",
    argument: "MIN_MS",
    default: 10,
    min: 0,
    max: LONGEST_MS,
    description: `report ${what} of at least this many milliseconds (default 10)`,
  };
}

/** The threshold in nanoseconds, as a constant of the BPF object. */
export function thresholdConstants(flags: ToolOptions["flags"]): Constants {
  return { min_ns: BigInt(flags["min-ms"] as number) * NS_PER_MS };
}
