/**
 * tcpconnect: active TCP connections with result and latency, like BCC's tcpconnect. Source: bpf/tcpconnect/tcpconnect.bpf.c.
 *
 * @module
 */
import type { Column, Row } from "../../model/mod.ts";
import { withSwitched } from "../lib/columns_for.ts";
import { COMM, PID, TID, TIME_BESIDE_S, TIME_S, UID } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants, UID_FLAG, withUser } from "../lib/filter.ts";
import { tracepoints } from "../lib/hooks.ts";
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
import { userName, WHO_BESIDE_UID, whoOf } from "../lib/who.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { TcpconnectEvent } from "./layout.gen.ts";

const COLUMNS: readonly Column[] = [
  {
    ...TIME_S,
    description: "When the connect ended, in seconds since the tool was first started.",
    shown: "data",
  },
  { ...TIME_BESIDE_S, description: "When the connect ended." },
  { ...UID, shown: "data" },
  { ...PID, description: "Process that connected." },
  { ...TID, description: "Thread that connected.", shown: "data" },
  { ...COMM, description: "Name of that thread.", priority: 2 },
  IP,
  addressColumn({
    key: "saddr",
    title: "SADDR",
    description: "Local address.",
    priority: -2,
  }),
  {
    ...portColumn({
      key: "lport",
      title: "LPORT",
      description: "Local port; unknown if none was free.",
      priority: -2,
    }),
    shown: "data",
  },
  addressColumn({ key: "daddr", title: "DADDR", description: "Remote address.", priority: 4 }),
  portColumn({ key: "dport", title: "DPORT", description: "Remote port.", priority: 3 }),
  {
    key: "ret",
    title: "RET",
    description:
      "Result: 0, or a negative error number; unknown if the caller closed the socket before an answer, or no " +
      "local port was free.",
    unit: "id",
    names: "result",
    width: 12,
    priority: 1,
    align: "right",
  },
  {
    key: "lat_ms",
    title: "LAT(ms)",
    description: "Milliseconds from just before the first SYN to the result.",
    unit: "ms",
    peak: "latency",
    width: 9,
    align: "right",
  },
  ...WHO_BESIDE_UID,
];

/** TCPCONNECT_UNKNOWN of bpf/tcpconnect/tcpconnect.h. */
const UNKNOWN = 1;

const NAMES = ["inet_sock_set_state"];

/** Makes the row of an event. */
export const readEvent: ReadEvent<TcpconnectEvent> = (event, clock) => {
  const { daddr, lport, ret } = event;
  return {
    time_s: clock.seconds(event.time_ns),
    time: clock.iso(event.time_ns),
    pid: event.pid,
    tid: event.tid,
    comm: event.comm,
    ...whoOf(event, event.pid),
    uid_name: userName(event.uid),
    ip: ipVersion(daddr),
    saddr: addressText(event.saddr),
    lport: lport === 0 ? null : lport,
    daddr: addressText(daddr),
    dport: event.dport,
    ret: ret === UNKNOWN ? null : ret,
    lat_ms: event.lat_ns / 1e6,
  };
};

function configure(options: ToolOptions): Constants {
  const { filters, flags: { uid } } = options;
  return {
    ...filterConstants(withUser(filters, uid)),
    ...tcpConstants(options),
  };
}

export const tcpconnect: Tool<readonly Row[]> = {
  name: "tcpconnect",
  summary: "active TCP connections, with result and latency",
  searchWords:
    "network connect connection refused timeout slow socket port remote address econnrefused etimedout",
  examples: [
    {
      question: "Which connections of this server fail, or take long?",
      command: "ktop tcpconnect -t",
      look:
        "RET is ECONNREFUSED if nothing listens at DADDR and DPORT, ETIMEDOUT without an answer. A LAT(ms) of 1000 and " +
        "more: the first SYN was lost.",
    },
    {
      question: "Which addresses does a program connect to?",
      command: "ktop tcpconnect -c --comm nginx 10",
      look: "EVENTS counts the connections to each DADDR.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor: ({ flags }) =>
    withSwitched(COLUMNS, flags, { time_s: "timestamp", lport: "lport", uid: "print-uid" }),
  flags: [
    { name: "timestamp", letter: "t", kind: "switch", description: "show the seconds since the start" },
    portsFlag("remote"),
    ...IP_FLAGS,
    { name: "lport", letter: "L", kind: "switch", description: "show the local port" },
    { name: "print-uid", letter: "U", kind: "switch", description: "show the user id" },
    UID_FLAG,
    {
      name: "count-addresses",
      letter: "c",
      kind: "switch",
      sameAs: { by: "daddr" },
      description: "count the connections to each address: same as --by daddr",
    },
  ],
  graph: [],
  hooks: [{
    name: NAMES[0]!,
    tiers: { tracepoint: [tracepoints("btf", NAMES), tracepoints("raw", NAMES)] },
  }],
  caveats: {
    tracepoint:
      "reports a connect when it ends; does not see those that fail before TCP starts: no route, an invalid address",
  },
  configure,
  sampler: (attached) => eventSampler(attached, TcpconnectEvent, readEvent),
  derive: eventRows,
};
