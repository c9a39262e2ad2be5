/**
 * Cases with -d, beside below.c.
 *
 * @module
 */
import { type Counts, losses, type Row, rowsOf } from "../../support/ticks.ts";
import * as below from "../../workloads/below.ts";
import type { Case, Check } from "../case.ts";
import { all, differences, rowCounts } from "../checks.ts";
import { prepared } from "./prepared.ts";
import { workloadCase } from "./workload_case.ts";

const BASE = "/tmp/below";

/** A run beside below.c on the guest. */
export interface BelowCase {
  readonly name: string;
  readonly tool: string;
  /** Options besides -d. */
  readonly options?: readonly string[];
  /** The flag of the directory; null: without it. Default: -d. */
  readonly flag?: string | null;
  /** Rows by letter, on a tier. */
  readonly rows: (tier: string) => Counts;
  /** Keys that are lost. */
  readonly lost: number;
  /** Further checks. */
  readonly check?: Check;
}

/** The case of such a run. It makes directories with fixed names, so that it does not run on this machine. */
export function belowCase({ name, tool, options = [], flag = "-d", rows, lost, check }: BelowCase): Case {
  return prepared(
    { prepare: `rm -rf ${BASE} && mkdir -p ${BASE}/in`, undo: `rm -rf ${BASE}` },
    workloadCase({
      name,
      tool,
      workload: ["below", BASE],
      options: [...options, ...(flag === null ? [] : [flag, `${BASE}/in`])],
      native: false,
      check: all(
        rowCounts(({ ticks }) => rows(ticks[0]!.tier), (row: Row) => below.letterOf(row)),
        ({ ticks }) => differences({ ...losses(ticks) }, { events: 0, keys: lost }),
        check ?? (() => []),
      ),
    }),
  );
}

/** The directory of each removed name, by letter. */
export const directoriesCheck =
  (expected: (tier: string) => Readonly<Record<string, string>>): Check => ({ ticks }) => {
    const found = below.directoriesIn(rowsOf(ticks), BASE);
    return Object.entries(expected(ticks[0]!.tier)).flatMap(([letter, directory]) =>
      found[letter] === directory ? [] : [`directory of ${letter}: ${found[letter]}, not ${directory}`]
    );
  };
