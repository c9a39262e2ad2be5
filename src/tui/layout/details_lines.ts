/**
 * The text of the details of a row.
 *
 * @module
 */
import {
  type CgroupDetails,
  type Column,
  formatCell,
  formatValue,
  type ProcessDetails,
  type Row,
  type ToolModel,
  UNITS,
  type Watched,
} from "../../model/mod.ts";
import { clockTime, counted, displayWidth, humanBytes, localDate, skip, take, wrap } from "../../text/mod.ts";
import { type Details, processOf, processOfDetails, relatedBy, rowsOverTime } from "../state/mod.ts";

/** A line of the details: a name at the left, if any, and text or a graph beside it. */
export type DetailsLine =
  | { readonly kind: "heading"; readonly name: string; readonly note: string }
  | { readonly kind: "value"; readonly name: string; readonly text: string; readonly note?: string }
  | { readonly kind: "note"; readonly text: string }
  | {
    readonly kind: "graph";
    /** Running number of the last value. */
    readonly newest: number;
    readonly name: string;
    readonly text: string;
    readonly values: readonly number[];
  };

/** Cells of the names at the left. */
export const DETAILS_NAME_WIDTH = 12;
/** The end of a command that is cut. */
const CUT = "...";
/** Cells of a short value, which a note or a graph follows on the same line. */
export const DETAILS_VALUE_WIDTH = 22;

/** Splits text into pieces of at most `width` cells. Unlike wrap(), keeps all spaces and does not break a path at them. */
function pieces(text: string, width: number): string[] {
  const out: string[] = [];
  for (let rest = text; rest !== "";) {
    const piece = take(rest, width);
    if (piece === "") break; // a wide character, and one cell
    out.push(piece);
    rest = skip(rest, displayWidth(piece));
  }
  return out.length === 0 ? [""] : out;
}

/** A name and its value: side by side, or the value below if the screen is narrow. */
function value(name: string, text: string, width: number): DetailsLine[] {
  const beside = width >= 3 * DETAILS_NAME_WIDTH;
  const room = Math.max(1, beside ? width - DETAILS_NAME_WIDTH : width);
  const parts = pieces(text, room);
  if (!beside) {
    return [
      { kind: "value", name, text: "" },
      ...parts.map((part): DetailsLine => ({ kind: "value", name: "", text: part })),
    ];
  }
  return parts.map((part, i) => ({ kind: "value", name: i === 0 ? name : "", text: part }));
}

const heading = (name: string, note = ""): DetailsLine[] => [
  { kind: "note", text: "" },
  { kind: "heading", name, note },
];

/** Each column with its exact value and what it means. */
function columnLines(columns: readonly Column[], { row }: Details, { width, intervalS }: {
  width: number;
  intervalS: number;
}): DetailsLine[] {
  const indent = width >= 3 * DETAILS_NAME_WIDTH ? DETAILS_NAME_WIDTH : 0;
  return columns.flatMap((column): DetailsLine[] => {
    const { title: name, description } = column;
    const text = (row[column.key] ?? null) === null ? "unknown" : formatCell(column, row, intervalS);
    const beside = DETAILS_NAME_WIDTH + DETAILS_VALUE_WIDTH + displayWidth(description) <= width;
    if (beside && displayWidth(text) < DETAILS_VALUE_WIDTH) {
      return [{ kind: "value", name, text, note: description }];
    }
    const below = wrap(description, width - indent);
    return [
      ...value(name, text, width),
      ...below.map((line): DetailsLine => ({ kind: "note", text: " ".repeat(indent) + line })),
    ];
  });
}

/** Why a process has no other details, and how to get its parent. */
const UNREAD =
  "The process ended before ktop could read it from /proc: only the values of the row are known.";
const PARENT_ADVICE =
  "While a pane shows execsnoop, the command and the parent of short-lived processes are kept.";

/** The user as columns show it: `0(root)`. */
function userText({ uid, user }: ProcessDetails): string {
  return uid === null ? "unknown" : user === null ? String(uid) : `${uid}(${user})`;
}

/** The commands of the processes that it descends from, the nearest first, each in one line. */
function ancestorLines({ ancestors = [] }: Watched, width: number): DetailsLine[] {
  const room = Math.max(1, width - DETAILS_NAME_WIDTH);
  return ancestors.flatMap(({ pid, comm, command }, i) => {
    const text = `${pid} ${command === "" ? comm : command}`;
    const shown = displayWidth(text) > room ? `${take(text, Math.max(1, room - CUT.length))}${CUT}` : text;
    return value(i === 0 ? "Started by" : "", shown, width);
  });
}

const limitText = (limit: number | null, show: (limit: number) => string): string =>
  limit === null ? "unlimited" : show(limit);

/** The limits that are known; empty: none is. */
function limitsText({ memoryBytes, cpus, pids }: CgroupDetails["limits"]): string {
  return [
    ...(memoryBytes === undefined ? [] : [`memory ${limitText(memoryBytes, humanBytes)}`]),
    ...(cpus === undefined
      ? []
      : [`CPUs ${limitText(cpus, (limit) => String(Math.round(limit * 100) / 100))}`]),
    ...(pids === undefined ? [] : [`processes ${limitText(pids, String)}`]),
  ].join(", ");
}

/** Columns whose values are among the lines of the cgroup. */
const IN_CGROUP_LINES: readonly string[] = ["cgroup_id", "container", "unit"];

