/**
 * The address that `--listen` names, and those of sockets that ktop inherits.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { shownValue } from "../text/mod.ts";

/** The path of the metrics. */
export const METRICS_PATH = "/metrics";

/** An IP address and a port. */
export interface ListenAddress {
  /** IPv4, or IPv6 without brackets. */
  readonly hostname: string;
  /** 0: the kernel chooses. */
  readonly port: number;
}

const BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);

/** The canonical form of an IPv6 address without brackets; null if it is none. */
function ipv6(text: string): string | null {
  return URL.parse(`http://[${text}]`)?.hostname.slice(1, -1) ?? null;
}

function hostOf(text: string): string | null {
  if (text === "localhost") return "127.0.0.1";
  const bracketed = /^\[([0-9A-Fa-f:.]+)\]$/.exec(text);
  if (bracketed) return ipv6(bracketed[1]!);
  return IPV4.test(text) ? text : null;
}

/** Parses `127.0.0.1:9433` or `[::1]:9433`. Names are not resolved, apart from localhost. Throws UsageError. */
export function parseListenAddress(text: string): ListenAddress {
  const [, host = "", digits = ""] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  const hostname = hostOf(host);
  const port = Number(digits);
  if (hostname === null || digits === "" || port > 65_535) {
    throw new UsageError(`--listen takes an IP address and a port, not "${shownValue(text)}".`, {
      remedy: "For example --listen 127.0.0.1:9433 or --listen [::1]:9433.",
    });
  }
  return { hostname, port };
}

/** The path of a Unix socket; an abstract one has `@` in front. */
export interface UnixAddress {
  readonly path: string;
}

/** Whether only this machine can connect: a Unix socket, 127.0.0.0/8, ::1, and 127.0.0.0/8 as IPv6 addresses. */
export function isLocal(address: Pick<ListenAddress, "hostname"> | UnixAddress): boolean {
  if ("path" in address) return true;
  const { hostname } = address;
  return hostname === "::1" || hostname.startsWith("127.") || /^::ffff:7f[0-9a-f]{2}:/.test(hostname);
}

/** The URL of the metrics at this address, with the socket if it is a Unix one. */
export function metricsUrl(address: ListenAddress | UnixAddress): string {
  if ("path" in address) {
    return `http://localhost${METRICS_PATH} through the socket ${shownValue(address.path)}`;
  }
  const { hostname, port } = address;
  return `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}${METRICS_PATH}`;
}
