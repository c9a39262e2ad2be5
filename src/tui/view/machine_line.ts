/**
 * The second line of the header: load, pressure, network and disks of the whole machine.
 *
 * @module
 */
import type { HostInfo, Pressure, Stall, Traffic } from "../../model/mod.ts";
import { escapeText, humanBytes, shortNumber, truncate } from "../../text/mod.ts";
import { type Line, Style } from "../canvas/mod.ts";
import type { Screen } from "../layout/mod.ts";
import { fitting, type Group, putGroup } from "./runs.ts";
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

/** Bytes per second. */
const rate = (bytes: number, { intervalS }: Traffic): string => humanBytes(bytes / intervalS);

const stallText = ({ some, full }: Stall): string =>
  full === null ? `${shortNumber(some)}%` : `${shortNumber(some)}/${shortNumber(full)}%`;

/** Names of the resources on the line. */
const RESOURCES = [["cpu", "cpu"], ["io", "io"], ["memory", "mem"]] as const;

function pressureGroup(name: string, pressure: Pressure): Group {
  const stalls = RESOURCES.flatMap(([resource, short]): Group => {
    const stall = pressure[resource];
    return stall === undefined ? [] : [
      { text: ` ${short} `, style: Style.barDim },
      { text: stallText(stall), style: Style.bar },
    ];
  });
  return [{ text: name, style: Style.barDim }, ...stalls];
}

/** Received and sent, or read and written, by the words after them; without words both numbers in one. */
function trafficGroup(name: string, traffic: Traffic, words: readonly [string, string] | null): Group {
  const [first, second] = [rate(traffic.inBytes, traffic), rate(traffic.outBytes, traffic)];
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

/** The parts that are measured, with long or short names. */
function partsOf(host: HostInfo, form: "long" | "short"): ReadonlyMap<Part, Group> {
  const isLong = form === "long";
  const { pressure, network, disks } = host;
  const parts: readonly (readonly [Part, Group | null | undefined])[] = [
    ["load", isLong ? loadGroup(host) : named("load", host.load[0].toFixed(2))],
    ["pressure", pressure && pressureGroup(isLong ? "pressure" : "psi", pressure)],
    ["network", network && trafficGroup("net/s", network, isLong ? ["in", "out"] : null)],
    ["disks", disks && trafficGroup("disk/s", disks, isLong ? ["read", "write"] : null)],
    ["tasks", tasksGroup(host)],
  ];
  return new Map(parts.flatMap(([part, group]) => group ? [[part, group]] : []));
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
