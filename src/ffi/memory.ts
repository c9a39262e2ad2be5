/**
 * Bytes that C reads and writes: strings, structs made of pointers, and mapped memory with a visible lifetime.
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

/** A copy of `length` bytes at `pointer`. */
export function readBytes(pointer: Deno.PointerObject, length: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(length);
  new Deno.UnsafePointerView(pointer).copyInto(copy);
  return copy;
}

/** A member of a C struct: bytes (stored as a pointer to them) or an integer of 4 or 8 bytes. */
type Member =
  & { readonly offset: number }
  & (
    | { readonly pointer: Uint8Array }
    | { readonly u32: number }
    | { readonly u64: bigint }
  );

/** What structs point to: V8 must not free it while they are in use. */
const pointedTo = new WeakMap<Uint8Array, Uint8Array[]>();

/**
 * A C struct of `size` bytes, zeroed, with members set. Pointers are stored as addresses; the bytes they point to live
 * as long as the struct: keep it referenced for as long as C may read it.
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

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const MAP_FAILED = 2n ** 64n - 1n;

/**
 * Memory shared with the kernel, mapped from a file descriptor (mmap(2), MAP_SHARED). Closing it detaches `buffer`,
 * so that a later read throws TypeError instead of ending the process with SIGSEGV.
 */
export class Mapping {
  /** The mapped bytes. Writing to a mapping made without `write` ends the process. */
  readonly buffer: ArrayBuffer;
  #pointer: Deno.PointerValue;
  readonly #length: bigint;

  /** @throws {BpfError} mmap failed; `what` names the object in the message. */
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

  /** Unmaps; may be called again. */
  close(): void {
    if (this.#pointer === null) return;
    this.buffer.transfer(0);
    libc().munmap(this.#pointer, this.#length);
    this.#pointer = null;
  }
}
