/**
 * What filegone reports for gone.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** Rows by action. */
export const actions: Counts = {
  DELETE: 37 + 41,
  RMDIR: 19 + 23,
  RENAME: 29 + 31 + 13 + 2,
};

const LONG = "l".repeat(200);
const LONGER = "m".repeat(201);

/** Some names, with `file` and `new_name` of the only row that each of them has. */
export const examples: Readonly<Record<string, readonly [file: string, newName: string | null]>> = {
  from3: ["from3 > to3", "to3"],
  from59: ["from59 > to59", "to59"],
  file3: ["file3", null],
  directory20: ["directory20", null],
  directory40: ["directory40", null],
  directory41: ["directory41", null],
  [LONG]: [`${LONG} > ${LONGER}`, LONGER],
};

/** The same of the rows of a run. */
export function examplesIn(rows: readonly Row[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(examples).map((name) => {
      const found = rows.filter((row) => row.name === name).map(({ file, new_name }) => [file, new_name]);
      return [name, found.length === 1 ? found[0] : found];
    }),
  );
}
