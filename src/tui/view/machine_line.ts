/**
 * The second line of the header: load, pressure, network and disks of the whole machine.
 *
 * @module
 */
import type { HostInfo, Pressure, Stall, Traffic } from "../../model/mod.ts";
import { escapeText, humanBytes, shortNumber, truncate } from "../../text/mod.ts";
import { type Line, Style } from "../canvas/mod.ts";
import type { Screen } from "../layout/mod.ts";
import { fitting, type Group, groupWidth, putGroup } from "./runs.ts";
import type { Symbols } from "./symbols.ts";

const GAP = 2;
/** Cells before the first group. */
const INDENT = 1;

/** A value with its name before it. */
export const named = (name: string, value: string): Group => [
  { text: `${name} `, style: Style.barDim },
  { text: value, style: Style.bar },
];

/** The load averages. */
export const loadGroup = ({ load }: HostInfo): Group =>
  named("load", load.map((average) => average.toFixed(2)).join(" "));

/** Runnable and existing tasks. */
export const tasksGroup = ({ tasks }: HostInfo): Group => named("tasks", `${tasks.running}/${tasks.total}`);

/** A load average in at most four characters below 10,000. */
function shortLoad(load: number): string {
  const digits = load < 9.995 ? 2 : load < 99.95 ? 1 : 0;
  return load.toFixed(digits);
}

/** A percentage without decimals. */
const wholeNumber = (value: number): string => value > 0 && value < 1 ? "<1" : String(Math.round(value));

/** Bytes per second received and sent, or read and written; a dash until the first interval has ended. */
const rates = (traffic: Traffic | null): readonly [string, string] =>
  traffic === null
    ? ["-", "-"]
    : [humanBytes(traffic.inBytes / traffic.intervalS), humanBytes(traffic.outBytes / traffic.intervalS)];

const stallText = ({ some, full }: Stall, text: (value: number) => string): string =>
  full === null ? `${text(some)}%` : `${text(some)}/${text(full)}%`;

/** Names of the resources on the line. */
const RESOURCES = [["cpu", "cpu"], ["io", "io"], ["memory", "mem"]] as const;

function pressureGroup(name: string, pressure: Pressure, number: (value: number) => string): Group {
  const stalls = RESOURCES.flatMap(([resource, short]): Group => {
    const stall = pressure[resource];
    return stall === undefined ? [] : [
      { text: ` ${short} `, style: Style.barDim },
      { text: stallText(stall, number), style: Style.bar },
    ];
  });
  return [{ text: name, style: Style.barDim }, ...stalls];
}

/** Received and sent, or read and written, by the words after them; without words both numbers in one. */
function trafficGroup(
  name: string,
  traffic: Traffic | null,
  words: readonly [string, string] | null,
): Group {
  const [first, second] = rates(traffic);
  if (words === null) return named(name, `${first}/${second}`);
  return [
    ...named(name, first),
    { text: ` ${words[0]} `, style: Style.barDim },
    { text: second, style: Style.bar },
    { text: ` ${words[1]}`, style: Style.barDim },
  ];
}

type Part = "load" | "pressure" | "network" | "disks" | "tasks";

/** The parts as they follow each other on the line, and as they are left out: the last first. */
const ORDER: readonly Part[] = ["load", "pressure", "network", "disks", "tasks"];
const IMPORTANCE: readonly Part[] = ["pressure", "network", "disks", "load", "tasks"];

/**
 * Cells of the parts with short names, so that they keep their places while the figures change: as wide as "99/99%" and "999K/999K"
 * need. Together they fit into 80 columns.
 */
const SHORT_WIDTHS: Readonly<Partial<Record<Part, number>>> = {
  load: 9,
  pressure: 32,
  network: 15,
  disks: 16,
};

const padded = (group: Group, width: number): Group => {
  const blanks = width - groupWidth(group);
  return blanks > 0 ? [...group, { text: " ".repeat(blanks), style: Style.bar }] : group;
};

/** The parts that are measured, with long or short names. */
function partsOf(host: HostInfo, form: "long" | "short"): ReadonlyMap<Part, Group> {
  const isLong = form === "long";
  const { pressure, network, disks } = host;
  const parts: readonly (readonly [Part, Group | null | undefined])[] = [
    ["load", isLong ? loadGroup(host) : named("load", shortLoad(host.load[0]))],
    [
      "pressure",
      pressure &&
      (isLong
        ? pressureGroup("pressure", pressure, shortNumber)
        : pressureGroup("psi", pressure, wholeNumber)),
    ],
    [
      "network",
      network === undefined ? null : trafficGroup("net/s", network, isLong ? ["in", "out"] : null),
    ],
    [
      "disks",
      disks === undefined ? null : trafficGroup("disk/s", disks, isLong ? ["read", "write"] : null),
    ],
    ["tasks", tasksGroup(host)],
  ];
  const width = (part: Part): number => isLong ? 0 : SHORT_WIDTHS[part] ?? 0;
  return new Map(parts.flatMap(([part, group]) => group ? [[part, padded(group, width(part))]] : []));
}

/** The most important parts that fit. */
function fittingParts(parts: ReadonlyMap<Part, Group>, room: number): ReadonlySet<Group> {
  return new Set(fitting(
    IMPORTANCE.flatMap((part) => {
      const group = parts.get(part);
      return group ? [group] : [];
    }),
    room,
    GAP,
  ));
}

/** Puts the figures: with long names if everything but the tasks has room. */
function putFigures(line: Line, host: HostInfo): void {
  const room = line.width - 2 * INDENT;
  const long = partsOf(host, "long");
  const parts = fittingParts(long, room).size >= long.size - 1 ? long : partsOf(host, "short");
  const shown = fittingParts(parts, room);
  let x = INDENT;
  for (const part of ORDER) {
    const group = parts.get(part);
    if (group && shown.has(group)) x = putGroup(line, x, group) + GAP;
  }
}

/** Draws the line; a message for the header covers the figures. */
export function drawSecondLine(line: Line, { ui: { message }, shown }: Screen, { ellipsis }: Symbols): void {
  line.repeat(0x20, Style.bar, { from: 0, to: line.width });
  if (!message?.inHeader) return putFigures(line, shown.host);
  const text = truncate(escapeText(message.text), line.width - 2 * INDENT, ellipsis);
  line.put(INDENT, text, Style.barStrong);
}
