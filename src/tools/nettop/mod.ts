/**
 * nettop: bytes of TCP and UDP by process and connection, like BCC's tcptop. Source: bpf/nettop/nettop.bpf.c.
 *
 * @module
 */
import type { Attached, Hook, VmlinuxBtf } from "../../bpf/mod.ts";
import { UsageError } from "../../errors.ts";
import type { Column, Row, TierName } from "../../model/mod.ts";
import { DoubleHash } from "../lib/double_hash.ts";
import { COMM, PID } from "../lib/file_columns.ts";
import { ROWS } from "../lib/file_io.ts";
import { filterConstants } from "../lib/filter.ts";
import { callPrograms } from "../lib/hooks.ts";
import { mapEntries } from "../lib/maps.ts";
import { addressColumn, addressText, IP, IP_FLAGS, ipVersion, portColumn, tcpConstants } from "../lib/tcp.ts";
import { WHO, whoOf } from "../lib/who.ts";
import type { Constants, Sampler, Tool, ToolOptions } from "../tool.ts";
import { NettopKey, NettopValue } from "./layout.gen.ts";

/** include/uapi/linux/in.h */
const IPPROTO_TCP = 6, IPPROTO_UDP = 17;

const COLUMNS: readonly Column[] = [
  { ...PID, description: "Process that sent or received." },
  { ...COMM, description: "Name of its main thread.", priority: 2 },
  {
    key: "proto",
    title: "PROTO",
    description: "tcp or udp.",
    unit: "text",
    width: 5,
    priority: -2,
    align: "left",
  },
  { ...IP, description: "4 or 6; 4 also for IPv4 through an IPv6 socket that is connected.", shown: "data" },
  addressColumn({
    key: "laddr",
    title: "LADDR",
    description: "Local address; unknown for a UDP socket that is bound to all addresses.",
    priority: -3,
  }),
  portColumn({ key: "lport", title: "LPORT", description: "Local port.", priority: 0 }),
  addressColumn({
    key: "raddr",
    title: "RADDR",
    description: "Remote address; unknown for a UDP socket that is not connected.",
    priority: 1,
  }),
  portColumn({
    key: "rport",
    title: "RPORT",
    description: "Remote port; unknown for a UDP socket that is not connected.",
    priority: 0,
  }),
  {
    key: "rx_bytes",
    title: "RX_Kb",
    description: "Bytes that calls received in the interval; text shows KiB.",
    unit: "kb",
    width: 8,
    minWidth: 5,
    priority: 4,
    align: "right",
  },
  {
    key: "tx_bytes",
    title: "TX_Kb",
    description: "Bytes that calls sent in the interval; text shows KiB.",
    unit: "kb",
    width: 8,
    minWidth: 5,
    priority: 4,
    align: "right",
  },
  {
    key: "rx_calls",
    title: "RX",
    description: "Calls that received bytes or a datagram in the interval.",
    unit: "count",
    width: 7,
    align: "right",
    shown: "data",
  },
  {
    key: "tx_calls",
    title: "TX",
    description: "Calls that sent bytes or a datagram in the interval.",
    unit: "count",
    width: 7,
    align: "right",
    shown: "data",
  },
  ...WHO,
];

const SENDMSG = ["inet_sendmsg", "inet6_sendmsg"], RECVMSG = ["inet_recvmsg", "inet6_recvmsg"];

/** Programs at the end of functions, and on the kprobe tier also at their start. */
function endPrograms(tier: "fentry" | "kprobe", names: readonly string[]): string[] {
  return names.flatMap((name) => tier === "kprobe" ? callPrograms(name, tier) : [`${name}_exit__${tier}`]);
}

/** IPv6 may be missing or a module. */
function messageHook(
  name: "send" | "recv",
  [ipv4, ipv6]: readonly string[],
  olders: readonly string[],
): Hook {
  const functions = (tier: "fentry" | "kprobe") => ({
    all: endPrograms(tier, [ipv4!]),
    ifPresent: [...endPrograms(tier, [ipv6!]), ...olders.flatMap((older) => callPrograms(older, tier))],
  });
  const length = (kind: string) => ({ all: [`sock_${name}_length_${kind}__tracepoint`] });
  return {
    name: `sock_${name}_length`,
    tiers: {
      fentry: [functions("fentry")],
      kprobe: [functions("kprobe")],
      tracepoint: [length("btf"), length("raw")].map((set) => ({ ...set, maxEntries: { calls: 1 } })),
    },
  };
}

