/**
 * Ring-buffer records for unit tests of tools, made by the generated layouts.
 *
 * @module
 */
import type { EventClock } from "../../src/tools/lib/events.ts";

/** The layout of a struct, as scripts/gen-layouts writes it. */
interface Layout {
  readonly size: number;
  readonly offset: Readonly<Record<string, number>>;
}

/** A clock that says what the record says. */
const clock = {
  iso: (view: DataView, at: number) => `at ${view.getBigUint64(at, true)}`,
  seconds: (view: DataView, at: number) => Number(view.getBigUint64(at, true)) / 1e9,
} as unknown as EventClock;

/** Members of a record and the strings behind it. Bigints fill 64 bits, text its characters, arrays 64 bits each. */
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
    const place = at + layout.offset[name]!;
    if (typeof value === "string") bytes.set(new TextEncoder().encode(value), place);
    else if (typeof value === "bigint") view.setBigUint64(place, BigInt.asUintN(64, value), true);
    else if (typeof value === "number") view.setInt32(place, value, true);
    else if (Array.isArray(value)) {
      value.forEach((word, i) => view.setBigUint64(place + 8 * i, BigInt.asUintN(64, word), true));
    } else if ("u16" in value) view.setUint16(place, value.u16, true);
    else view.setUint8(place, value.u8);
  }
  return { view, at, length: layout.size + tail.length, clock };
}
