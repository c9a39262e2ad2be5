/**
 * The first line: the machine's name, the clock, and what ktop itself costs.
 *
 * @module
 */
import type { HostStatus, Model } from "../../model/mod.ts";
import { clockTime, displayWidth, humanBytes, humanDuration, humanMinutes } from "../../text/mod.ts";
import { type Line, Style } from "../canvas/mod.ts";
import type { Screen } from "../layout/mod.ts";
import type { Ui } from "../state/mod.ts";
import {
  breadcrumb,
  clockText,
  commandBanner,
  hostGroups,
  pivotBanner,
  replayGroups,
  restrictionBanner,
} from "./banners.ts";
import { loadGroup, named, tasksGroup } from "./machine_line.ts";
import { fitting, type Group, groupWidth, putGroup } from "./runs.ts";
import type { Symbols } from "./symbols.ts";

const GAP = 2;

/** The parts that describe the machine. */
interface MachineGroups extends Record<"host" | "kernel", Group> {
  readonly up?: Group;
  readonly load?: Group;
  readonly tasks?: Group;
}

/** A replay and a host are known by name before their first tick, and all figures only then. */
const isBeforeFirstTick = ({ replay, hosts, snapshots }: Model): boolean =>
  replay?.position === 0 || (hosts !== undefined && snapshots.length === 0);

const isOfSeveral = ({ hosts = [] }: Model): boolean => hosts.length > 1;

/** The machine's parts of the line; `load` and `tasks` only if no second line has them. */
function machine(model: Model, hasSecondLine: boolean): MachineGroups {
  const { host } = model;
  const names = {
    host: [{ text: host.host, style: Style.barStrong }],
    kernel: [{ text: host.kernel, style: Style.bar }],
  };
  if (isBeforeFirstTick(model)) return names;
  return {
    ...names,
    ...(isOfSeveral(model) ? {} : { up: named("up", humanMinutes(host.uptimeS)) }),
    ...(hasSecondLine ? {} : { load: loadGroup(host), tasks: tasksGroup(host) }),
  };
}

/** Seconds without needless digits: 1, 0.3, 3600. */
const seconds = (value: number): string => `${Math.round(value * 10) / 10}s`;

/** A group with blanks before it. */
function wide(group: Group, width: number): Group {
  const blanks = Math.max(0, width - groupWidth(group));
  return [{ text: " ".repeat(blanks), style: Style.bar }, ...group];
}

/** Cells of ktop's own cost, "self 99.9ms/s 999M", so that the line keeps its parts while the cost changes. */
const SELF_WIDTH = 18;

function selfGroup({ cpuMsPerS, rssBytes }: Model["self"]): Group {
  const cpu = cpuMsPerS === null ? "" : `${cpuMsPerS.toFixed(1)}ms/s `;
  return wide(named("self", `${cpu}${humanBytes(rssBytes)}`), SELF_WIDTH);
}

/** Cells of what hosts send, "ssh 99.9K/s". */
const SSH_WIDTH = 11;

function sshGroup(hosts: readonly HostStatus[]): Group {
  const bytes = hosts.reduce((sum, { bytesPerS }) => sum + bytesPerS, 0);
  return wide(named("ssh", `${humanBytes(bytes)}/s`), SSH_WIDTH);
}

function running(model: Model, clock: string): Group[] {
  const { self, intervalS, hosts } = model;
  const { probesMsPerS: probes, mapBytes } = self;
  const memory = typeof mapBytes === "number" ? ` ${humanBytes(mapBytes)}` : "";
  return [
    [{ text: clock, style: Style.barStrong }],
    named("every", seconds(intervalS)),
    ...(hosts ? [sshGroup(hosts)] : []),
    ...(isBeforeFirstTick(model) ? [] : [selfGroup(self)]),
    ...(typeof probes === "number" ? [named("probes", `${probes.toFixed(1)}ms/s${memory}`)] : []),
  ];
}

/** PAUSED, with the age of the shown snapshot and, if there is room, its clock time. */
function banner({ paused }: Ui, model: Model, width: number): Group[] {
  if (paused === null) return replayGroups(model, width);
  const seconds = Math.round((model.time - paused.time) / 1000);
  const age = seconds > 0 ? ` -${humanDuration(seconds)}` : "";
  const full = ` PAUSED${age} ${clockTime(paused.time)} `;
  return [[{ text: displayWidth(full) <= width ? full : ` PAUSED${age} `, style: Style.banner }]];
}

/** Cells that groups take at an end of the line, including the gaps to the rest. */
const barWidth = (groups: readonly Group[]): number =>
  groups.reduce((sum, group) => sum + groupWidth(group) + GAP, 0);

/** Draws the header. If there is no room, the least important parts are left out. */
export function drawHeaderLine(line: Line, screen: Screen, { ellipsis }: Symbols): void {
  const { model, ui, shown } = screen;
  line.repeat(0x20, Style.bar, { from: 0, to: line.width });
  const brand: Group = [{ text: " ktop ", style: Style.brand }];
  const start = groupWidth(brand) + 1;
  const said = [
    ...banner(ui, model, line.width),
    ...hostGroups(model),
    ...commandBanner(model, { ellipsis }),
  ];
  const stateRoom = line.width - barWidth(said);
  const process = pivotBanner(screen, ui.scopes.length > 0 ? Math.floor(stateRoom / 2) : stateRoom);
  const path = breadcrumb(screen, process, { width: stateRoom, ellipsis });
  const state = [...path, ...said];
  const room = line.width - start - barWidth(state);
  const { host, up, kernel, load, tasks } = machine(shown, screen.headerHeight > 1);
  const arranged = (restriction: readonly Group[]) => {
    const banners = fitting([...state, ...restriction], line.width, GAP);
    const end = line.width - 1 - barWidth(banners);
    const clockRoom = end - start - groupWidth(host) - GAP;
    const [clock, ...costs] = running(model, clockText(model, { width: line.width, room: clockRoom }));
    const wanted = [host, clock, load, ...costs, up, kernel, tasks].filter((group) => group !== undefined);
    const fit = fitting(wanted, end - start, GAP);
    return { banners, end, right: [clock, ...costs], fit, spare: end - start - barWidth(fit) };
  };
  const first = arranged(restrictionBanner(model, { room, ellipsis }));
  const { banners, right, ...rest } = first.spare <= 0
    ? first
    : arranged(restrictionBanner(model, { room, ellipsis, spare: first.spare }));
  const fit = new Set(rest.fit);
  if (line.width >= start + barWidth(banners)) putGroup(line, 0, brand);
  let end = line.width - 1;
  for (const group of banners) {
    end -= groupWidth(group);
    putGroup(line, Math.max(0, end), group);
    end -= GAP;
  }
  for (const group of right) {
    if (!group || !fit.has(group)) continue;
    end -= groupWidth(group);
    putGroup(line, end, group);
    end -= GAP;
  }
  let x = start;
  for (const group of [host, kernel, up, load, tasks]) {
    if (group && fit.has(group)) x = putGroup(line, x, group) + GAP;
  }
}
