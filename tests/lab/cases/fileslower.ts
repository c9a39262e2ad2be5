/**
 * fileslower: the reads and writes of `slow`, all of them at threshold 0, the long ones above it.
 *
 * @module
 */
import type { Case } from "../case.ts";
import { all, nothingLost } from "../checks.ts";
import { counting } from "./counting.ts";
import { bytes, done, exactly, onlySlow, within } from "./slow.ts";

/** Only reads and writes: what fileslower sees. */
const moved = Object.fromEntries(
  Object.entries(done).map(([file, { R, W }]) => [file, { ...(R ? { R } : {}), W: W! }]),
);

export const fileslowerCases: readonly Case[] = [
  counting({
    name: "every read and write is an event at threshold 0",
    tool: "fileslower",
    options: ["0"],
    workload: ["slow", "/tmp"],
    check: all(
      exactly("direction", () => moved),
      bytes,
      within("direction", "R", "read_ns"),
      within("direction", "W", "write_ns"),
      nothingLost,
    ),
  }),
  counting({
    name: "long reads and writes are events, short ones are not",
    tool: "fileslower",
    options: ["1"],
    workload: ["slow", "/tmp"],
    check: all(onlySlow, nothingLost),
  }),
];
