/**
 * An HTTP/1 server for short responses: one request a connection, and limits for everything that a client can choose.
 * Deno.serve is not used: it has no limit for connections, for the time of a request or for the length of its head.
 *
 * @module
 */
import { type HttpRequest, parseRequest } from "./request.ts";
import { type HttpResponse, plain } from "./handler.ts";

/** Limits of a server. */
export interface ServerLimits {
  /** Connections at once; above it the oldest one is closed. */
  readonly connections: number;
  /** Bytes of a request's head. */
  readonly headBytes: number;
  /** From the connection to the last byte of the response, milliseconds. */
  readonly totalMs: number;
  /** Bytes that are read and dropped after the response, so that a client which still sends receives it. */
  readonly restBytes: number;
}

/** The limits of `ktop serve`. */
export const SERVER_LIMITS: ServerLimits = {
  connections: 128,
  headBytes: 8192,
  totalMs: 10_000,
  restBytes: 4 * 1024 * 1024,
};

/** Pause after a failed accept, milliseconds: without it, a process without descriptors would spin. */
const ACCEPT_PAUSE_MS = 100;

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
};

function headOf({ status, headers, body }: HttpResponse): Uint8Array {
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${body.length}`,
    "cache-control: no-store",
    "x-content-type-options: nosniff",
    "connection: close",
  ];
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`);
}

/** A connection, as of Deno; or one that ktop accepts itself. */
export type Connection = Pick<Deno.Conn, "read" | "write" | "closeWrite" | "close">;

/** What accepts connections. */
export interface Listener {
  accept(): Promise<Connection>;
  /** May be called once. */
  close(): void;
}

async function writeAll(connection: Connection, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** Reads the head of a request. A status: it is too long (431) or malformed (400); null: the client left. */
async function readHead(connection: Connection, limit: number): Promise<HttpRequest | 400 | 431 | null> {
  const buffer = new Uint8Array(limit);
  let length = 0, text = "";
  const decoder = new TextDecoder("latin1");
  while (length < limit) {
    const count = await connection.read(buffer.subarray(length));
    if (count === null) return null;
    text += decoder.decode(buffer.subarray(length, length + count));
    const from = Math.max(0, length - 3);
    length += count;
    const end = text.indexOf("\r\n\r\n", from);
    if (end >= 0) return parseRequest(text.slice(0, end)) ?? 400;
  }
  return 431;
}

/** Serves the connections of some listeners. */
export class MetricsServer {
  readonly #listeners: readonly Listener[];
  readonly #handle: (request: HttpRequest) => Promise<HttpResponse>;
  readonly #limits: ServerLimits;
  /** Oldest first. */
  readonly #connections = new Set<Connection>();
  #closed = false;

  constructor(
    listeners: readonly Listener[],
    handle: (request: HttpRequest) => Promise<HttpResponse>,
    limits: ServerLimits = SERVER_LIMITS,
  ) {
    this.#listeners = listeners;
    this.#handle = handle;
    this.#limits = limits;
  }

  /** Accepts connections until the server is closed. Never rejects. */
  async run(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => this.#accept(listener)));
  }

  /** Closes the listeners and all connections. May be called twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const connection of [...this.#connections]) this.#drop(connection);
    for (const listener of this.#listeners) listener.close();
  }

  async #accept(listener: Listener): Promise<void> {
    while (!this.#closed) {
      try {
        const connection = await listener.accept();
        void this.#serve(connection);
      } catch {
        if (!this.#closed) await new Promise((resolve) => setTimeout(resolve, ACCEPT_PAUSE_MS));
      }
    }
  }

  async #serve(connection: Connection): Promise<void> {
    this.#connections.add(connection);
    if (this.#connections.size > this.#limits.connections) {
      const [oldest] = this.#connections;
      this.#drop(oldest!);
    }
    const timer = setTimeout(() => this.#drop(connection), this.#limits.totalMs);
    try {
      await this.#answer(connection);
    } catch {
      // The client left, or the connection was dropped for a limit.
    } finally {
      clearTimeout(timer);
      this.#drop(connection);
    }
  }

  async #answer(connection: Connection): Promise<void> {
    const request = await readHead(connection, this.#limits.headBytes);
    if (request === null) return;
    const response = typeof request === "number"
      ? plain(request, request === 431 ? "The head of the request is too long." : "The request is malformed.")
      : await this.#handle(request).catch(() => plain(500, "The metrics could not be made."));
    await writeAll(connection, headOf(response));
    if (typeof request === "number" || request.method !== "HEAD") await writeAll(connection, response.body);
    await connection.closeWrite();
    // To close with unread bytes would reset the connection, and the client might lose the response.
    const rest = new Uint8Array(this.#limits.headBytes);
    for (let dropped = 0; dropped < this.#limits.restBytes;) {
      const count = await connection.read(rest);
      if (count === null) return;
      dropped += count;
    }
  }

  #drop(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    connection.close();
  }
}
