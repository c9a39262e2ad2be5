/**
 * Messages to the service manager that started ktop: sd_notify(3).
 *
 * @module
 */
import { libc } from "./libc.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2, SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000;
/** The longest path in struct sockaddr_un, without a NUL. */
const MAX_PATH = 107;

/**
 * Sends a state to the socket that the variable NOTIFY_SOCKET names: a path, or an abstract name after `@`. Does nothing without the variable;
 * failures to send are ignored.
 */
export function notifyServiceManager(state: "READY=1" | "STOPPING=1"): void {
  const name = Deno.env.get("NOTIFY_SOCKET") ?? "";
  const path = new TextEncoder().encode(name.replace(/^@/, "\0"));
  if (!/^[/@]/.test(name) || path.length > MAX_PATH) return;
  const address = new Uint8Array(2 + path.length);
  address[0] = AF_UNIX;
  address.set(path, 2);
  const fd = libc().socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  const message = new TextEncoder().encode(state);
  // A service manager that misses READY=1 ends ktop: wait while its queue is full.
  const flags = state === "READY=1" ? MSG_NOSIGNAL : MSG_NOSIGNAL | MSG_DONTWAIT;
  libc().sendto(fd, message, BigInt(message.length), flags, address, address.length);
  libc().close(fd);
}
