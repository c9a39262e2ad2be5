import assert from "node:assert/strict";
import type { Entries } from "../../bpf/mod.ts";
import { DoubleHash } from "./double_hash.ts";
import { mapEntries } from "./maps.ts";
import { Struct, U32 } from "./struct.ts";

/** A value of two counters around a number that is none, and a cgroup. */
class Value extends Struct {
  static readonly layout = {
    size: 32,
    members: {
      calls: { offset: 0, type: "u64" },
      pid: { offset: 8, type: "u32" },
      bytes: { offset: 16, type: "u64" },
      cgroup_id: { offset: 24, type: "u64" },
    },
  } as const;

  get layout(): typeof Value.layout {
    return Value.layout;
  }

  get pid(): number {
    return this.u32(8);
  }
}

interface Row {
  calls: bigint;
  pid: number;
  bytes: bigint;
  cgroup_id: bigint;
}

/** What was counted for a key: pid and cgroup are ten and a hundred times the key. */
const rowOf = (key: number, calls: bigint, bytes: bigint): Row => ({
  calls,
  bytes,
  pid: 10 * key,
  cgroup_id: 100n * BigInt(key),
});

/** A hash map by key, as the kernel would return it. */
class FakeHash {
  readonly maxEntries = 10;
  readonly keySize = 4;
  readonly valueSize = Value.layout.size;
  readonly rows = new Map<number, Row>();

  entries(): Entries {
    const { keySize, valueSize } = this;
    const keys = new DataView(Uint32Array.from(this.rows.keys()).buffer);
    const values = new DataView(new ArrayBuffer(this.rows.size * valueSize));
    [...this.rows.values()].forEach(({ calls, pid, bytes, cgroup_id }, i) => {
      values.setBigUint64(i * valueSize, calls, true);
      values.setUint32(i * valueSize + 8, pid, true);
      values.setBigUint64(i * valueSize + 16, bytes, true);
      values.setBigUint64(i * valueSize + 24, cgroup_id, true);
    });
    return { count: this.rows.size, keys, keySize, values, valueSize };
  }

  drain(): Entries {
    const entries = this.entries();
    this.rows.clear();
    return entries;
  }
}

/** The two hashes of an object, and a program that counts calls in the active one. */
class FakeObject {
  readonly hashes = [new FakeHash(), new FakeHash()];
  filled = 0;

  map(name: string): FakeHash {
    return this.hashes[["rows_0", "rows_1"].indexOf(name)]!;
  }

  globalWriter(name: string): (value: number) => void {
    assert.equal(name, "active_hash");
    return (value) => this.filled = value;
  }

  count(key: number, bytes: bigint, hash = this.filled): void {
    const { rows } = this.hashes[hash]!;
    const row = rows.get(key) ?? rowOf(key, 0n, 0n);
    rows.set(key, { ...row, calls: row.calls + 1n, bytes: row.bytes + bytes });
  }
}

function makeDouble(): { object: FakeObject; take: () => Record<number, Row> } {
  const object = new FakeObject();
  const double = new DoubleHash(object as never, "rows", Value);
  return {
    object,
    take: () =>
      Object.fromEntries(
        mapEntries(double.take(), [U32, Value], (key, value) => [key.value, {
          pid: value.pid,
          ...value.counters(),
        }]),
      ),
  };
}

Deno.test("DoubleHash.take() returns what was counted in each interval", () => {
  const { object, take } = makeDouble();
  object.count(1, 5n);
  object.count(1, 7n);
  object.count(2, 9n);
  assert.deepEqual(take(), {
    1: rowOf(1, 2n, 12n),
    2: rowOf(2, 1n, 9n),
  });
  object.count(2, 1n);
  assert.deepEqual(take(), { 2: rowOf(2, 1n, 1n) });
  assert.deepEqual(take(), {});
  object.count(3, 0n);
  assert.deepEqual(take(), { 3: rowOf(3, 1n, 0n) });
});

Deno.test("DoubleHash.take() keeps the elements of an ended interval until no program can hold one of them", () => {
  const { object, take } = makeDouble();
  object.count(1, 5n);
  take();
  assert.deepEqual(object.hashes.map(({ rows }) => rows.size), [1, 0]);
  object.count(2, 6n);
  take();
  assert.deepEqual(object.hashes.map(({ rows }) => rows.size), [0, 1]);
});

Deno.test("DoubleHash.take() adds what a program counted in an element after it was read to the next interval", () => {
  const { object, take } = makeDouble();
  object.count(1, 5n);
  object.count(2, 5n);
  take();
  object.count(1, 100n, 0); // to a key that the next interval has, too
  object.count(2, 200n, 0); // to one that it has not
  object.count(3, 300n, 0); // inserted after the read
  object.count(1, 7n);
  object.count(4, 8n);
  assert.deepEqual(take(), {
    1: rowOf(1, 2n, 107n),
    2: rowOf(2, 1n, 200n),
    3: rowOf(3, 1n, 300n),
    4: rowOf(4, 1n, 8n),
  });
  assert.deepEqual(take(), {});
});

Deno.test("DoubleHash takes what its values begin with for counters, and refuses values without them", () => {
  class Uncounted extends Value {
    static override readonly layout = {
      size: 8,
      members: { cgroup_id: { offset: 0, type: "u64" } },
    } as never;
  }
  assert.throws(() => new DoubleHash(new FakeObject() as never, "rows", Uncounted), /no counters/);
});

Deno.test("DoubleHash.take() leaves out elements that were inserted and not yet counted, until they are", () => {
  const { object, take } = makeDouble();
  for (const key of [1, 3, 5]) object.hashes[0]!.rows.set(key, rowOf(key, 0n, 0n));
  object.count(2, 6n);
  object.count(4, 7n);
  assert.deepEqual(take(), { 2: rowOf(2, 1n, 6n), 4: rowOf(4, 1n, 7n) });
  object.count(3, 8n, 0);
  assert.deepEqual(take(), { 3: rowOf(3, 1n, 8n) });
});

Deno.test("DoubleHash.take() counts an addition once when elements are read in another order", () => {
  const { object, take } = makeDouble();
  object.count(1, 5n);
  object.count(2, 6n);
  take();
  const [first, ...others] = [...object.hashes[0]!.rows];
  object.hashes[0]!.rows.clear();
  for (const [key, row] of [...others, first!]) object.hashes[0]!.rows.set(key, row);
  assert.deepEqual(take(), {});
});
