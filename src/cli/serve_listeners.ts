/**
 * Where `ktop serve` listens: sockets that a service manager passes, or the address of `--listen`.
 *
 * @module
 */
import { errnoOf, KtopError, PermissionError, UsageError } from "../errors.ts";
import { ListeningSocket } from "../ffi/mod.ts";
import {
  isLocal,
  type ListenAddress,
  type Listener,
  metricsUrl,
  parseListenAddress,
  type PassedDescriptor,
  passedDescriptors,
  readToken,
  type UnixAddress,
} from "../serve/mod.ts";
import { shownValue } from "../text/mod.ts";

/** Where Prometheus finds ktop by default. */
export const DEFAULT_ADDRESS = "127.0.0.1:9433";

/** Options of the addresses. */
export interface ListenOptions {
  readonly listen?: ListenAddress;
  readonly tokenFile?: string;
  readonly insecure?: boolean;
}

/** A socket that accepts connections, and its address. */
export interface OpenListener {
  readonly listener: Listener;
  readonly address: ListenAddress | UnixAddress;
}

/** Where to listen: sockets that the service manager passed, or an address whose port is not open yet. */
export interface ListenPlan {
  /** Null: no token is needed. */
  readonly token: string | null;
  /** Opens the port, unless the sockets are open. @throws {KtopError} the address cannot be used */
  open(): OpenListener[];
}

/** The token, if one is needed. Throws UsageError for an address that is not local without one. */
function tokenOf(
  { tokenFile, insecure }: ListenOptions,
  addresses: readonly (ListenAddress | UnixAddress)[],
): string | null {
  const open = addresses.find((address) => !isLocal(address));
  const isClosed = open === undefined;
  if (insecure && (tokenFile !== undefined || isClosed)) {
    const why = tokenFile === undefined ? "on a loopback address or a Unix socket" : "with --token-file";
    throw new UsageError(`--insecure has no effect ${why}.`);
  }
  if (tokenFile !== undefined) return readToken(tokenFile);
  if (isClosed || insecure) return null;
  throw new UsageError(`Other machines can connect to ${metricsUrl(open)}, so clients must send a token.`, {
    remedy: "Name a file with one: --token-file FILE; or let everybody read the metrics: --insecure.",
  });
}

/** Why listening failed. */
function listenFailure(address: ListenAddress, error: unknown): KtopError {
  const text = `Cannot listen on ${metricsUrl(address)}`;
  const errno = errnoOf(error);
  if (errno === "EACCES") {
    return new PermissionError(`${text}: ports below 1024 need CAP_NET_BIND_SERVICE.`, { cause: error });
  }
  if (errno === "EADDRINUSE") {
    return new KtopError(`${text}: the port is in use.`, {
      cause: error,
      remedy: "Choose another one: --listen 127.0.0.1:PORT.",
    });
  }
  const reason = errno === "EADDRNOTAVAIL"
    ? "this machine does not have the address"
    : errno || String(error);
  return new KtopError(`${text}: ${reason}.`, { cause: error });
}

function listen(asked: ListenAddress): OpenListener {
  try {
    const listener = Deno.listen(asked);
    return { listener, address: listener.addr };
  } catch (error) {
    throw listenFailure(asked, error);
  }
}

/** A passed descriptor as a listening socket. Throws UsageError. */
function adopt({ fd, name }: PassedDescriptor): OpenListener {
  const listener = ListeningSocket.adopt(fd);
  if (listener !== null) return { listener, address: listener.address };
  const called = name === "" ? "" : ` (${shownValue(name)})`;
  throw new UsageError(
    `Descriptor ${fd}${called}, which LISTEN_FDS passes, is not a listening TCP or Unix stream socket.`,
    { remedy: "In a socket unit use ListenStream= and Accept=no." },
  );
}

/** Decides where to listen, and whether with a token; takes over the sockets that the service manager passed. Throws UsageError. */
export function planListening(options: ListenOptions): ListenPlan {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES } = Deno.env.toObject();
  const passed = passedDescriptors({ LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES }, Deno.pid).map(adopt);
  if (passed.length > 0) {
    if (options.listen !== undefined) {
      throw new UsageError("--listen has no effect beside the sockets that the service manager passes.");
    }
    return { token: tokenOf(options, passed.map(({ address }) => address)), open: () => passed };
  }
  const asked = options.listen ?? parseListenAddress(DEFAULT_ADDRESS);
  return { token: tokenOf(options, [asked]), open: () => [listen(asked)] };
}
