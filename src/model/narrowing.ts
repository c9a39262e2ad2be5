/**
 * What the panes are narrowed to: groups of rows, and a process. Pure.
 *
 * @module
 */
import type { Row, Value } from "./tick.ts";

/** A group: the rows with one value in one column. */
export interface RowGroup {
  /** Key and title of the column. */
  readonly key: string;
  readonly title: string;
  readonly value: Value;
}

/** What rows are narrowed to: those of every group and of the process. */
export interface Narrowing {
  readonly pid?: number;
  /** From the outermost one. */
  readonly groups: readonly RowGroup[];
}

/** Whether a row belongs to a group. */
export const isInGroup = (row: Row, { key, value }: RowGroup): boolean => (row[key] ?? null) === value;

/** Whether a row is shown while panes are narrowed; undefined: they are not. */
export const isShownRow = (row: Row, only: Narrowing | undefined): boolean =>
  only === undefined ||
  ((only.pid === undefined || row["pid"] === only.pid) &&
    only.groups.every((group) => isInGroup(row, group)));

/** Identifies groups in a string: no text of a row has this separator. */
const groupsKey = (groups: readonly RowGroup[]): string =>
  groups.map(({ key, value }) => `\0${key}=${typeof value} ${value}`).join("");

/** Equal for equal narrowings; empty for none. */
export const narrowingKey = (only: Narrowing | undefined): string =>
  only === undefined ? "" : `${only.pid ?? ""}${groupsKey(only.groups)}`;

/** What `CountedRows.filter` is for the filter of a pane that is narrowed to groups. */
export const countedFilter = (filter: string, groups: readonly RowGroup[] = []): string =>
  filter + groupsKey(groups);

/** Whether rows were counted in these groups only. */
export const isCountedIn = (filter: string, groups: readonly RowGroup[]): boolean =>
  filter.endsWith(groupsKey(groups));

/** The value of a group in words. */
export const groupName = ({ value }: RowGroup): string => value === null ? "unknown" : String(value);

/** What rows are narrowed to, in words: "CONTAINER podman:db, process 9". */
export const narrowingWords = ({ pid, groups }: Narrowing): string =>
  [
    ...groups.map((group) => `${group.title} ${groupName(group)}`),
    ...(pid === undefined ? [] : [`process ${pid}`]),
  ].join(", ");
