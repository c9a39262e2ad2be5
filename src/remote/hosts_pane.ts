/**
 * The pane of the hosts: the state of each, what it sends, and what is missing of it.
 *
 * @module
 */
import {
  type Column,
  type HostStatus,
  makeTick,
  type Row,
  type Tick,
  type ToolInfo,
  type ToolState,
} from "../model/mod.ts";
import { hostColumn, type HostPart } from "./merge.ts";

/** Name of the pane. */
export const HOSTS_PANE = "hosts";

const COLUMNS: readonly Column[] = [
  {
    key: "state",
    title: "STATE",
    description:
      "running; stalled: its last tick is older than 2 s and 2.5 intervals; lost: ktop reconnects; failed: it does not.",
    unit: "text",
    width: 10,
    align: "left",
    priority: 3,
  },
  {
    key: "age_s",
    title: "AGE(s)",
    description: "Seconds since its last tick arrived.",
    unit: "count",
    decimals: 0,
    adds: false,
    gauge: true,
    width: 6,
    align: "right",
    priority: 2,
  },
  {
    key: "bytes_per_s",
    title: "KB/s",
    description: "KiB received per second.",
    unit: "kb",
    gauge: true,
    width: 7,
    align: "right",
    priority: 2,
  },
  {
    key: "load",
    title: "LOAD",
    description: "Load average over one minute.",
    unit: "count",
    decimals: 2,
    gauge: true,
    width: 6,
    align: "right",
    shown: "wide",
  },
  {
    key: "dropped_ticks",
    title: "DROPPED",
    description: "Ticks that were dropped, because they came faster than they could be shown.",
    unit: "count",
    gauge: true,
    width: 7,
    align: "right",
  },
  {
    key: "lost_connections",
    title: "LOST",
    description: "Connections that were lost.",
    unit: "count",
    gauge: true,
    width: 4,
    align: "right",
  },
  {
    key: "kernel",
    title: "KERNEL",
    description: "Kernel release.",
    unit: "text",
    width: 16,
    align: "left",
    shown: "wide",
    priority: -1,
  },
  {
    key: "message",
    title: "MESSAGE",
    description: "Why it is lost or failed, and when ktop reconnects.",
    unit: "text",
    width: 24,
    align: "left",
    priority: 1,
  },
];

/** The pane of hosts with these names. */
export const hostsPane = (names: readonly string[]): ToolInfo => ({
  name: HOSTS_PANE,
  summary: "state of the hosts, bytes received from each, and what is missing",
  view: "table",
  columns: [{ ...hostColumn(names), priority: 4 }, ...COLUMNS],
  flags: [],
  graph: ["bytes_per_s"],
  caveats: {},
});

/** A host, and what its last tick has of the machine. */
export interface ShownHost {
  readonly status: HostStatus;
  readonly kernel: string | null;
  readonly last: HostPart["tick"]["host"] | null;
}

/** The state of the pane itself. */
export const HOSTS_STATE: ToolState = { kind: "running", tier: "ssh", missing: [] };

/** Why a host is lost or failed, and when ktop reconnects; empty if it is neither. */
export function failureMessage({ reason, retryS }: Pick<HostStatus, "reason" | "retryS">): string {
  return reason === "" || retryS === null ? reason : `${reason}; reconnecting in ${Math.ceil(retryS)} s`;
}

function rowOf({ status, kernel, last }: ShownHost): Row {
  const { name, state, ageS, bytesPerS, droppedTicks, lostConnections } = status;
  return {
    host: name,
    state,
    age_s: ageS === null ? null : Math.floor(ageS),
    bytes_per_s: Math.round(bytesPerS),
    load: last?.load[0] ?? null,
    dropped_ticks: droppedTicks,
    lost_connections: lostConnections,
    kernel,
    message: failureMessage(status),
  };
}

/** The tick of the pane: a row for each host, in the order of the command line. */
export function hostsTick(hosts: readonly ShownHost[], time: number, intervalS: number): Tick {
  return makeTick({ name: HOSTS_PANE }, { time, intervalS, tier: "ssh" }, { rows: hosts.map(rowOf) });
}