function cgroupLines(watched: Watched | null, details: Details, width: number): DetailsLine[] {
  if (!watched?.cgroup || watched.id !== processOfDetails(details)) return [];
  const { cgroups = 1 } = details.group ?? {};
  const { path, name, containerId, image, unit, pod, limits } = watched.cgroup;
  const named = (title: string, text: string | undefined): DetailsLine[] =>
    text === undefined || text === "" ? [] : value(title, text, width);
  return [
    ...heading(
      containerId === undefined ? "Cgroup" : "Container",
      cgroups > 1 ? `one of the ${cgroups} cgroups of the group` : "",
    ),
    ...(name === path ? [] : value("Name", name, width)),
    ...named("ID", containerId),
    ...named("Image", image),
    ...named("Pod", pod),
    ...named("Unit", unit),
    ...value("Path", path, width),
    ...named("Limits", limitsText(limits)),
  ];
}

/** What a row has of its process, which had ended before it could be read from /proc. */
function unreadLines(row: Row, id: number, width: number): DetailsLine[] {
  const { comm, ppid, parent_comm } = row;
  const isKnown = typeof ppid === "number";
  return [
    ...value("PID", `${id} ${comm ?? ""}`.trimEnd(), width),
    ...value("Parent", isKnown ? `${ppid} ${parent_comm ?? ""}`.trimEnd() : "unknown", width),
    { kind: "note", text: "" },
    ...wrap(isKnown ? UNREAD : `${UNREAD} ${PARENT_ADVICE}`, width).map((text): DetailsLine => ({
      kind: "note",
      text,
    })),
  ];
}

function processLines(watched: Watched | null, { row }: Details, width: number): DetailsLine[] {
  const id = processOf(row);
  if (id === null || watched?.id !== id) return [];
  const { details, ended, end, unlisted } = watched;
  const lines = heading(
    "Process",
    unlisted ? "outside this pid namespace: /proc does not list it" : ended ? "ended" : "",
  );
  if (details === null) {
    return [...lines, ...(ended ? unreadLines(row, id, width) : value("PID", String(id), width))];
  }
  const { pid, comm, command, parent, startedMs } = details;
  const cgroup = watched.cgroup
    ? []
    : value("Cgroup", details.cgroup === "" ? "unknown" : details.cgroup, width);
  return [
    ...lines,
    ...value("PID", `${pid} ${comm}`, width),
    ...value(
      "Command",
      command === "" ? "none: a kernel thread, or a process that has cleared it" : command,
      width,
    ),
    ...value("Parent", parent ? `${parent.pid} ${parent.comm}`.trimEnd() : "unknown", width),
    ...ancestorLines(watched, width),
    ...value("User", userText(details), width),
    ...cgroup,
    ...value(
      "Started",
      startedMs === null ? "unknown" : `${localDate(startedMs)} ${clockTime(startedMs)}`,
      width,
    ),
    ...(end ? value("Ended", `between ${clockTime(end.afterMs)} and ${clockTime(end.beforeMs)}`, width) : []),
  ];
}

/** Columns with a graph: numbers that count or measure. */
const isMeasure = ({ unit }: Column): boolean => UNITS[unit].kind === "number";

function timeLines(tool: ToolModel, details: Details): DetailsLine[] {
  const rows = rowsOverTime(details, tool);
  if (rows.length === 0) return [];
  const note = tool.tool.view === "table"
    ? `${counted(rows.length, "interval")}, with the history${details.present ? "" : "; not in the last one"}`
    : `${rows.length === 1 ? "the only event kept" : `the last ${rows.length} events`} of the same ${
      relatedBy(details.row) === "tid" ? "thread" : "process"
    }`;
  const newest = tool.tool.view === "table" ? tool.tickCount : rows.length;
  const graphs = tool.tool.columns.filter(isMeasure).filter(({ key }) => key !== "time_s").map(
    (column): DetailsLine => {
      const values = rows.map((row) => Number(row?.[column.key] ?? NaN));
      const known = values.filter((value) => !Number.isNaN(value));
      const show = (value: number | undefined): string =>
        formatValue(column, value ?? null, tool.tick?.intervalS ?? 1, 7);
      const last = rows.at(-1)?.[column.key];
      const most = known.length === 0 ? undefined : Math.max(...known);
      const text = `${show(typeof last === "number" ? last : undefined)}, max ${show(most)}`;
      return { kind: "graph", name: column.title, text, values, newest };
    },
  );
  return graphs.length === 0 ? [] : [...heading("Over time", note), ...graphs];
}

/** The lines of the details, broken for a width. */
export function detailsLines(
  details: Details,
  { tool, watched }: { tool: ToolModel; watched: Watched | null },
  width: number,
): DetailsLine[] {
  const cgroup = cgroupLines(watched, details, width);
  const columns = tool.tool.columns.filter(({ key }) =>
    cgroup.length === 0 || key === details.group?.by.key || !IN_CGROUP_LINES.includes(key)
  );
  // Long values, which the pane cuts, come first.
  const texts = columns.filter(({ unit }) => UNITS[unit].kind === "text");
  const others = columns.filter(({ unit }) => UNITS[unit].kind !== "text");
  const intervalS = tool.tick?.intervalS ?? 1;
  return [
    ...heading(
      details.group ? `${tool.tool.name}, by ${details.group.by.title}` : tool.tool.name,
      tool.tool.view === "table" && !details.present ? "not in the last interval" : "",
    ).slice(1),
    ...columnLines([...texts, ...others], details, { width, intervalS }),
    ...cgroup,
    ...processLines(watched, details, width),
    ...timeLines(tool, details),
  ];
}
