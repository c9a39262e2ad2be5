/**
 * How the rows of a tool are grouped by a column: the columns of the groups, their sums and maxima.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { nearest, shownValue } from "../text/mod.ts";
import { type Column, isAddable } from "./columns.ts";
import { isList, type ToolInfo } from "./tool_info.ts";
import { UNITS } from "./unit.ts";

/** A column of the groups, and the column of the rows that it is computed from. */
interface Computed {
  readonly from: string;
  readonly column: Column;
}

/** How the rows of a tool are grouped by one of its columns. */
export interface Grouping {
  readonly by: Column;
  /** The tool as a table whose rows are the groups. */
  readonly tool: ToolInfo;
  /** The number of rows, and that number per second; null for tables, whose rows are not events. */
  readonly count: Column;
  readonly rate: Column | null;
  readonly sums: readonly Computed[];
  readonly maxima: readonly Computed[];
  /** The column with the names of the values of `by`; null if there is none. */
  readonly named: Column | null;
  /** Keys of the columns whose sum orders the groups, largest first. */
  readonly order: readonly string[];
}

/** The column with the names, for each column of ids that has one. */
const NAMED_BY: Readonly<Record<string, string>> = {
  pid: "comm",
  tid: "comm",
  prev_tid: "prev_comm",
  inode: "file",
  cgroup_id: "container",
  uid: "user",
};

/** Minimum width of a sum, cells: a sum has more digits than the values of the rows. */
const SUM_WIDTH = 9;

const COUNT_PRIORITY = 4;
const BY_PRIORITY = 3;

function countColumn(isEvents: boolean): Column {
  return {
    key: isEvents ? "events" : "rows",
    title: isEvents ? "EVENTS" : "ROWS",
    description: isEvents ? "Events in the group." : "Rows in the group.",
    unit: "count",
    width: 8,
    align: "right",
    priority: COUNT_PRIORITY,
  };
}

const RATE: Column = {
  key: "events_per_s",
  title: "EV/s",
  description: "Events in the group per second.",
  unit: "count",
  decimals: 1,
  width: 8,
  align: "right",
  priority: 1,
  adds: false,
};

/** True for a column that rows can be grouped by: text or an id. */
const isGroupable = ({ unit }: Column): boolean => ["identity", "text"].includes(UNITS[unit].kind);

/** True for durations, which get a maximum beside the sum. */
const hasMaximum = (column: Column): boolean => isAddable(column) && UNITS[column.unit].maximum;

function computed(column: Column, aggregate: "sum" | "max"): Computed {
  const title = `${aggregate.toUpperCase()}_${column.title}`;
  const description = `${aggregate === "sum" ? "Sum" : "Maximum"} of ${column.title} in the group.`;
  const width = Math.max(column.width, title.length);
  const priority = aggregate === "max" ? column.priority : 0;
  return {
    from: column.key,
    column: {
      ...column,
      key: `${aggregate}_${column.key}`,
      title,
      description,
      width,
      priority,
      shown: "always",
    },
  };
}

/** The sum of each column. Counts and bytes keep the column's name; durations also have a maximum, so theirs is `sum_…`. */
function sumsOf(columns: readonly Column[]): Computed[] {
  return columns.filter(isAddable).map((column) =>
    hasMaximum(column)
      ? computed(column, "sum")
      : { from: column.key, column: { ...column, width: Math.max(column.width, SUM_WIDTH) } }
  );
}

/** The columns that the rows of a tool can be grouped by; empty for counters and histograms. */
export function groupableColumns(tool: ToolInfo): readonly Column[] {
  return isList(tool) ? tool.columns.filter(isGroupable) : [];
}

