/**
 * A listening socket that another process has opened: Deno cannot accept connections of a descriptor that it inherits.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { errnoName } from "./errno.ts";
import { libc } from "./libc.ts";
import { PollEvent, Readiness } from "./readiness.ts";

const AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10;
const SOCK_STREAM = 1, SOCK_NONBLOCK = 0o4000, SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1, SO_TYPE = 3, SO_ACCEPTCONN = 30;
const MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000;
const SHUT_WR = 1;
const F_SETFD = 2, FD_CLOEXEC = 1, F_GETFL = 3, F_SETFL = 4, O_NONBLOCK = 0o4000;

/** Bytes of struct sockaddr_storage. */
const SOCKADDR = 128;
/** Offsets in struct sockaddr_in, sockaddr_in6 and sockaddr_un. */
const PORT = 2, ADDRESS = 4, ADDRESS6 = 8, PATH = 2;

/** Where a socket listens: an IP address, IPv6 without brackets and in its shortest form; or the path of a Unix socket, an abstract one with `@` in front. */
export type SocketAddress = { readonly hostname: string; readonly port: number } | { readonly path: string };

/** An integer option of a socket; null if it has none, or is no socket. */
function option(fd: number, name: number): number | null {
  const value = new Int32Array(1);
  const length = new Uint8Array(Uint32Array.of(4).buffer);
  const result = libc().getsockopt(fd, SOL_SOCKET, name, new Uint8Array(value.buffer), length);
  return result === 0 ? value[0]! : null;
}

function unixPath(bytes: Uint8Array): string {
  const isAbstract = bytes[0] === 0 && bytes.length > 1;
  const end = bytes.indexOf(0, isAbstract ? 1 : 0);
  const name = new TextDecoder().decode(bytes.subarray(isAbstract ? 1 : 0, end < 0 ? undefined : end));
  return isAbstract ? `@${name}` : name;
}

/** The address that a socket is bound to; null for other families than IP and Unix. */
function addressOf(fd: number): SocketAddress | null {
  const bytes = new Uint8Array(SOCKADDR);
  const size = Uint32Array.of(SOCKADDR);
  if (libc().getsockname(fd, bytes, new Uint8Array(size.buffer)) !== 0) return null;
  const view = new DataView(bytes.buffer);
  const port = view.getUint16(PORT);
  switch (view.getUint16(0, true)) {
    case AF_UNIX:
      return { path: unixPath(bytes.subarray(PATH, size[0])) };
    case AF_INET:
      return { hostname: bytes.subarray(ADDRESS, ADDRESS + 4).join("."), port };
    case AF_INET6: {
      const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(ADDRESS6 + 2 * i).toString(16));
      return { hostname: new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1), port };
    }
    default:
      return null;
  }
}

/** Repeats a system call until it does not have to wait. Throws BpfError, and Error after the descriptor was closed. */
async function whenReady(
  operation: string,
  call: () => number,
  { fd, events, ready, retried = [] }: {
    readonly fd: number;
    readonly events: number;
    readonly ready: Readiness;
    /** Further errors after which the call is repeated. */
    readonly retried?: readonly string[];
  },
): Promise<number> {
  while (true) {
    const result = call();
    if (result >= 0) return result;
    const errno = errnoName(libc().errno());
    if (errno === "EAGAIN") await ready.wait(fd, events);
    else if (errno !== "EINTR" && !retried.includes(errno)) throw new BpfError(operation, errno);
  }
}

/** A connection that a {@linkcode ListeningSocket} has accepted, like a Deno.Conn. */
export class SocketConnection {
  #fd: number | null;
  readonly #ready: Readiness;

  constructor(fd: number, ready: Readiness) {
    this.#fd = fd;
    this.#ready = ready;
  }

  /** Reads at least one byte. @returns the number of bytes; null: the client sends no more */
  async read(buffer: Uint8Array): Promise<number | null> {
    const count = await this.#call(
      "receive",
      PollEvent.readable,
      (fd) => libc().recv(fd, buffer, BigInt(buffer.length), MSG_DONTWAIT),
    );
    return count === 0 ? null : count;
  }

  /** Writes at least one byte. @returns the number of bytes */
  write(bytes: Uint8Array): Promise<number> {
    return this.#call(
      "send",
      PollEvent.writable,
      (fd) => libc().send(fd, bytes, BigInt(bytes.length), MSG_DONTWAIT | MSG_NOSIGNAL),
    );
  }

  /** Tells the client that nothing follows. */
  closeWrite(): Promise<void> {
    if (this.#fd !== null) libc().shutdown(this.#fd, SHUT_WR);
    return Promise.resolve();
  }

  /** Ends it; reads and writes that wait are rejected. May be called twice. */
  close(): void {
    if (this.#fd === null) return;
    this.#ready.cancel(this.#fd);
    libc().close(this.#fd);
    this.#fd = null;
  }

  #call(operation: string, events: number, call: (fd: number) => bigint | number): Promise<number> {
    const use = (): number => {
      if (this.#fd === null) throw new Error("closed");
      return Number(call(this.#fd));
    };
    return whenReady(operation, use, { fd: this.#fd ?? -1, events, ready: this.#ready });
  }
}

/** A listening socket for connections, over IP or of the Unix domain. */
export class ListeningSocket implements Disposable {
  /** Where it listens. */
  readonly address: SocketAddress;
  #fd: number | null;
  readonly #ready = new Readiness();

  private constructor(fd: number, address: SocketAddress) {
    this.#fd = fd;
    this.address = address;
  }

  /** Takes over a descriptor, which is not inherited any more and does not block. Null if it is no listening socket for connections. */
  static adopt(fd: number): ListeningSocket | null {
    if (option(fd, SO_ACCEPTCONN) !== 1 || option(fd, SO_TYPE) !== SOCK_STREAM) return null;
    const address = addressOf(fd);
    if (address === null) return null;
    libc().fcntl(fd, F_SETFD, FD_CLOEXEC);
    libc().fcntl(fd, F_SETFL, libc().fcntl(fd, F_GETFL, 0) | O_NONBLOCK);
    return new ListeningSocket(fd, address);
  }

  /** Waits for a connection. @throws {BpfError} no descriptor or memory is left */
  async accept(): Promise<SocketConnection> {
    const accept = (): number => {
      if (this.#fd === null) throw new Error("closed");
      return libc().accept4(this.#fd, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC);
    };
    const how = { fd: this.#fd ?? -1, events: PollEvent.readable, ready: this.#ready };
    // The client has left before it was accepted.
    const fd = await whenReady("accept", accept, { ...how, retried: ["ECONNABORTED"] });
    return new SocketConnection(fd, this.#ready);
  }

  /** Stops accepting, and ends the waits of connections. May be called twice. */
  close(): void {
    if (this.#fd === null) return;
    this.#ready.close();
    libc().close(this.#fd);
    this.#fd = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
