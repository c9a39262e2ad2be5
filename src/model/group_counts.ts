/**
 * Counts rows in groups: how many rows each value of a column has, with the sums and maxima of their numbers.
 *
 * @module
 */
import { compareValues } from "./columns.ts";
import type { Grouping } from "./grouping.ts";
import { HOST_KEY } from "./host_status.ts";
import { OTHER, OTHER_NAME, restCount, withoutRoundingError } from "./rest_rows.ts";
import type { Group, Groups, Row, Tick, Value } from "./tick.ts";

interface OpenGroup {
  readonly value: Value;
  name: Value;
  count: number;
  readonly sums: (number | null)[];
  readonly maxima: (number | null)[];
}

/** Adds a value; unknown values are skipped. */
function add(sum: number | null, value: Value): number | null {
  return typeof value === "number" ? (sum ?? 0) + value : sum;
}

function larger(maximum: number | null, value: Value): number | null {
  return typeof value !== "number" || (maximum !== null && maximum >= value) ? maximum : value;
}

function openGroup(groups: Map<Value, OpenGroup>, key: Value, { sums, maxima }: Grouping): OpenGroup {
  const known = groups.get(key);
  if (known) return known;
  const value = key === OTHER ? OTHER_NAME : key;
  const group = { value, name: null, count: 0, sums: sums.map(() => null), maxima: maxima.map(() => null) };
  groups.set(key, group);
  return group;
}

/** The key of the group of a row. What a row sums may be of any group, but of one host. */
const groupOf = (row: Row, { by }: Grouping): Value =>
  restCount(row) > 0 && by.key !== HOST_KEY ? OTHER : row[by.key] ?? null;

function addRow(group: OpenGroup, row: Row, { named, sums, maxima }: Grouping): void {
  group.count += restCount(row) || 1;
  if (named && group.value !== OTHER_NAME) group.name = row[named.key] ?? group.name;
  for (let i = 0; i < sums.length; i++) group.sums[i] = add(group.sums[i]!, row[sums[i]!.from] ?? null);
  if (restCount(row) > 0) return; // Only its sums are known.
  for (let i = 0; i < maxima.length; i++) {
    group.maxima[i] = larger(group.maxima[i]!, row[maxima[i]!.from] ?? null);
  }
}

function addGroup(into: OpenGroup, { name, count, sums, maxima }: Group): void {
  into.count += count;
  if (into.value !== OTHER_NAME) into.name = name ?? into.name;
  sums.forEach((sum, i) => into.sums[i] = add(into.sums[i]!, sum));
  maxima.forEach((maximum, i) => into.maxima[i] = larger(into.maxima[i]!, maximum));
}

/** Maximum groups that a {@linkcode GroupCounter} makes, and of the estimated memory of them and their texts, bytes. */
const MAX_COUNTED = 5000;
const MAX_COUNTED_BYTES = 2 * 1024 * 1024;
/** Memory of a group beside its texts, bytes: an upper estimate. */
const GROUP_BYTES = 250;

/** Groups rows one by one within bounded memory: when it is used up, the rows of new groups are counted as {@linkcode OTHER}. */
export class GroupCounter {
  readonly #grouping: Grouping;
  readonly #groups = new Map<Value, OpenGroup>();
  #bytes = 0;

  constructor(grouping: Grouping) {
    this.#grouping = grouping;
  }

