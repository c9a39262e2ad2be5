/**
 * The fixture object tests/fixtures/umask.bpf.c: it counts umask(2) calls of this process only.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type Attached,
  attachObject,
  type AttachRequest,
  BpfObject,
  type Hook,
  type RingBuffer,
  setMessageListener,
} from "../../src/bpf/mod.ts";

const UMASK = { x86_64: 95, aarch64: 166 }[Deno.build.arch];
const bytes = Deno.readFileSync(join(import.meta.dirname!, "../../build/fixtures/umask.bpf.o"));

/** The hook of the program that counts umask calls on a raw tracepoint. */
export const COUNTING: Hook = {
  name: "sys_enter",
  tiers: { tracepoint: [{ all: ["sys_enter__tracepoint"] }] },
};

/** Opens the fixture without loading it. */
export function openFixture(): BpfObject {
  return BpfObject.openBytes("umask", bytes);
}

/** Attaches the fixture, by default with {@linkcode COUNTING}. */
export function attachFixture(request: Partial<AttachRequest> = {}): Promise<Attached> {
  const constants = { target_tgid: Deno.pid, umask_number: UMASK, records_per_call: 0, ...request.constants };
  return attachObject({ tool: "umask", hooks: [COUNTING], ...request, constants }, openFixture);
}

// libbpf and its message callback stay open from their first use: open them before any test looks for leaks.
setMessageListener(() => {});
openFixture().close();
setMessageListener(null);

/** Calls umask(2) `count` times and leaves the mask as it is. */
export function callUmask(count: number): void {
  const mask = Deno.umask();
  for (let made = 2; made < count; made++) Deno.umask(mask);
}

/** A global of the fixture as the kernel has it now. */
export function readGlobal({ object }: Attached, name: string): bigint {
  return object.global(name)();
}

/** The little-endian bytes of a 32-bit key. */
export function key32(value: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new Uint32Array([value]).buffer);
}

/** Reads the submitted records of a ring: their numbers and lengths. */
export function takeRecords(ring: RingBuffer, limit?: number): { number: bigint; length: number }[] {
  const taken: { number: bigint; length: number }[] = [];
  ring.consume(
    (view, offset, length) => {
      const number = view.getBigUint64(offset, true);
      // The last word repeats it, also where the record wraps.
      if (length % 8 === 0) assert.equal(view.getBigUint64(offset + length - 8, true), number);
      taken.push({ number, length });
    },
    limit,
  );
  return taken;
}
