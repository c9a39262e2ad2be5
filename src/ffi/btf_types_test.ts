import assert from "node:assert/strict";

import { BtfReader, Kind } from "./btf_types.ts";

/** A BTF blob of types given as words; names are written as strings and become offsets. */
function blob(types: readonly (readonly (number | string)[])[]): Uint8Array<ArrayBuffer> {
  let strings = "\0";
  const words = types.flat().map((word) => {
    if (typeof word === "number") return word;
    if (word === "") return 0;
    const known = strings.indexOf(`\0${word}\0`);
    if (known >= 0) return known + 1;
    strings += `${word}\0`;
    return strings.length - word.length - 1;
  });
  const body = new Uint8Array(
    new Uint32Array([0x0001eb9f, 24, 0, 4 * words.length, 4 * words.length, strings.length, ...words]).buffer,
  );
  const bytes = new Uint8Array(body.length + strings.length);
  bytes.set(body);
  bytes.set(new TextEncoder().encode(strings), body.length);
  return bytes;
}

const info = (kind: number, length = 0) => kind << 24 | length;
const TYPES = blob([
  ["__u64", info(Kind.int), 8, 64], // 1
  ["char", info(Kind.int), 1, 8], // 2
  ["", info(Kind.array), 0, 2, 1, 16], // 3
  ["inner", info(Kind.struct, 1), 8, "value", 1, 0], // 4
  ["filetop_key", info(Kind.struct, 2), 24, "reads", 1, 0, "comm", 3, 64], // 5
  ["reads", info(Kind.variable), 1, 1], // 6
  [".bss", info(Kind.section, 1), 8, 6, 16, 8], // 7
]);

Deno.test("BtfReader.find() distinguishes kinds when a name is used twice", () => {
  const types = new BtfReader(TYPES);
  assert.equal(types.count, 7);
  assert.equal(types.find("filetop_key", [Kind.struct])?.id, 5);
  assert.equal(types.find("reads", [Kind.variable])?.id, 6);
  assert.equal(types.find("reads", [Kind.struct]), null);
  assert.equal(types.find("read", [Kind.variable]), null);
});

Deno.test("BtfReader.members() and variables() return offsets when a struct or section has them", () => {
  const types = new BtfReader(TYPES);
  assert.deepEqual(types.members(5), [
    { name: "reads", type: 1, bitOffset: 0 },
    { name: "comm", type: 3, bitOffset: 64 },
  ]);
  assert.deepEqual(types.array(3), { type: 2, length: 16 });
  assert.deepEqual(types.variables(".bss"), [{ name: "reads", type: 1, offset: 16, size: 8 }]);
  assert.deepEqual(types.variables(".data"), []);
});

Deno.test("BtfReader.isSigned() distinguishes signed from unsigned integers", () => {
  const signed = 1 << 24;
  const types = new BtfReader(blob([
    ["int", info(Kind.int), 4, signed | 32],
    ["unsigned int", info(Kind.int), 4, 32],
  ]));
  assert.deepEqual([types.isSigned(1), types.isSigned(2)], [true, false]);
});

Deno.test("BtfReader.unqualified() follows typedefs, const and volatile to the type itself", () => {
  const types = new BtfReader(blob([
    ["unsigned int", info(Kind.int), 4, 32], // 1
    ["__u32", info(Kind.typedef), 1], // 2
    ["", info(Kind.volatile), 2], // 3
    ["", info(Kind.const), 3], // 4
  ]));
  assert.deepEqual([4, 3, 2, 1].map((id) => types.unqualified(id).name), Array(4).fill("unsigned int"));
});

Deno.test("BtfReader.parameters() and enumerators() read what follows a prototype or an enum", () => {
  const types = new BtfReader(blob([
    ["int", info(Kind.int), 4, 32], // 1
    ["", info(Kind.prototype, 2), 1, "file", 5, "count", 1], // 2
    ["kind", info(Kind.enum, 2), 4, "NONE", 0xffff_ffff, "ONE", 1], // 3
    ["wide", info(Kind.enum64, 1), 8, "BIG", 1, 1], // 4
  ]));
  assert.deepEqual(types.parameters(2), [5, 1]);
  assert.deepEqual([...types.enumerators(3)], [["NONE", -1], ["ONE", 1]]);
  assert.deepEqual([...types.enumerators(4)], [["BIG", 2 ** 32 + 1]]);
});

Deno.test("new BtfReader() throws when the bytes are not BTF", () => {
  assert.throws(() => new BtfReader(new Uint8Array(64)), /not BTF/);
  assert.throws(() => new BtfReader(new Uint8Array(3)), /not BTF/);
  assert.throws(() => new BtfReader(TYPES).type(8), /no type 8/);
});
