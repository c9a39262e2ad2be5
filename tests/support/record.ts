/**
 * Ring buffer records for unit tests of tools, made from the generated layouts.
 *
 * @module
 */
import type { EventClock } from "../../src/tools/lib/events.ts";

/** The layout of a struct, as scripts/gen-layouts writes it. */
interface Layout {
  readonly size: number;
  readonly offset: Readonly<Record<string, number>>;
}

/** A clock that gives the time of the record unchanged. */
const clock = {
  iso: (view: DataView, at: number) => `at ${view.getBigUint64(at, true)}`,
  seconds: (view: DataView, at: number) => Number(view.getBigUint64(at, true)) / 1e9,
} as unknown as EventClock;

/**
 * Makes a record from its members and the strings after it. A bigint fills 64 bits, a number 32, text its characters, an array 64
 * bits for each element.
 */
export function record(
  layout: Layout,
  members: Readonly<Record<string, { u8: number } | { u16: number } | number | bigint | bigint[] | string>>,
  strings: readonly string[] = [],
): { view: DataView; at: number; length: number; clock: EventClock } {
  const tail = new TextEncoder().encode(strings.map((text) => `${text}\0`).join(""));
  const at = 8;
  const bytes = new Uint8Array(at + layout.size + tail.length + 8).fill(0xee);
  bytes.fill(0, at, at + layout.size);
  bytes.set(tail, at + layout.size);
  const view = new DataView(bytes.buffer);
  for (const [name, value] of Object.entries(members)) {
    const offset = at + layout.offset[name]!;
    if (typeof value === "string") bytes.set(new TextEncoder().encode(value), offset);
    else if (typeof value === "bigint") view.setBigUint64(offset, BigInt.asUintN(64, value), true);
    else if (typeof value === "number") view.setInt32(offset, value, true);
    else if (Array.isArray(value)) {
      value.forEach((word, i) => view.setBigUint64(offset + 8 * i, BigInt.asUintN(64, word), true));
    } else if ("u16" in value) view.setUint16(offset, value.u16, true);
    else view.setUint8(offset, value.u8);
  }
  return { view, at, length: layout.size + tail.length, clock };
}
