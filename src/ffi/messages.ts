/**
 * What libbpf has to say. It is silent unless someone listens: for a diagnosis after a failure, or for `--debug`.
 *
 * @module
 */
import { bpf } from "./libbpf.ts";
import { libc } from "./libc.ts";
import { readBytes } from "./memory.ts";

/** enum libbpf_print_level, by number. */
const LEVELS = ["warn", "info", "debug"] as const;

/** What libbpf printed during one call. */
export interface Captured {
  /** Messages of level warn, without "libbpf: " and the newline. */
  readonly warnings: readonly string[];
}

/** Enough for every message but a verifier log; those are formatted a second time, at their full length. */
const MESSAGE_SIZE = 4096;
/** x86-64 needs 24 bytes, arm64 32. */
const VA_LIST_SIZE = 32;

const decoder = new TextDecoder();
let debug: ((message: string) => void) | null = null;
let warnings: string[] | null = null;
let callback: Deno.UnsafeCallback<Definition> | null = null;

/** int (*libbpf_print_fn_t)(enum libbpf_print_level level, const char *format, va_list ap) */
const definition = { parameters: ["u32", "pointer", "pointer"], result: "i32" } as const;
type Definition = typeof definition;

/** printf of one message: C passes the va_list as an address on x86-64 and on arm64. */
function format(text: Deno.PointerValue, va: Deno.PointerObject): string {
  const saved = readBytes(va, VA_LIST_SIZE);
  let buffer = new Uint8Array(MESSAGE_SIZE);
  const length = libc().vsnprintf(buffer, BigInt(buffer.length), text, va);
  if (length >= buffer.length) {
    buffer = new Uint8Array(length + 1);
    libc().vsnprintf_copied(buffer, BigInt(buffer.length), text, saved);
  }
  return decoder.decode(buffer.subarray(0, Math.max(0, length)));
}

/** Called by libbpf, also from the threads of nonblocking calls: those wait until this returns. */
function print(level: number, text: Deno.PointerValue, va: Deno.PointerValue): number {
  if (va === null || (debug === null && level !== 0)) return 0;
  const message = format(text, va).trimEnd().replace(/^libbpf: /, "");
  if (level === 0) warnings?.push(message);
  debug?.(`libbpf ${LEVELS[level] ?? level}: ${message}`);
  return 0;
}

/** Listens while somebody wants to hear, and no longer. */
function install(): void {
  const wanted = debug !== null || warnings !== null;
  if (wanted) callback ??= new Deno.UnsafeCallback(definition, print);
  bpf().libbpf_set_print(wanted ? callback!.pointer : null);
}

/** Hands every message of libbpf, of all levels, to `listener` from now on; null: no longer. For `--debug`. */
export function setDebug(listener: ((message: string) => void) | null): void {
  debug = listener;
  install();
}

/**
 * Runs `call` and keeps what libbpf warns of meanwhile. Not reentrant, and libbpf has one listener for all threads:
 * the caller makes sure that no other load runs at the same time.
 */
export async function captureMessages<T>(
  call: () => T | Promise<T>,
): Promise<Captured & { readonly result: T }> {
  const mine: string[] = warnings = [];
  install();
  try {
    return { result: await call(), warnings: mine };
  } finally {
    warnings = null;
    install();
  }
}
