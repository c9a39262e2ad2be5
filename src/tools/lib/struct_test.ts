import assert from "node:assert/strict";
import { type Members, pack, readTexts, Struct, U64 } from "./struct.ts";

const demo = {
  size: 40,
  members: {
    total: { offset: 0, type: "u64" },
    slots: { offset: 8, type: "u64", length: 2 },
    ret: { offset: 24, type: "s32" },
    flag: { offset: 28, type: "u8" },
    name: { offset: 30, type: "char", length: 10 },
  },
} as const;

class Demo extends Struct {
  static readonly layout = demo;

  get layout(): typeof demo {
    return demo;
  }

  get total(): number {
    return this.u64(0);
  }

  get ret(): number {
    return this.s32(24);
  }

  get difference(): number {
    return this.s64(0);
  }

  get name(): string {
    return this.text(30, 10);
  }
}

/** A struct 8 bytes into its buffer, with these bytes for itself and what follows. */
function demoOf(members: Members<Demo>, byteLength: number = demo.size): Demo {
  const bytes = new Uint8Array(8 + demo.size + 8);
  bytes.set(pack(Demo, members), 8);
  return new Demo(new DataView(bytes.buffer), 8, byteLength);
}

Deno.test("Struct reads members at their offsets, with their sign", () => {
  const struct = demoOf({ total: 2n ** 40n + 5n, ret: -2, name: "ab\x1b" });
  assert.deepEqual([struct.total, struct.ret, struct.name], [2 ** 40 + 5, -2, "ab\\x1b"]);
  assert.equal(demoOf({ total: -3n }).difference, -3);
  assert.equal(demoOf({ total: -(2n ** 40n) }).difference, -(2 ** 40));
});

Deno.test("Struct reads counts exactly up to 2^53, and exact() beyond", () => {
  assert.equal(demoOf({ total: 2n ** 53n - 1n }).total, Number.MAX_SAFE_INTEGER);
  assert.equal(demoOf({ total: 2n ** 64n - 1n }).exact("total"), 2n ** 64n - 1n);
  assert.deepEqual(demoOf({ slots: [1n, 2n ** 63n] }).exact("slots"), [1n, 2n ** 63n]);
});

Deno.test("Struct cuts a text at the end of the record", () => {
  assert.equal(demoOf({ name: "abcdefgh" }, 34).name, "abcd");
});

Deno.test("Struct reads the texts that follow it", () => {
  const view = new DataView(new ArrayBuffer(60));
  new TextEncoder().encodeInto("/etc\0\0a\x1b\0yy", new Uint8Array(view.buffer, 8 + demo.size));
  const struct = new Demo(view, 8, demo.size + 8);
  assert.equal(struct.trailingBytes, 8);
  assert.deepEqual(struct.trailingTexts(), ["/etc", "", "a\\x1b"]);
  assert.equal(struct.trailingText(), "/etc");
  assert.equal(struct.trailingText(6, 1), "a");
  assert.deepEqual(new Demo(view, 8, demo.size).trailingTexts(), []);
});

const named = {
  size: 259,
  members: { name: { offset: 0, type: "char", length: 257 } },
} as const;

class Named extends Struct {
  static readonly layout = named;

  get layout(): typeof named {
    return named;
  }

  get name(): string {
    return this.text(0, 257);
  }
}

Deno.test("Struct marks a file name of more than 255 bytes as cut", () => {
  const nameOf = (name: string): string => {
    const bytes = pack(Named, { name: name.slice(0, 256) });
    bytes[258] = 0x79; // undefined after the NUL
    return new Named(new DataView(bytes.buffer), 0, bytes.length).name;
  };
  assert.equal(nameOf("n".repeat(255)), "n".repeat(255));
  assert.equal(nameOf("n".repeat(256)), `${"n".repeat(255)}\\…`);
  assert.equal(nameOf("n".repeat(300)), `${"n".repeat(255)}\\…`);
});

Deno.test("Struct.trailingTexts() marks long file names, and no other texts", () => {
  const long = "n".repeat(256);
  const view = new DataView(
    new TextEncoder().encode(`${"\0".repeat(demo.size)}${long}\0${long}\0etc\0`).buffer,
  );
  const struct = new Demo(view, 0, view.byteLength);
  assert.deepEqual(struct.trailingTexts(), [long, long, "etc"]);
  assert.deepEqual(struct.trailingTexts(1), [long, `${"n".repeat(255)}\\…`, "etc"]);
  assert.equal(struct.trailingName(257, 257), `${"n".repeat(255)}\\…`);
});

Deno.test("Struct.counters() returns the u64 members, summed over all CPUs", () => {
  const bytes = new Uint8Array(3 * demo.size);
  const view = new DataView(bytes.buffer);
  for (let cpu = 0; cpu < 3; cpu++) {
    const members = { total: 10n ** BigInt(cpu), slots: [cpu, 2n ** 62n], ret: -1 };
    bytes.set(pack(Demo, members), cpu * demo.size);
  }
  assert.deepEqual(new Demo(view, 0, view.byteLength).counters(), {
    total: 111n,
    slots: [3n, 3n * 2n ** 62n],
  });
  assert.deepEqual(new Demo(view, 0, demo.size).counters(), { total: 1n, slots: [0n, 2n ** 62n] });
});

Deno.test("U64 reads a bare number", () => {
  const view = new DataView(BigUint64Array.of(0n, 2n ** 64n - 1n).buffer);
  assert.equal(new U64(view, 8, 8).exact("value"), 2n ** 64n - 1n);
});

Deno.test("pack() writes the members and leaves the others zero", () => {
  const struct = demoOf({ flag: 1, ret: -1 });
  assert.deepEqual([struct.ret, struct.total, struct.name], [-1, 0, ""]);
});

Deno.test("readTexts() splits at NULs, keeps empty texts and stays in its field", () => {
  const bytes = new TextEncoder().encode("x/etc\0\0a\x1b\0yy");
  const view = new DataView(bytes.buffer, 1);
  assert.deepEqual(readTexts(view, 0, 8), ["/etc", "", "a\\x1b"]);
  assert.deepEqual(readTexts(view, 0, 0), []);
});
