/**
 * tcpretrans: retransmissions of TCP, like BCC's tcpretrans. Source: bpf/tcpretrans/tcpretrans.bpf.c.
 *
 * @module
 */
import type { Hook, ProgramSet, VmlinuxBtf } from "../../bpf/mod.ts";
import type { Column, Row, TierName } from "../../model/mod.ts";
import { ACCEPT, acceptArguments } from "../lib/accept.ts";
import { withSwitched } from "../lib/columns_for.ts";
import { COMM, PID, TIME } from "../lib/event_columns.ts";
import { eventRows, eventSampler, type ReadEvent } from "../lib/events.ts";
import { filterConstants } from "../lib/filter.ts";
import { tracepoints } from "../lib/hooks.ts";
import { addressColumn, addressText, IP, IP_FLAGS, ipVersion, portColumn, tcpConstants } from "../lib/tcp.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Tool, ToolOptions } from "../tool.ts";
import { TcpretransEvent } from "./layout.gen.ts";

/** enum tcpretrans_type */
const LOSS_PROBE = 1, SYNACK = 2;

/** include/net/tcp_states.h, from 1. */
const STATES = [
  "ESTABLISHED",
  "SYN_SENT",
  "SYN_RECV",
  "FIN_WAIT1",
  "FIN_WAIT2",
  "TIME_WAIT",
  "CLOSE",
  "CLOSE_WAIT",
  "LAST_ACK",
  "LISTEN",
  "CLOSING",
  "NEW_SYN_RECV",
];

const COLUMNS: readonly Column[] = [
  { ...TIME, description: "When it was sent." },
  {
    ...PID,
    description:
      "Process that connected, accepted or listens, else the first that sent while ktop ran; unknown if there was none.",
  },
  { ...COMM, description: "Name of that process's thread.", priority: 2 },
  IP,
  addressColumn({ key: "laddr", title: "LADDR", description: "Local address.", priority: -3 }),
  portColumn({ key: "lport", title: "LPORT", description: "Local port.", priority: -1 }),
  {
    key: "type",
    title: "T",
    description: "R: a retransmission; with -l, L: a tail loss probe.",
    unit: "text",
    width: 1,
    priority: 0,
    align: "left",
  },
  addressColumn({ key: "raddr", title: "RADDR", description: "Remote address.", priority: 4 }),
  portColumn({ key: "rport", title: "RPORT", description: "Remote port.", priority: 3 }),
  {
    key: "state",
    title: "STATE",
    description: "State of the connection; NEW_SYN_RECV: its SYN-ACK was sent again.",
    unit: "text",
    width: 12,
    priority: 1,
    align: "left",
  },
  {
    key: "flow",
    title: "FLOW",
    description: "Both addresses and ports: what -c counts by.",
    unit: "text",
    width: 44,
    priority: -3,
    align: "left",
    shown: "data",
  },
  {
    key: "seq",
    title: "SEQ",
    description: "Sequence number of the first byte sent again; unknown for a SYN-ACK.",
    unit: "id",
    width: 10,
    priority: -2,
    align: "right",
    shown: "data",
  },
  {
    key: "segs",
    title: "SEGS",
    description: "Segments sent again, as RetransSegs in /proc/net/snmp counts them.",
    unit: "count",
    width: 5,
    priority: -1,
    align: "right",
    shown: "data",
  },
  ...WHO,
];

const RETRANSMIT = "tcp_retransmit_skb";

/** The programs of a tier; those that note the owner at the first use of a connection are left out where the kernel has no such hook. */
function programs(tier: TierName): readonly ProgramSet[] {
  const accept = ACCEPT[tier];
  return (["btf", "raw"] as const).map((kind) => ({
    ...accept,
    all: [
      ...tracepoints(kind, [RETRANSMIT, "tcp_retransmit_synack", "inet_sock_set_state"]).all,
      ...accept.all,
      ...(tier === "tracepoint" ? [] : [`tcp_sendmsg_enter__${tier}`]),
    ],
    ifPresent: tier === "tracepoint"
      ? tracepoints(kind, ["sock_send_length"]).all
      : [`tcp_sendpage_enter__${tier}`],
  }));
}

const HOOK: Hook = {
  name: RETRANSMIT,
  tiers: { fentry: programs("fentry"), kprobe: programs("kprobe"), tracepoint: programs("tracepoint") },
};

const FAILED =
  "on kernels that do not report errors (before 6.18) does not see retransmissions that fail locally";

const withPort = (address: string, port: number): string =>
  address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;

/** Makes the rows of events. `probes`: tail loss probes have a letter. */
export const eventReader = (probes: boolean): ReadEvent<TcpretransEvent> => (event, clock) => {
  const { pid, type, lport, rport } = event;
  const laddr = addressText(event.laddr), raddr = addressText(event.raddr);
  return {
    time: clock.iso(event.time_ns),
    pid: pid === 0 ? null : pid,
    comm: pid === 0 ? null : event.comm,
    ...whoOf(event, event.pid),
    ip: ipVersion(event.raddr),
    laddr,
    lport,
    type: probes && type === LOSS_PROBE ? "L" : "R",
    raddr,
    rport,
    state: STATES[event.state - 1] ?? null,
    flow: `${withPort(laddr, lport)} ${withPort(raddr, rport)}`,
    seq: type === SYNACK ? null : event.seq,
    segs: event.segs,
  };
};

/** Newer kernels pass the error as a third argument. The type of the tracepoint's function has one parameter more, the context. */
const retransmitArguments = (types: VmlinuxBtf): Constants => ({
  has_error: types.parameterCount(`btf_trace_${RETRANSMIT}`) === 4,
});

const showsProbes = ({ flags }: ToolOptions): boolean => flags["loss-probes"] === true;

export const tcpretrans: Tool<readonly Row[]> = {
  name: "tcpretrans",
  summary: "TCP retransmissions, with connection and process",
  searchWords: "network packet loss retransmit slow lost segments resend congestion drop",
  examples: [
    {
      question: "Which connections lose packets?",
      command: "ktop tcpretrans -c 10",
      look:
        "EVENTS counts the retransmissions of each FLOW. Many to one network: its path loses packets. STATE SYN_SENT: " +
        "the other end does not answer.",
    },
  ],
  view: "events",
  columns: COLUMNS,
  columnsFor: ({ flags }) => withSwitched(COLUMNS, flags, { seq: "sequence" }),
  flags: [
    {
      name: "loss-probes",
      letter: "l",
      kind: "switch",
      description: "show tail loss probes as L, not as R",
    },
    { name: "sequence", letter: "s", kind: "switch", description: "show sequence numbers" },
    {
      name: "count-flows",
      letter: "c",
      kind: "switch",
      sameAs: { by: "flow" },
      description: "count the retransmissions of each connection: same as --by flow",
    },
    ...IP_FLAGS,
  ],
  graph: [],
  hooks: [HOOK],
  caveats: {
    fentry: FAILED,
    kprobe: FAILED,
    tracepoint: `${FAILED}; before 6.3 does not know the owner of connections made before ktop started`,
  },
  configure: (options) => ({ ...filterConstants(options.filters), ...tcpConstants(options) }),
  adapt: (types) => ({ ...acceptArguments(types), ...retransmitArguments(types) }),
  sampler: (attached, options) => eventSampler(attached, TcpretransEvent, eventReader(showsProbes(options))),
  derive: eventRows,
};
