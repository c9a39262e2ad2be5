/**
 * The columns of execsnoop.
 *
 * @module
 */
import type { Column } from "../../model/mod.ts";
import { withSwitched } from "../lib/columns_for.ts";
import { COMM, PID, PPID, TID, TIME, TIME_S, UID } from "../lib/event_columns.ts";
import { WHO_BESIDE_UID } from "../lib/who.ts";
import type { ToolOptions } from "../tool.ts";

/** MAX_PARENTS of bpf/execsnoop/execsnoop.h. */
export const MOST_PARENTS = 8;

/** Of durations: with `--exit` groups add them up and the longest are kept, otherwise they are unknown. */
const MEASURED = { priority: 1, adds: true } as const;
const UNMEASURED = { priority: -1, adds: false } as const;

/** The columns in the order of JSON and CSV. */
export const COLUMNS: readonly Column[] = [
  { ...TIME, description: "When the call ended; with --exit, when the program ended.", shown: "data" },
  {
    ...TIME_S,
    description: "The same in seconds since the tool was first started.",
    shown: "data",
  },
  { ...UID, shown: "data" },
  {
    ...COMM,
    title: "PCOMM",
    description: "Name of the program; of the caller if the call failed.",
    priority: 2,
  },
  PID,
  { ...TID, shown: "data" },
  PPID,
  {
    key: "ret",
    title: "RET",
    description: "Result of the call: 0, or a negative error number.",
    unit: "id",
    names: "result",
    width: 8,
    priority: 1,
    align: "right",
  },
  {
    key: "args",
    title: "ARGS",
    description: "Path of the program and its arguments; ends in ... if some are left out.",
    unit: "text",
    width: 28,
    minWidth: 28,
    priority: 3,
    align: "left",
  },
  {
    key: "parent_comm",
    title: "PARENT",
    description: "Name of the caller's parent.",
    unit: "text",
    width: 16,
    align: "left",
    shown: "data",
  },
  {
    key: "parents",
    title: "PARENTS",
    description:
      `Its parent, the parent's parent and so on, at most ${MOST_PARENTS}; ends in ... if there are more. ` +
      "Unknown without --parents. JSON has a list of objects with pid and comm, both null in place of ... .",
    needs: ["parents"],
    unit: "text",
    holds: "processes",
    width: 32,
    priority: 1,
    align: "left",
    shown: "data",
  },
  {
    key: "exit",
    title: "EXIT",
    description:
      "How the program ended: its exit code, the signal that ended it, or exec if its process executed another " +
      "program; unknown if it still ran when ktop ended, for failed calls, and without --exit.",
    needs: ["exit"],
    unit: "text",
    width: 9,
    minWidth: 7,
    priority: 2,
    align: "right",
    before: "args",
    shown: "data",
  },
  {
    key: "exit_code",
    title: "CODE",
    description: "Exit code of the program; unknown if it did not exit.",
    needs: ["exit"],
    unit: "id",
    width: 4,
    align: "right",
    shown: "data",
  },
  {
    key: "signal",
    title: "SIGNAL",
    description: "Number of the signal that ended the program; unknown if none did.",
    needs: ["exit"],
    unit: "id",
    width: 6,
    align: "right",
    shown: "data",
  },
  {
    key: "dur_ms",
    title: "DUR(ms)",
    description:
      "How long the program ran, or has run when ktop ended; unknown for failed calls and without --exit.",
    needs: ["exit"],
    unit: "ms",
    width: 10,
    ...UNMEASURED,
    align: "right",
    before: "args",
    shown: "data",
  },
  ...WHO_BESIDE_UID,
];

/** The columns with these options. */
export function columnsFor({ flags }: ToolOptions): readonly Column[] {
  const columns = withSwitched(COLUMNS, flags, {
    time: "time",
    time_s: "timestamp",
    uid: "print-uid",
    parents: "parents",
    exit: "exit",
    dur_ms: "exit",
  });
  if (flags.exit !== true) return columns;
  return columns.map((column) => column.key === "dur_ms" ? { ...column, ...MEASURED } : column);
}
