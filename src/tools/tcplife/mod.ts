/**
 * tcplife: closed TCP connections with lifetime and bytes, like BCC's tcplife. Source: bpf/tcplife/tcplife.bpf.c.
 *
 * @module
 */
import type { Hook, ProgramSet } from "../../bpf/mod.ts";
import type { Column, Row, TierName } from "../../model/mod.ts";
import { ACCEPT, acceptArguments } from "../lib/accept.ts";
import { withSwitched } from "../lib/columns_for.ts";
import { COMM, PID, TIME_BESIDE_S, TIME_S } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants } from "../lib/filter.ts";
import { tracepoints } from "../lib/hooks.ts";
import {
  addressColumn,
  addressText,
  IP,
  IP_FLAGS,
  ipVersion,
  parsePorts,
  portColumn,
  portsFlag,
  tcpConstants,
  withWideAddresses,
} from "../lib/tcp.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { TcplifeEvent } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  { ...TIME_BESIDE_S, description: "When the connection was closed." },
  {
    ...TIME_S,
    description: "When the connection was closed, in seconds since the tool was first started.",
    shown: "data",
  },
  {
    ...PID,
    description:
      "Process that connected or accepted, or else closed; unknown if none of these was seen before the other end reset the connection.",
  },
  { ...COMM, description: "Name of the thread that did so.", priority: 2 },
  { ...IP, shown: "data" },
  addressColumn({ key: "laddr", title: "LADDR", description: "Local address.", priority: -3 }),
  portColumn({ key: "lport", title: "LPORT", description: "Local port.", priority: -1 }),
  addressColumn({ key: "raddr", title: "RADDR", description: "Remote address.", priority: 1 }),
  portColumn({ key: "rport", title: "RPORT", description: "Remote port.", priority: 0 }),
  {
    key: "tx_bytes",
    title: "TX_KB",
    description: "Bytes of data that the other end acknowledged; text shows KiB.",
    unit: "kb",
    width: 8,
    minWidth: 6,
    priority: 2,
    align: "right",
  },
  {
    key: "rx_bytes",
    title: "RX_KB",
    description: "Bytes of data that were received; text shows KiB.",
    unit: "kb",
    width: 8,
    minWidth: 6,
    priority: 2,
    align: "right",
  },
  {
    key: "life_ms",
    title: "MS",
    description: "Milliseconds from the establishment of the connection to its close.",
    unit: "ms",
    width: 10,
    minWidth: 9,
    priority: 3,
    align: "right",
  },
  ...WHO,
];

const STATES = ["inet_sock_set_state"];

/** The programs of a tier: those on the tracepoint, as tp_btf or else as a raw tracepoint, and those on accept. */
function programs(tier: TierName): readonly ProgramSet[] {
  const accept = ACCEPT[tier];
  return (["btf", "raw"] as const).map((kind) => ({
    ...accept,
    all: [...tracepoints(kind, STATES).all, ...accept.all],
  }));
}

const HOOK: Hook = {
  name: STATES[0]!,
  tiers: { fentry: programs("fentry"), kprobe: programs("kprobe"), tracepoint: programs("tracepoint") },
};

const UNSEEN =
  "does not report connections that were open when ktop started, nor those that were never established";

/** Makes the row of an event. */
export const readEvent: ReadEvent<TcplifeEvent> = (event, clock) => {
  const { raddr, pid } = event;
  return {
    time: clock.iso(event.time_ns),
    time_s: clock.seconds(event.time_ns),
    pid: pid === 0 ? null : pid,
    comm: pid === 0 ? null : event.comm,
    ...whoOf(event, event.pid),
    ip: ipVersion(raddr),
    laddr: addressText(event.laddr),
    lport: event.lport,
    raddr: addressText(raddr),
    rport: event.rport,
    tx_bytes: event.tx_bytes,
    rx_bytes: event.rx_bytes,
    life_ms: event.life_ns / 1e6,
  };
};

const LOCAL = { name: "local-ports", letter: "L" }, REMOTE = { name: "remote-ports", letter: "D" };

function configure(options: ToolOptions): Constants {
  const { filters, flags } = options;
  const remote = flags[REMOTE.name], local = flags[LOCAL.name];
  return {
    ...filterConstants(filters),
    ...tcpConstants(options),
    ...(typeof local === "string"
      ? { filter_ports_on: true, filter_ports: parsePorts(local, LOCAL.name) }
      : {}),
    ...(typeof remote === "string"
      ? { filter_remote_ports_on: true, filter_remote_ports: parsePorts(remote, REMOTE.name) }
      : {}),
  };
}

function columnsFor({ flags }: ToolOptions): readonly Column[] {
  const columns = withSwitched(COLUMNS, flags, { time: "time", time_s: "timestamp", ip: "wide" });
  return flags.wide === true ? withWideAddresses(columns) : columns;
}

export const tcplife: Tool<readonly Row[]> = {
  name: "tcplife",
  summary: "closed TCP connections, with lifetime and bytes",
  searchWords: "network session duration socket port remote address bytes lifespan short-lived",
  examples: [
    {
      question: "Which connections of a server are short, or move much?",
      command: "ktop tcplife -L 443 --by raddr 10",
      look:
        "EVENTS counts the connections of each RADDR: many with a small MS should be kept open. TX_KB and RX_KB " +
        "are what this server sent and received.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor,
  flags: [
    { name: "time", letter: "T", kind: "switch", description: "show the time of day" },
    { name: "timestamp", letter: "t", kind: "switch", description: "show the seconds since the start" },
    { name: "wide", letter: "w", kind: "switch", description: "columns as wide as IPv6 addresses, and IP" },
    portsFlag("local", LOCAL),
    portsFlag("remote", REMOTE),
    ...IP_FLAGS,
  ],
  graph: [],
  hooks: [HOOK],
  caveats: {
    fentry: UNSEEN,
    kprobe: `${UNSEEN}; what many waiting threads accept at once is attributed to the process that closes it`,
    tracepoint: `${UNSEEN}; attributes what io_uring accepts to the process that closes it`,
  },
  configure,
  adapt: acceptArguments,
  sampler: (attached) => eventSampler(attached, TcplifeEvent, readEvent),
  derive: eventRows,
};
