import assert from "node:assert/strict";
import { elfSection } from "./layouts.ts";

/** A little-endian ELF64 file with one named section, and the section of names. */
function elf(name: string, content: string): Uint8Array<ArrayBuffer> {
  const names = `\0${name}\0.shstrtab\0`;
  const bytes = new Uint8Array(64 + content.length + names.length + 3 * 64);
  const view = new DataView(bytes.buffer);
  const encoder = new TextEncoder();
  bytes.set(encoder.encode(content + names), 64);
  const table = 64 + content.length + names.length;
  view.setBigUint64(40, BigInt(table), true);
  view.setUint16(58, 64, true);
  view.setUint16(60, 3, true);
  view.setUint16(62, 2, true);
  const section = (index: number, [nameAt, offset, size]: readonly [number, number, number]) => {
    view.setUint32(table + 64 * index, nameAt, true);
    view.setBigUint64(table + 64 * index + 24, BigInt(offset), true);
    view.setBigUint64(table + 64 * index + 32, BigInt(size), true);
  };
  section(1, [1, 64, content.length]);
  section(2, [name.length + 2, 64 + content.length, names.length]);
  return bytes;
}

Deno.test("elfSection() gives the bytes of a section when the file has it", () => {
  assert.equal(new TextDecoder().decode(elfSection(elf(".BTF", "types"), ".BTF")), "types");
});

Deno.test("elfSection() throws when the file has no such section", () => {
  assert.throws(() => elfSection(elf(".BTF.ext", "types"), ".BTF"), /no section \.BTF/);
});
