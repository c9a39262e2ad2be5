/**
 * What the tools on TCP connections report for connections.c.
 *
 * @module
 */
import type { Counts, Row } from "../support/ticks.ts";

/** Connects that fail because no local port is free: no SYN is sent, and the kernel counts none in ActiveOpens. */
export const WITHOUT_PORT = 3;
/** Connections made by a thread other than the main one. */
export const BY_THREAD = 5;

/** Connects over IPv4 and IPv4 through an IPv6 socket, by `<remote address> <remote port> <result>`. */
export const ipv4Connects: Counts = {
  "127.0.0.1 1009 0": 101 + 19 + BY_THREAD,
  "127.0.0.1 2003 0": 31,
  "127.0.0.1 3001 ECONNREFUSED": 37 + 11,
  "127.0.0.1 4001 0": 1,
  "127.0.0.1 4001 ETIMEDOUT": 7,
  "127.0.0.1 4001 null": 13 + 1 + WITHOUT_PORT,
};

/** The same over IPv6. */
export const ipv6Connects: Counts = {
  "::1 2003 0": 53,
  "::1 3001 ECONNREFUSED": 23,
};

/** All connects. */
export const connects: Counts = { ...ipv4Connects, ...ipv6Connects };

/** A row's key in these counts. */
export const addressPortResult = ({ daddr, dport, ret, ret_name }: Row): string =>
  `${daddr} ${dport} ${ret_name ?? ret}`;

/** Connections that are established and never accepted. */
export const NOT_ACCEPTED = 1;

/** Accepted connections over IPv4 and IPv4 through an IPv6 socket, by `<remote address> <local port>`. */
export const ipv4Accepts: Counts = { "127.0.0.1 1009": 101 + 19 + BY_THREAD, "127.0.0.1 2003": 31 };

/** The same over IPv6. */
export const ipv6Accepts: Counts = { "::1 2003": 53 };

/** All accepted connections. */
export const accepts: Counts = { ...ipv4Accepts, ...ipv6Accepts };

/** A row's key in these counts. */
export const addressPort = ({ raddr, lport }: Row): string => `${raddr} ${lport}`;

/** The connections to one of these ports. */
export const toPorts = (counts: Counts, ports: readonly number[]): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([key]) => ports.includes(Number(key.split(" ")[1]))));
