/**
 * Memory shared with C: strings, structs that hold pointers, and mappings with a visible lifetime.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { errnoName } from "./errno.ts";
import { libc } from "./libc.ts";

const encoder = new TextEncoder();

/** A NUL-terminated copy of `text` for a `const char *` parameter. `text` must hold no NUL. */
export function cString(text: string): Uint8Array {
  return encoder.encode(`${text}\0`);
}

/** The C string at `pointer`; the empty string for NULL. */
export function readCString(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : new Deno.UnsafePointerView(pointer).getCString();
}

/** The bytes of the C string at `pointer`, with its NUL. */
export function cStringBytes(pointer: Deno.PointerObject): Uint8Array<ArrayBuffer> {
  const view = new Deno.UnsafePointerView(pointer);
  let length = 1;
  while (view.getUint8(length - 1) !== 0) length++;
  return readBytes(pointer, length);
}

/** A copy of `length` bytes at `pointer`. */
export function readBytes(pointer: Deno.PointerObject, length: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(length);
  new Deno.UnsafePointerView(pointer).copyInto(copy);
  return copy;
}

/** A member of a C struct: a pointer to bytes, or an integer of 4 or 8 bytes. */
type Member =
  & { readonly offset: number }
  & (
    | { readonly pointer: Uint8Array }
    | { readonly u32: number }
    | { readonly u64: bigint }
  );

/** The bytes that each struct points to: V8 must not free them before the struct. */
const pointedTo = new WeakMap<Uint8Array, Uint8Array[]>();

/**
 * A C struct of `size` bytes, zero except for `members`. The bytes it points to live as long as the struct: keep it
 * referenced for as long as C may read it.
 */
export function struct(size: number, members: readonly Member[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  pointedTo.set(bytes, members.flatMap((member) => "pointer" in member ? [member.pointer] : []));
  for (const member of members) {
    if ("pointer" in member) {
      const address = Deno.UnsafePointer.value(Deno.UnsafePointer.of(member.pointer));
      view.setBigUint64(member.offset, BigInt(address), true);
    } else if ("u32" in member) {
      view.setUint32(member.offset, member.u32, true);
    } else {
      view.setBigUint64(member.offset, member.u64, true);
    }
  }
  return bytes;
}

/** A NULL-terminated array of C strings, each with its NUL. */
export const cStringArray = (strings: readonly Uint8Array[]): Uint8Array<ArrayBuffer> =>
  struct(8 * (strings.length + 1), strings.map((pointer, index) => ({ offset: 8 * index, pointer })));

/** Buffers of nonblocking calls that have not returned. */
const inUse = new Set<Uint8Array>();

/** Makes a nonblocking call and keeps `buffer` referenced until it returns: Deno does not. */
export async function withBuffer<T>(buffer: Uint8Array, call: () => Promise<T>): Promise<T> {
  inUse.add(buffer);
  try {
    return await call();
  } finally {
    inUse.delete(buffer);
  }
}

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const MAP_FAILED = 2n ** 64n - 1n;

/**
 * Memory shared with the kernel: a file descriptor mapped by mmap(2) with MAP_SHARED. Closing it detaches `buffer`, so
 * that a later read throws TypeError instead of ending the process with SIGSEGV.
 */
export class MappedMemory {
  /** The mapped bytes. Without `write` they are read-only: a store kills the process with SIGSEGV. */
  readonly buffer: ArrayBuffer;
  #pointer: Deno.PointerValue;
  readonly #length: bigint;

  /**
   * @param length bytes
   * @param options `what` names the object in messages; `offset` is in bytes, a multiple of the page size
   * @throws {BpfError} mmap failed
   */
  constructor(fd: number, length: number, options: { what: string; write: boolean; offset?: number }) {
    const protection = options.write ? PROT_READ | PROT_WRITE : PROT_READ;
    this.#length = BigInt(length);
    const pointer = libc().mmap(null, this.#length, protection, MAP_SHARED, fd, BigInt(options.offset ?? 0));
    if (pointer === null || BigInt(Deno.UnsafePointer.value(pointer)) === MAP_FAILED) {
      throw new BpfError(`mmap ${options.what}`, errnoName(libc().errno()));
    }
    this.#pointer = pointer;
    this.buffer = Deno.UnsafePointerView.getArrayBuffer(pointer, length);
  }

  /** Unmaps; may be called twice. */
  close(): void {
    if (this.#pointer === null) return;
    this.buffer.transfer(0);
    libc().munmap(this.#pointer, this.#length);
    this.#pointer = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
