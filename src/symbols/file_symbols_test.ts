import assert from "node:assert/strict";
import { BUILD_ID, CODE, type MadeFunction, makeElf } from "../../tests/support/elf.ts";
import { addressOf, parseElf, sourceOf } from "./elf.ts";
import { FileSymbols, type OpenDebugFile } from "./file_symbols.ts";

const NO_DEBUG_FILE: OpenDebugFile = () => null;
const at = (offset: number): number => CODE.address + offset;

/** The names that a file gives addresses, by their distance from the start of the code. */
function namesOf(
  bytes: Uint8Array,
  offsets: readonly number[],
  open: OpenDebugFile = NO_DEBUG_FILE,
): (string | null)[] {
  const source = sourceOf(bytes);
  const symbols = new FileSymbols(source, open);
  return offsets.map((offset) => symbols.nameOf(source, open, at(offset)));
}

const TWO: readonly MadeFunction[] = [
  { name: "second", address: at(0x40), size: 0x20 },
  { name: "first", address: at(0), size: 0x20 },
];

for (const bits of [32, 64] as const) {
  Deno.test(`FileSymbols names addresses inside functions of a file of ${bits} bits, from the first byte to the last`, () => {
    const names = namesOf(makeElf(TWO, { bits }), [0, 0x1f, 0x20, 0x3f, 0x40, 0x5f, 0x60]);
    assert.deepEqual(names, ["first", "first", null, null, "second", "second", null]);
    assert.deepEqual(namesOf(makeElf(TWO, { bits, table: "dynsym" }), [0x10, 0x50]), ["first", "second"]);
  });
}

Deno.test("FileSymbols.addressOf() maps offsets in the file, and nothing outside its segments", () => {
  const symbols = new FileSymbols(sourceOf(makeElf(TWO)), NO_DEBUG_FILE);
  assert.equal(symbols.addressOf(CODE.offset), CODE.address);
  assert.equal(symbols.addressOf(CODE.offset + CODE.size - 1), CODE.address + CODE.size - 1);
  assert.equal(symbols.addressOf(CODE.offset - 1), null);
  assert.equal(symbols.addressOf(CODE.offset + CODE.size), null);
});

Deno.test("addressOf() prefers the segment with code where two segments overlap in the file", () => {
  const data = { offset: 0, address: 0x10_0000, length: 0x2000, executable: false };
  const code = { offset: 0x1000, address: 0x20_0000, length: 0x1000, executable: true };
  assert.equal(addressOf([data, code], 0x1800), 0x20_0800);
  assert.equal(addressOf([data, code], 0x800), 0x10_0800);
});

Deno.test("FileSymbols names an address by the innermost function, and the last label without a size ends with its section", () => {
  const functions = [
    { name: "outer", address: at(0), size: 0x100 },
    { name: "inner", address: at(0x20), size: 0x10 },
    { name: "label_in_outer", address: at(0x40), size: 0, info: 0x10 },
    { name: "assembly", address: at(0x200), size: 0, info: 0x10 },
    { name: "next", address: at(0x300), size: 0x10 },
    { name: "last", address: at(0x400), size: 0, info: 0x10 },
  ];
  assert.deepEqual(
    namesOf(makeElf(functions), [0x10, 0x28, 0x30, 0x48, 0x150, 0x2ff, 0x310, CODE.size - 1, CODE.size]),
    ["outer", "inner", "outer", "outer", null, "assembly", null, "last", null],
  );
});

Deno.test("FileSymbols takes the global function of several symbols with one address, and no data or undefined symbol", () => {
  const same = { address: at(0), size: 0x10 };
  const functions = [
    { ...same, name: "label", info: 0x10, size: 0 },
    { ...same, name: "local", info: 0x02 },
    { ...same, name: "weak", info: 0x22 },
    { ...same, name: "global" },
    { ...same, name: "data", info: 0x11, address: at(0x20) },
    { ...same, name: "undefined", section: 0, address: at(0x40) },
    { ...same, name: "constant", section: 0xfff1, address: at(0x60) },
  ];
  assert.deepEqual(namesOf(makeElf(functions), [0, 0x20, 0x40, 0x60]), ["global", null, null, null]);
});