const SPLICE_HOOK: Hook = {
  name: "tcp_splice_read",
  optional: "splices from TCP sockets",
  tiers: {
    fentry: [{ all: endPrograms("fentry", ["tcp_splice_read"]) }],
    kprobe: [{ all: endPrograms("kprobe", ["tcp_splice_read"]) }],
    tracepoint: [{ all: ["sys_exit__tracepoint"] }],
  },
};

const UNSEEN =
  "does not see TCP_ZEROCOPY_RECEIVE, zero-copy receives of io_uring, MPTCP, and kernel code that reads TCP itself (nvme-tcp)";

const CAVEATS: Partial<Record<TierName, string>> = {
  fentry: UNSEEN,
  kprobe: `${UNSEEN}; counts as lost what many waiting threads receive at once`,
  tracepoint:
    `${UNSEEN}; splices from TCP by io_uring and, on arm64, by 32-bit programs; on 6.3 and 6.4 sendfile`,
};

const isZero = (address: readonly number[]): boolean =>
  address.every((byte, i) => byte === 0 || (byte === 0xff && (i === 10 || i === 11)));

const knownAddress = (address: readonly number[]): string | null =>
  isZero(address) ? null : addressText(address);

const knownPort = (port: number): number | null => port === 0 ? null : port;

/** The row of a flow. */
export function flowRow(key: NettopKey, value: NettopValue): Row {
  const { raddr, laddr } = key;
  return {
    pid: key.pid,
    comm: value.comm,
    ...whoOf(value, key.pid),
    proto: key.protocol === IPPROTO_TCP ? "tcp" : "udp",
    ip: ipVersion(raddr),
    laddr: knownAddress(laddr),
    lport: knownPort(key.lport),
    raddr: knownAddress(raddr),
    rport: knownPort(key.rport),
    rx_bytes: value.rx_bytes,
    tx_bytes: value.tx_bytes,
    rx_calls: value.rx_calls,
    tx_calls: value.tx_calls,
  };
}

/** A flow that a program has inserted and not counted yet is in the next sample. */
const hasMoved = ({ rx_calls, tx_calls }: Row): boolean => rx_calls !== 0 || tx_calls !== 0;

/** A sample is already the rows of one interval. */
function sampler({ object }: Attached): Sampler<readonly Row[]> {
  const flows = new DoubleHash(object, "flows", NettopValue);
  return {
    sample: () => mapEntries(flows.take(), [NettopKey, NettopValue], flowRow).filter(hasMoved),
    fill: (rows) => rows.length / flows.maxEntries,
  };
}

const bytes = ({ rx_bytes, tx_bytes }: Row): number => Number(rx_bytes) + Number(tx_bytes);

function configure(options: ToolOptions): Constants {
  const { tcp, udp } = options.flags;
  if (tcp && udp) throw new UsageError("--tcp and --udp exclude each other; both are counted without them.");
  return {
    ...filterConstants(options.filters),
    ...tcpConstants(options),
    filter_protocol: tcp ? IPPROTO_TCP : udp ? IPPROTO_UDP : 0,
  };
}

export const nettop: Tool<readonly Row[]> = {
  name: "nettop",
  summary: "bytes of TCP and UDP by process and connection",
  searchWords: "network bandwidth traffic iftop nethogs tcptop udp socket send receive throughput",
  examples: [
    {
      question: "Which programs use the network?",
      command: "ktop nettop --by process 5",
      look:
        "RX_Kb and TX_Kb of the first rows. Without --by process each connection has a row with its remote address.",
    },
  ],
  view: "table",
  columns: COLUMNS,
  textRows: 20,
  flags: [
    ...IP_FLAGS,
    { name: "tcp", kind: "switch", description: "only TCP" },
    { name: "udp", kind: "switch", description: "only UDP" },
    ROWS,
    {
      name: "by-process",
      kind: "switch",
      sameAs: { by: "process" },
      description: "a row for each process: same as --by process",
    },
  ],
  graph: ["rx_bytes", "tx_bytes"],
  hooks: [messageHook("send", SENDMSG, ["inet_sendpage"]), messageHook("recv", RECVMSG, []), SPLICE_HOOK],
  caveats: CAVEATS,
  configure,
  adapt: (types: VmlinuxBtf) => ({ has_sendpage: types.hasFunction("inet_sendpage") }),
  sampler,
  derive: (rows) => ({ rows: rows.toSorted((a, b) => bytes(b) - bytes(a)) }),
};