/** The grouping of a list's rows by a column. */
export function groupingBy(tool: ToolInfo, by: Column): Grouping {
  const isEvents = tool.view === "events";
  const count = countColumn(isEvents);
  const rate = isEvents ? RATE : null;
  const numbers = tool.columns.filter(({ key }) => key !== by.key);
  const sums = sumsOf(numbers);
  const maxima = numbers.filter(hasMaximum).map((column) => computed(column, "max"));
  const named = tool.columns.find(({ key }) => key === NAMED_BY[by.key]) ?? null;
  const label: Column = { ...by, priority: BY_PRIORITY, shown: "always" };
  const name: Column[] = named ? [{ ...named, priority: 2, shown: "always" }] : [];
  const graphed = sums.map(({ column }) => column).filter(({ key }) => tool.graph.includes(key));
  const order = graphed.filter(({ unit }) => unit === graphed[0]!.unit).map(({ key }) => key);
  const columns = [
    count,
    ...(rate ? [rate] : []),
    ...[...sums, ...maxima].map(({ column }) => column),
    label,
    ...name,
  ];
  return {
    by,
    tool: { ...tool, summary: `${tool.summary}, grouped by ${by.title}`, view: "table", columns },
    count,
    rate,
    sums,
    maxima,
    named,
    order: isEvents || order.length === 0 ? [count.key] : order,
  };
}

/** Words for columns of ids. */
const ALIASES: Readonly<Record<string, string>> = { process: "pid" };

/** True for the column with this key or title, or with the key of this alias. */
const isNamed = (name: string) => ({ key, title }: Column): boolean =>
  key === name || title.toLowerCase() === name || ALIASES[name] === key;

/** What `--by` accepts for these columns: their keys, and words for ids. */
export function groupingNames(columns: readonly Column[]): string[] {
  const aliases = Object.keys(ALIASES);
  return [
    ...new Set(columns.flatMap(({ key }) => [...aliases.filter((name) => ALIASES[name] === key), key])),
  ];
}

/** Suggests the name nearest to `wanted`, and lists all. */
function groupingRemedy(wanted: string, known: readonly Column[]): string {
  const keys = groupingNames(known);
  const hint = nearest(wanted, keys);
  return `${hint ? `Did you mean ${hint}? ` : ""}Columns to group by: ${keys.join(", ")}.`;
}

/** How a tool divides what it counts while it measures, if it can: afterwards it is too late. */
function dividedRemedy({ name, flags }: ToolInfo): string {
  const choices = flags.find((flag) => flag.name === "by")?.choices ?? [];
  if (choices.length === 0) return "";
  return `Divide while measuring: ${choices.map((choice) => `ktop ${name} --by ${choice}`).join(", ")}.`;
}

/** The grouping of a tool's rows by the column with this key or title. Throws UsageError. */
export function groupingNamed(tool: ToolInfo, name: string): Grouping {
  const known = groupableColumns(tool);
  if (known.length === 0) {
    const problem = tool.view === "counters"
      ? `${tool.name} counted everything in one row: there is nothing to group.`
      : `${tool.name} has no rows to group.`;
    throw new UsageError(problem, { remedy: dividedRemedy(tool) });
  }
  const wanted = name.trim().toLowerCase();
  const by = known.find(isNamed(wanted));
  if (by) return groupingBy(tool, by);
  const other = tool.columns.find(isNamed(wanted));
  const problem = other
    ? `${tool.name} cannot be grouped by ${other.key}, only by names and ids.`
    : `${tool.name} has no column "${shownValue(name)}".`;
  throw new UsageError(problem, { remedy: groupingRemedy(wanted, known) });
}

/**
 * The groupings of the tools that have a column with this key or title, by tool name. Throws UsageError if no tool has it.
 */
export function groupingsNamed(tools: readonly ToolInfo[], name: string): ReadonlyMap<string, Grouping> {
  const [only] = tools;
  if (only && tools.length === 1) return new Map([[only.name, groupingNamed(only, name)]]);
  const wanted = name.trim().toLowerCase();
  const found = tools.flatMap((tool): [string, Grouping][] => {
    const by = groupableColumns(tool).find(isNamed(wanted));
    return by ? [[tool.name, groupingBy(tool, by)]] : [];
  });
  if (found.length > 0) return new Map(found);
  throw new UsageError(`None of these tools can be grouped by "${shownValue(name)}".`, {
    remedy: [groupingRemedy(wanted, tools.flatMap(groupableColumns)), ...tools.map(dividedRemedy)]
      .filter((text) => text !== "").join(" "),
  });
}