Deno.test("FileSymbols names what a stripped file does not export from its debug information", () => {
  const stripped = makeElf([{ name: "exported", address: at(0), size: 0x10 }], { table: "dynsym" });
  const debug = makeElf([{ name: "hidden", address: at(0x20), size: 0x10 }]);
  const asked: string[] = [];
  let closed = 0;
  const open: OpenDebugFile = (buildId) => {
    asked.push(buildId);
    return { ...sourceOf(debug), [Symbol.dispose]: () => void closed++ };
  };
  assert.deepEqual(namesOf(stripped, [0, 0x20, 0x40], open), ["exported", "hidden", null]);
  assert.deepEqual(new Set(asked), new Set([BUILD_ID]));
  assert.equal(closed, asked.length);
});

Deno.test("parseElf() refuses other files, big-endian ones and cut headers", () => {
  const elf = makeElf(TWO);
  const changed = (index: number, value: number) => {
    const bytes = elf.slice();
    bytes[index] = value;
    return parseElf(sourceOf(bytes));
  };
  assert.equal(parseElf(sourceOf(elf))?.buildId, BUILD_ID);
  assert.equal(parseElf(sourceOf(makeElf(TWO, { buildId: false })))?.buildId, null);
  assert.equal(changed(0, 0), null);
  assert.equal(changed(4, 3), null);
  assert.equal(changed(5, 2), null);
  for (const length of [0, 4, 51, 63]) assert.equal(parseElf(sourceOf(elf.slice(0, length))), null);
});

/** A generator of numbers below 2^32, the same at every run (Numerical Recipes, "quick and dirty"). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
}

Deno.test("FileSymbols survives 2,000 damaged files, reads a bounded part of each, and names an address the same way twice", () => {
  const random = randomNumbers(15);
  const original = [makeElf(TWO), makeElf(TWO, { bits: 32 }), makeElf(TWO, { table: "dynsym" })];
  const extremes = [0, 1, 0x7f, 0x80, 0xff];
  let read = 0;
  let named = 0;
  for (let round = 0; round < 2000; round++) {
    const bytes = original[round % original.length]!.slice();
    for (let count = 1 + random() % 8; count > 0; count--) {
      // Half of the changes are in headers, where they matter most.
      const headers = [random() % 128, bytes.length - 1 - random() % 320];
      const index = random() % 2 === 0 ? headers[random() % 2]! : random() % bytes.length;
      bytes[index] = random() % 2 === 0 ? extremes[random() % extremes.length]! : random() % 256;
    }
    const damaged = round % 10 === 0 ? bytes.slice(0, random() % bytes.length) : bytes;
    const source = {
      read(offset: number, length: number) {
        assert.ok(length >= 0 && length <= 64 * 1024 * 1024, `${length} bytes at once`);
        assert.ok(Number.isFinite(offset) && offset >= 0);
        read += Math.min(length, damaged.length);
        return damaged.slice(offset, offset + length);
      },
    };
    const symbols = new FileSymbols(source, NO_DEBUG_FILE);
    assert.ok(symbols.bytes < 256 * 1024);
    for (const offset of [0, 0x10, 0x50, 0x1000, 2 ** 40]) {
      const name = symbols.nameOf(source, NO_DEBUG_FILE, at(offset));
      if (name !== null) named++;
      assert.equal(symbols.nameOf(source, NO_DEBUG_FILE, at(offset)), name);
      assert.ok(!/[;\n]/.test(name ?? ""));
    }
  }
  assert.ok(named > 1000, "most damage leaves names");
  assert.ok(read < 2000 * 512 * 1024, `${read} bytes`);
});

Deno.test("FileSymbols of a file with an endless symbol table reads a bounded part of it", () => {
  const bytes = makeElf(TWO);
  const view = new DataView(bytes.buffer);
  const sections = Number(view.getBigUint64(40, true));
  view.setBigUint64(sections + 2 * 64 + 32, 2n ** 62n, true);
  let read = 0;
  const source = {
    read(offset: number, length: number) {
      read += length;
      const found = bytes.slice(offset, offset + length);
      const filled = new Uint8Array(length);
      filled.set(found);
      return filled;
    },
  };
  const symbols = new FileSymbols(source, NO_DEBUG_FILE);
  assert.ok(read < 128 * 1024 * 1024, `${read} bytes`);
  assert.ok(symbols.bytes < 1024 * 1024);
  assert.equal(symbols.nameOf(source, NO_DEBUG_FILE, at(0)), "first");
});
