/**
 * Shared by the tools on TCP connections: addresses, columns, and the filters by IP version and port. Source:
 * bpf/lib/tcp.bpf.h.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import type { Column, Flag } from "../../model/mod.ts";
import { shownValue } from "../../text/mod.ts";
import type { Constants, ToolOptions } from "../tool.ts";

const MAX_PORT = 65_535;

/** Whether an address is an IPv4 address mapped into IPv6: ::ffff:a.b.c.d. */
const isIpv4 = (address: readonly number[]): boolean =>
  address.every((byte, i) => i >= 12 || byte === (i < 10 ? 0 : 0xff));

/** The IP version of a connection to this address: 4 also for one through an IPv6 socket. */
export const ipVersion = (address: readonly number[]): 4 | 6 => isIpv4(address) ? 4 : 6;

/** Start and end of the longest run of two or more zeros, the first of several; null if there is none. RFC 5952, 4.2. */
function longestZeros(words: readonly number[]): readonly [number, number] | null {
  let longest: readonly [number, number] = [0, 1];
  for (let start = 0; start < words.length; start++) {
    let end = start;
    while (words[end] === 0) end++;
    if (end - start > longest[1] - longest[0]) longest = [start, end];
  }
  return longest[1] - longest[0] >= 2 ? longest : null;
}

/** The text of an address of 16 bytes: 192.0.2.1 for a mapped IPv4 address, else as RFC 5952 writes it. */
export function addressText(address: readonly number[]): string {
  if (isIpv4(address)) return address.slice(12).join(".");
  const words = Array.from({ length: 8 }, (_, i) => address[2 * i]! << 8 | address[2 * i + 1]!);
  const zeros = longestZeros(words);
  const hex = (from: number, to: number): string =>
    words.slice(from, to).map((word) => word.toString(16)).join(":");
  return zeros ? `${hex(0, zeros[0])}::${hex(zeros[1], 8)}` : hex(0, 8);
}

/** Cells of the longest IPv4 address. */
const IPV4_WIDTH = 15;
/** Cells of the longest IPv6 address. */
const IPV6_WIDTH = 39;

/** A column of addresses, wide enough for IPv4: cut, two addresses may look the same. Where there is room, IPv6 is whole too. */
export function addressColumn(column: Pick<Column, "key" | "title" | "description" | "priority">): Column {
  return {
    ...column,
    unit: "text",
    width: IPV4_WIDTH,
    minWidth: IPV4_WIDTH,
    maxWidth: IPV6_WIDTH,
    align: "left",
  };
}

/** Columns wide enough for IPv6 addresses, for `-w`. */
export function withWideAddresses(columns: readonly Column[]): readonly Column[] {
  return columns.map((column) =>
    column.width === IPV4_WIDTH && column.unit === "text" ? { ...column, width: IPV6_WIDTH } : column
  );
}

/** A column of ports. */
export function portColumn(column: Pick<Column, "key" | "title" | "description" | "priority">): Column {
  return { ...column, unit: "id", width: 5, align: "left", defaultDescending: false };
}

/** The IP version. */
export const IP: Column = {
  key: "ip",
  title: "IP",
  description: "4 or 6; 4 also for IPv4 through an IPv6 socket.",
  unit: "id",
  width: 2,
  priority: -2,
  align: "left",
};

/** `-4` and `-6`. */
export const IP_FLAGS: readonly Flag[] = [
  { name: "ipv4", letter: "4", kind: "switch", description: "only IPv4, also through IPv6 sockets" },
  { name: "ipv6", letter: "6", kind: "switch", description: "only IPv6" },
];

/** A flag that takes ports, `-P` unless named otherwise. `whose` completes "only these … ports". */
export function portsFlag(
  whose: string,
  { name, letter }: Pick<Flag, "name" | "letter"> = { name: "ports", letter: "P" },
): Flag {
  return {
    name,
    letter,
    kind: "text",
    argument: "PORTS",
    list: true,
    description: `only these ${whose} ports: 80,443`,
  };
}

function parsePort(text: string, flag: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= MAX_PORT) return port;
  throw new UsageError(`"${shownValue(text)}" is not a port: --${flag} takes numbers from 1 to ${MAX_PORT}.`);
}

/** One bit for each port of a list, the value of `flag`. Throws UsageError. */
export function parsePorts(list: string, flag = "ports"): Uint8Array {
  const bits = new Uint8Array((MAX_PORT + 1) / 8);
  for (const port of list.split(",").map((text) => parsePort(text.trim(), flag))) {
    bits[port >> 3]! |= 1 << (port & 7);
  }
  return bits;
}

/** Constants of bpf/lib/tcp.bpf.h. Throws UsageError. */
export function tcpConstants({ flags }: ToolOptions): Constants {
  const { ipv4, ipv6, ports } = flags;
  if (ipv4 && ipv6) throw new UsageError("-4 and -6 exclude each other.");
  return {
    filter_ip: ipv4 ? 4 : ipv6 ? 6 : 0,
    ...(typeof ports === "string" ? { filter_ports_on: true, filter_ports: parsePorts(ports) } : {}),
  };
}
