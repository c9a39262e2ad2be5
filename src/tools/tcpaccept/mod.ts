/**
 * tcpaccept: accepted TCP connections, like BCC's tcpaccept. Source: bpf/tcpaccept/tcpaccept.bpf.c.
 *
 * @module
 */
import type { Hook } from "../../bpf/mod.ts";
import type { Column, Row } from "../../model/mod.ts";
import { ACCEPT, acceptArguments } from "../lib/accept.ts";
import { withSwitched } from "../lib/columns_for.ts";
import { COMM, PID, TID, TIME_BESIDE_S, TIME_S } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants } from "../lib/filter.ts";
import {
  addressColumn,
  addressText,
  IP,
  IP_FLAGS,
  ipVersion,
  portColumn,
  portsFlag,
  tcpConstants,
} from "../lib/tcp.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Tool } from "../tool.ts";
import { TcpacceptEvent } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  { ...TIME_BESIDE_S, description: "When the connection was accepted." },
  {
    ...TIME_S,
    description: "When the connection was accepted, in seconds since the tool was first started.",
    shown: "data",
  },
  { ...PID, description: "Process that accepted it." },
  { ...TID, description: "Thread that accepted it.", shown: "data" },
  { ...COMM, description: "Name of that thread.", priority: 2 },
  IP,
  addressColumn({ key: "raddr", title: "RADDR", description: "Remote address.", priority: 4 }),
  portColumn({ key: "rport", title: "RPORT", description: "Remote port.", priority: -1 }),
  addressColumn({
    key: "laddr",
    title: "LADDR",
    description: "Local address.",
    priority: -2,
  }),
  portColumn({ key: "lport", title: "LPORT", description: "Local port.", priority: 3 }),
  ...WHO,
];

const HOOK: Hook = {
  name: "inet_csk_accept",
  tiers: { fentry: [ACCEPT.fentry], kprobe: [ACCEPT.kprobe], tracepoint: [ACCEPT.tracepoint] },
};

const WAITING = "does not see the next connection of a thread that waits in accept when ktop starts";

/** Makes the row of an event. */
export const readEvent: ReadEvent<TcpacceptEvent> = (event, clock) => {
  const { raddr } = event;
  return {
    time: clock.iso(event.time_ns),
    time_s: clock.seconds(event.time_ns),
    pid: event.pid,
    tid: event.tid,
    comm: event.comm,
    ...whoOf(event, event.pid),
    ip: ipVersion(raddr),
    raddr: addressText(raddr),
    rport: event.rport,
    laddr: addressText(event.laddr),
    lport: event.lport,
  };
};

export const tcpaccept: Tool<readonly Row[]> = {
  name: "tcpaccept",
  summary: "passive TCP connections that programs accept",
  searchWords: "network accept server client who connects listen socket port remote address",
  examples: [
    {
      question: "Who connects to this server?",
      command: "ktop tcpaccept --by raddr 10",
      look: "EVENTS counts the connections from each RADDR.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor: ({ flags }) => withSwitched(COLUMNS, flags, { time: "time", time_s: "timestamp" }),
  flags: [
    { name: "time", letter: "T", kind: "switch", description: "show the time of day" },
    { name: "timestamp", letter: "t", kind: "switch", description: "show the seconds since the start" },
    portsFlag("local"),
    ...IP_FLAGS,
  ],
  graph: [],
  hooks: [HOOK],
  caveats: {
    fentry: WAITING,
    kprobe: `${WAITING}; counts as lost what many waiting threads accept at once`,
    tracepoint:
      "does not see accepts by io_uring, of MPTCP, by the kernel itself (nfsd) and, on arm64, by 32-bit programs",
  },
  configure: (options) => ({ ...filterConstants(options.filters), ...tcpConstants(options) }),
  adapt: acceptArguments,
  sampler: (attached) => eventSampler(attached, TcpacceptEvent, readEvent),
  derive: eventRows,
};