  add(row: Row): void {
    const value = groupOf(row, this.#grouping);
    const group = this.#groups.get(value) ?? this.#open(value);
    addRow(group, row, this.#grouping);
  }

  /** The groups so far. They change with the next row. */
  groups(): Groups {
    return this.#groups;
  }

  #open(value: Value): OpenGroup {
    const bytes = GROUP_BYTES + (typeof value === "string" ? 2 * value.length : 0);
    const isFull = this.#groups.size >= MAX_COUNTED || this.#bytes + bytes > MAX_COUNTED_BYTES;
    if (!isFull) this.#bytes += bytes;
    return openGroup(this.#groups, isFull ? OTHER : value, this.#grouping);
  }
}

/** Groups rows. The name of a group is the one in its last row. */
export function collectGroups(rows: readonly Row[], grouping: Grouping): Groups {
  const groups = new Map<Value, OpenGroup>();
  for (const row of rows) addRow(openGroup(groups, groupOf(row, grouping), grouping), row, grouping);
  return groups;
}

/** Merges the groups of several intervals, oldest first: the newest name of a group is kept. */
export function mergeGroups(list: readonly Groups[], grouping: Grouping): Groups {
  const [only] = list;
  if (only && list.length === 1) return only;
  const merged = new Map<Value, OpenGroup>();
  for (const groups of list) {
    for (const [key, group] of groups) addGroup(openGroup(merged, key, grouping), group);
  }
  return merged;
}

/** The groups with the highest counts, at most `most`, and the others as {@linkcode OTHER}. */
export function largestGroups(groups: Groups, grouping: Grouping, most: number): Groups {
  if (groups.size <= most) return groups;
  const order = [...groups].filter(([key]) => key !== OTHER).sort(([, a], [, b]) => b.count - a.count);
  const rest = order.splice(most);
  const other = openGroup(new Map(), OTHER, grouping);
  for (const group of [groups.get(OTHER), ...rest.map(([, group]) => group)]) {
    if (group) addGroup(other, group);
  }
  return new Map([...order, [OTHER, other]]);
}

/**
 * The groups with more rows as {@linkcode OTHER}, of which only the count is known, and the sums by column key.
 *
 * @param sums null: unknown, and so are those of all other rows together.
 */
export function withOther(groups: Groups, grouping: Grouping, count: number, sums: Row | null): Groups {
  if (count === 0) return groups;
  const before = groups.get(OTHER);
  const other = openGroup(new Map(), OTHER, grouping);
  other.count = count + (before?.count ?? 0);
  if (sums !== null) {
    grouping.sums.forEach(({ from }, i) => {
      other.sums[i] = add(before?.sums[i] ?? null, sums[from] ?? null);
    });
  }
  return new Map([...groups, [OTHER, other]]);
}

function rowOf({ value, name, count, sums, maxima }: Group, grouping: Grouping, seconds: number | null): Row {
  const row: Record<string, Value> = { [grouping.count.key]: count };
  if (grouping.rate) {
    row[grouping.rate.key] = seconds !== null && seconds > 0
      ? Math.round(count / seconds * 1000) / 1000
      : null;
  }
  grouping.sums.forEach(({ column }, i) => {
    const sum = sums[i] ?? null;
    row[column.key] = sum === null ? null : withoutRoundingError(sum);
  });
  grouping.maxima.forEach(({ column }, i) => row[column.key] = maxima[i]!);
  row[grouping.by.key] = value;
  if (grouping.named) row[grouping.named.key] = name;
  return row;
}

/**
 * Groups as rows of `grouping.tool`, largest first, ties by value; {@linkcode OTHER} is last. `seconds`: the time that the rate is
 * computed over; null: it is unknown.
 */
export function groupRows(groups: Groups, grouping: Grouping, seconds: number | null): Row[] {
  const { order, by, count } = grouping;
  const rows: Row[] = [];
  for (const [key, group] of groups) if (key !== OTHER) rows.push(rowOf(group, grouping, seconds));
  const rank = (row: Row): Value => order.reduce((sum, key) => add(sum, row[key]!), null as number | null);
  rows.sort((a, b) =>
    compareValues(rank(a), rank(b), true) || compareValues(a[count.key]!, b[count.key]!, true) ||
    compareValues(a[by.key]!, b[by.key]!, false)
  );
  const other = groups.get(OTHER);
  return other ? [...rows, rowOf(other, grouping, seconds)] : rows;
}

/** The tick with its rows replaced by their groups; its rest is in {@linkcode OTHER}. */
export function groupTick({ rest, ...tick }: Tick, grouping: Grouping): Tick {
  const kept = collectGroups(tick.rows, grouping);
  if (!rest) return { ...tick, rows: groupRows(kept, grouping, tick.intervalS) };
  const all = withOther(kept, grouping, rest.rows, rest.sums);
  const droppedRows = (tick.droppedRows ?? 0) - rest.rows;
  return { ...tick, rows: groupRows(all, grouping, tick.intervalS), droppedRows };
}
