/**
 * libbpf's messages. They are off except for `--debug` and while a failed call is repeated to find its cause.
 *
 * @module
 */
import { bpf } from "./libbpf.ts";
import { libc } from "./libc.ts";
import { readBytes } from "./memory.ts";

/** enum libbpf_print_level, by number. */
const LEVELS = ["warn", "info", "debug"] as const;

/** Bytes that hold every message except a verifier log, which is formatted a second time at its full length. */
const MESSAGE_SIZE = 4096;
/** x86-64 needs 24 bytes, arm64 32. */
const VA_LIST_SIZE = 32;

const decoder = new TextDecoder();
let listener: ((message: string) => void) | null = null;
let warnings: string[] | null = null;
let callback: Deno.UnsafeCallback<Definition> | null = null;

/** int (*libbpf_print_fn_t)(enum libbpf_print_level level, const char *format, va_list ap) */
const definition = { parameters: ["u32", "pointer", "pointer"], result: "i32" } as const;
type Definition = typeof definition;

/** Formats one message. C passes a va_list by address on x86-64 and on arm64. */
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

/** Called by libbpf, also from worker threads: they wait until this returns. */
function print(level: number, text: Deno.PointerValue, va: Deno.PointerValue): number {
  if (va === null || (listener === null && level !== 0)) return 0;
  const message = format(text, va).trimEnd().replace(/^libbpf: /, "");
  if (level === 0) warnings?.push(message);
  listener?.(`libbpf ${LEVELS[level] ?? level}: ${message}`);
  return 0;
}

/** Enables libbpf's messages only while they are used. */
function updateCallback(): void {
  const wanted = listener !== null || warnings !== null;
  if (wanted) callback ??= new Deno.UnsafeCallback(definition, print);
  bpf().libbpf_set_print(wanted ? callback!.pointer : null);
}

/** Passes every message of libbpf, of all levels, to `to` from now on; null stops it. For `--debug`. */
export function setMessageListener(to: ((message: string) => void) | null): void {
  listener = to;
  updateCallback();
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` after all earlier calls have ended, whether they failed or not. Not reentrant. Loads and
 * {@linkcode captureWarnings} run like this, because libbpf has one message callback for the whole process.
 */
export function exclusive<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work, work);
  last = mine;
  return mine;
}

/**
 * Runs `call` and collects libbpf's warnings, without "libbpf: " and the newline. Call it inside {@linkcode exclusive}:
 * the warnings of all threads are collected.
 */
export async function captureWarnings<T>(
  call: () => T | Promise<T>,
): Promise<{ readonly result: T; readonly warnings: readonly string[] }> {
  const captured: string[] = warnings = [];
  updateCallback();
  try {
    return { result: await call(), warnings: captured };
  } finally {
    warnings = null;
    updateCallback();
  }
}
