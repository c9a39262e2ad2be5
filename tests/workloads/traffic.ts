/**
 * What nettop reports for traffic.c.
 *
 * @module
 */
import { type Counts, type Row, sumColumn } from "../support/ticks.ts";

/** The words that traffic.c prints before its counts of a port, and the columns that have the same counts. */
const COLUMNS = {
  sent: "tx_bytes",
  received: "rx_bytes",
  send_calls: "tx_calls",
  receive_calls: "rx_calls",
} as const;

/** The local port of a client is this much above that of its server. */
const CLIENT = 10_000;

/** The bytes that `traffic many` sends, each through another port. */
export const MANY = 12_007;

/** Local ports of UDP sockets that are not connected. */
const UNCONNECTED: ReadonlySet<number> = new Set([2003, 2011, 2011 + CLIENT, 2017, 2027]);

/** Servers by local port: IPv6 ones, and one for which IPv4 comes through an IPv6 socket. */
const IPV6_SERVERS: ReadonlySet<number> = new Set([1013, 1033, 1063, 2011, 2027]);

const serverOf = (port: number): number => port > CLIENT ? port - CLIENT : port;

/** The address of the socket with this local port. */
export const addressOf = (port: number): string => IPV6_SERVERS.has(serverOf(port)) ? "::1" : "127.0.0.1";

/** The protocol of the socket with this local port. */
export const protocolOf = (port: number): string => serverOf(port) >= 2000 ? "udp" : "tcp";

/** The remote port of the socket with this local port; null: none. */
export const remotePort = (port: number): number | null =>
  UNCONNECTED.has(port) ? null : port > CLIENT ? port - CLIENT : port + CLIENT;

/** The counts that traffic.c printed, by `<word>_<local port>`; `passes` chooses ports. */
export function printed(measured: Counts, passes: (port: number) => boolean = () => true): Counts {
  return Object.fromEntries(
    Object.entries(measured).filter(([name]) => passes(Number(/\d+$/.exec(name)?.[0]))),
  );
}

/** The same counts from rows: those of the names in `wanted`, and any bytes of other ports. */
export function summed(rows: readonly Row[], wanted: Counts): Counts {
  const ports = new Set(rows.map(({ lport }) => lport));
  const bytes = [...ports].flatMap((port) => [`sent_${port}`, `received_${port}`]);
  return Object.fromEntries([...new Set([...Object.keys(wanted), ...bytes])].map((name) => {
    const [, word, port] = /^(\w+)_(\d+|null)$/.exec(name)!;
    return [
      name,
      sumColumn(rows, COLUMNS[word as keyof typeof COLUMNS], ({ lport }) => String(lport) === port),
    ];
  }));
}

/** The first row whose process, protocol or addresses are wrong. */
export function wrongRow(rows: readonly Row[]): Row | undefined {
  return rows.find((row) => {
    const port = Number(row.lport);
    const remote = remotePort(port);
    return row.comm !== "traffic" || row.proto !== protocolOf(port) || row.laddr !== addressOf(port) ||
      row.rport !== remote || row.raddr !== (remote === null ? null : addressOf(port)) ||
      row.ip !== (addressOf(port) === "::1" ? 6 : 4);
  });
}
