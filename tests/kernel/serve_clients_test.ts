/**
 * `ktop serve` and hostile clients.
 *
 * @module
 */
import assert from "node:assert/strict";

import { libc } from "../../src/ffi/libc.ts";
import { ListeningSocket } from "../../src/ffi/mod.ts";
import { type Listener, MetricsServer, SERVER_LIMITS, type ServerLimits } from "../../src/serve/server.ts";
import { metricsHandler } from "../../src/serve/handler.ts";
import { ServingKtop } from "../support/metrics.ts";

const MIB = 1024 * 1024;
const LARGE = new Uint8Array(16 * MIB).fill(0x61);

/** The descriptors of this process that are sockets. */
function socketsOfThisProcess(): string[] {
  return [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => name).filter((name) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`).startsWith("socket:");
    } catch {
      return false; // the descriptor that read the directory
    }
  });
}

/** A listener of Deno, or one that takes over its descriptor as if a service manager had passed it. */
const LISTENERS = {
  "of Deno": (): { listener: Listener; port: number } => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    return { listener, port: listener.addr.port };
  },
  "that was passed": (): { listener: Listener; port: number } => {
    const before = new Set(socketsOfThisProcess());
    using opened = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const [fd] = socketsOfThisProcess().filter((name) => !before.has(name));
    const F_DUPFD_CLOEXEC = 1030;
    return {
      listener: ListeningSocket.adopt(libc().fcntl(Number(fd), F_DUPFD_CLOEXEC, 3))!,
      port: opened.addr.port,
    };
  },
} as const;

/** A server with a response of 16 MiB, more than the kernel buffers. */
function serve(
  kind: keyof typeof LISTENERS,
  limits: Partial<ServerLimits> = {},
): { port: number; close: () => Promise<void> } {
  const { listener, port } = LISTENERS[kind]();
  const server = new MetricsServer([listener], metricsHandler(() => LARGE, null), {
    ...SERVER_LIMITS,
    ...limits,
  });
  const running = server.run();
  return {
    port,
    close: () => {
      server.close();
      return running;
    },
  };
}

const connect = (port: number): Promise<Deno.TcpConn> => Deno.connect({ hostname: "127.0.0.1", port });

/** Writes all bytes, as far as the server takes them. */
async function send(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** What is received until the server closes the connection or resets it. */
async function receive(connection: Deno.Conn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let text = "";
  try {
    for (let count; (count = await connection.read(buffer)) !== null;) {
      text += decoder.decode(buffer.subarray(0, count));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
  return text;
}

async function ask(port: number, request: string): Promise<string> {
  using connection = await connect(port);
  const answer = receive(connection);
  await send(connection, request);
  return await answer;
}

/** Resolves with a value after a time, unless it is cancelled. */
function delay<T>(ms: number, value: T): { done: Promise<T>; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<T>();
  const timer = setTimeout(() => resolve(value), ms);
  return { done: promise, cancel: () => clearTimeout(timer) };
}

Deno.test("malformed requests, heads of 1 MB and other methods are refused", async () => {
  await using ktop = await ServingKtop.start(["--tools", "vfsstat"]);
  const port = Number(ktop.url.port);
  const status = async (request: string): Promise<number> =>
    Number(/^HTTP\/1\.1 (\d+) /.exec(await ask(port, request))?.[1]);
  const host = "Host: localhost\r\n";
  assert.equal(await status(`GET /metrics HTTP/1.1\r\n${host}\r\n`), 200);
  assert.equal(await status(`GET /metrics HTTP/1.0\r\n\r\n`), 200);
  assert.equal(await status(`GET /metrics HTTP/1.1\r\nX: ${"a".repeat(MIB)}\r\n\r\n`), 431);
  assert.equal(await status(`GET /${"a".repeat(MIB)} HTTP/1.1\r\n\r\n`), 431);
  assert.equal(await status(`GET /metrics HTTP/1.1\r\n${"X: y\r\n".repeat(100_000)}\r\n`), 431);
  assert.equal(
    await status(`POST /metrics HTTP/1.1\r\n${host}Content-Length: ${MIB}\r\n\r\n${"a".repeat(MIB)}`),
    405,
  );
  assert.equal(await status("\x00\x01\x02\r\n\r\n"), 400);
  assert.equal(await status("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 400);
  assert.equal(await status("GET /../etc/passwd HTTP/1.1\r\n\r\n"), 404);
  const head = await ask(port, `HEAD /metrics HTTP/1.1\r\n${host}\r\n`);
  assert.match(head, /^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)+\r\n$/);
  assert.match(head, /content-length: [1-9]/);
});

Deno.test("50 scrapes at once have the same text", async () => {
  await using ktop = await ServingKtop.start(["--tools", "vfsstat", "-i", "3600"]);
  const texts = await Promise.all(
    Array.from({ length: 50 }, async () => await (await fetch(ktop.url)).text()),
  );
  assert.equal(texts.length, 50);
  assert.deepEqual(new Set(texts).size, 1);
  assert.match(texts[0]!, /^ktop_vfsstat_read_total 0$/m);
});

for (const kind of ["of Deno", "that was passed"] as const) {
  // libc stays open, and a wait ends after the listener is closed.
  const checks = { sanitizeOps: kind === "of Deno", sanitizeResources: kind === "of Deno" };
  Deno.test(
    `clients that send or read slowly are dropped after a time, by a listener ${kind}`,
    checks,
    async () => {
      const { port, close } = serve(kind, { totalMs: 300 });
      using silent = await connect(port);
      using half = await connect(port);
      await send(half, "GET /metrics HTT");
      using slow = await connect(port);
      await send(slow, "GET /metrics HTTP/1.1\r\n\r\n");
      assert.deepEqual(await Promise.all([receive(silent), receive(half)]), ["", ""]);
      // The server gives up writing what does not fit into the buffers of the kernel.
      await using late = { [Symbol.asyncDispose]: close };
      assert.ok(late);
      assert.ok((await receive(slow)).length < LARGE.length);
    },
  );

  Deno.test(
    `more connections than allowed close the oldest one, and a scrape succeeds, by a listener ${kind}`,
    checks,
    async () => {
      const { port, close } = serve(kind, { connections: 3, totalMs: 3_600_000 });
      const idle = await Promise.all([connect(port), connect(port), connect(port), connect(port)]);
      const patience = delay(20_000, "no connection was closed");
      assert.equal(await Promise.race([...idle.map(receive), patience.done]), "");
      patience.cancel();
      const answer = await ask(port, "GET /metrics HTTP/1.1\r\n\r\n");
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
      assert.ok(answer.length > LARGE.length);
      for (const connection of idle) connection.close();
      await close();
    },
  );
}
