/**
 * The lines of a pane that shows groups: a tree of groups, with the rows of each open group below it.
 *
 * @module
 */
import {
  collectGroups,
  type Column,
  type Grouping,
  groupRows,
  OTHER_NAME,
  type Row,
  type ToolModel,
  type Value,
  withOther,
} from "../../model/mod.ts";
import { groupedWindow, type RowsInput } from "./group_history.ts";
import type { PaneUi } from "./ui.ts";

/** A line of the tree. */
export interface GroupLine {
  /** The group, or a row in one. */
  readonly row: Row;
  /** Key of this group, or of the group that contains this row. */
  readonly group: string;
  readonly kind: "open" | "closed" | "row";
}

/** What a pane shows as groups. */
export interface GroupTree {
  readonly grouping: Grouping;
  readonly lines: readonly GroupLine[];
  /** The seconds over which events are counted; null for the rows of one interval. */
  readonly seconds: number | null;
  /** Wall clock at the end of that time, milliseconds; null: it ends with the tool's last tick. */
  readonly end: number | null;
  /** The tool with its groups as rows. */
  readonly tool: ToolModel;
}

/** Identifies a group by its value. */
const groupKey = (value: Value): string => `${typeof value} ${value}`;

interface Counted {
  readonly groups: readonly Row[];
  /** The rows that are shown below their groups. */
  readonly rows: readonly Row[];
  readonly seconds: number | null;
  readonly end: number | null;
  readonly missing: number;
}

function countedEvents(tool: ToolModel, pane: PaneUi, input: TreeInput): Counted {
  const { grouping, test } = input;
  const { groups, seconds, start, end, missing, isPartial } = groupedWindow(tool, pane, input);
  const from = start > 0 ? new Date(start).toISOString() : "";
  const rows = tool.events.filter((row) => String(row["time"] ?? from) >= from && test(row));
  return {
    groups: groupRows(groups, grouping, isPartial ? null : seconds),
    rows: rows.toReversed(),
    seconds,
    end,
    missing,
  };
}

function countedRows({ tick, droppedRows, droppedSums, only }: ToolModel, input: TreeInput): Counted {
  const { grouping, filter, test } = input;
  const rows = (tick?.rows ?? []).filter(test);
  const kept = collectGroups(rows, grouping);
  const all = filter === "" && only === undefined
    ? withOther(kept, grouping, droppedRows, droppedSums ?? null)
    : kept;
  const groups = groupRows(all, grouping, tick?.intervalS ?? 1);
  return { groups, rows, seconds: null, end: null, missing: droppedRows };
}

/** How the groups of a pane are made and ordered. */
export interface TreeInput extends RowsInput {
  readonly sortGroups: (tool: ToolModel, groups: readonly Row[]) => readonly Row[];
  readonly sortRows: (rows: readonly Row[]) => readonly Row[];
}

/** Puts the rows of each open group below it. */
function lines(groups: readonly Row[], rows: readonly Row[], { opened, by }: {
  opened: ReadonlySet<string>;
  by: Column;
}): GroupLine[] {
  const below = new Map<string, GroupLine[]>();
  for (const row of opened.size > 0 ? rows : []) {
    const group = groupKey(row[by.key] ?? null);
    if (!opened.has(group)) continue;
    const line: GroupLine = { row, group, kind: "row" };
    const list = below.get(group);
    if (list) list.push(line);
    else below.set(group, [line]);
  }
  return groups.flatMap((row): GroupLine[] => {
    const group = groupKey(row[by.key] ?? null);
    if (!opened.has(group)) return [{ row, group, kind: "closed" }];
    return [{ row, group, kind: "open" }, ...below.get(group) ?? []];
  });
}

/** The tree of a pane: the events of the last minute, or the rows of a table in one interval. */
export function groupTree(source: ToolModel, pane: PaneUi, input: TreeInput): GroupTree {
  const { grouping, sortGroups, sortRows } = input;
  const events = source.tool.view === "events";
  const { groups, rows, seconds, end, missing } = events
    ? countedEvents(source, pane, input)
    : countedRows(source, input);
  const { tick } = source;
  const intervalS = seconds ?? tick?.intervalS ?? 1;
  const tool: ToolModel = {
    ...source,
    tool: grouping.tool,
    tick: tick && { ...tick, intervalS, rows: groups },
    droppedRows: missing,
  };
  const isOther = (row: Row): boolean => row[grouping.by.key] === OTHER_NAME;
  const named = groups.filter((row) => !isOther(row));
  const ordered = [...sortGroups(tool, named), ...groups.filter(isOther)];
  const opened = new Set(pane.opened);
  return {
    grouping,
    seconds,
    end,
    tool,
    lines: lines(ordered, opened.size > 0 ? sortRows(rows) : rows, { opened, by: grouping.by }),
  };
}
