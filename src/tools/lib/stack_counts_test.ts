import assert from "node:assert/strict";
import type { Entries, SymbolTable } from "../../bpf/mod.ts";
import { USER } from "../../../tests/support/record.ts";
import { StackCounts, StackId, StackKey, StackRecord } from "./layout.gen.ts";
import { type StackIdentity, StackSampler } from "./stack_counts.ts";
import { pack, type Struct, type StructClass } from "./struct.ts";
import { NOBODY } from "./who.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The maps of a tool, as programs would fill them. */
class FakeMaps {
  elements: [key: Bytes, value: Bytes][] = [];
  records: Bytes[] = [];
  readonly deleted: Bytes[] = [];
  missedCounts = { count: 0, time_ns: 0 };
  waitingStacks: StackIdentity[] = [];

  readonly counts = { maxEntries: 10, take: (): Entries => this.#take() };
  readonly missed = { perCpu: (): Bytes => pack(StackCounts, this.missedCounts) };
  readonly sent = {
    delete: (key: Uint8Array): boolean => {
      this.deleted.push(key.slice() as Bytes);
      return true;
    },
  };
  readonly waiting = (): StackIdentity[] => this.waitingStacks;
  readonly ring = this.#ring();
  maxFrames = 127;

  count(hash: bigint, count: number, timeNs = 0, { pid = 7, tid = 0, comm = "busy" } = {}): void {
    this.elements.push([
      pack(StackKey, { hash, pid, tid, comm, ...USER.members }),
      pack(StackCounts, { count, time_ns: timeNs }),
    ]);
  }

  write(hash: bigint, kernel: bigint[], user: bigint[], pid = 7): void {
    const head = pack(StackRecord, { kernel_frames: kernel.length, user_frames: user.length });
    head.set(pack(StackId, { hash, pid }));
    const bytes = new Uint8Array(head.length + 8 * (kernel.length + user.length));
    bytes.set(head);
    bytes.set(new Uint8Array(BigUint64Array.from([...kernel, ...user]).buffer), head.length);
    this.records.push(bytes);
  }

  #take(): Entries {
    const elements = this.elements;
    this.elements = [];
    const join = (part: 0 | 1, { layout }: StructClass<Struct>): DataView<ArrayBuffer> => {
      const bytes = new Uint8Array(elements.length * layout.size);
      elements.forEach((element, i) => bytes.set(element[part], i * layout.size));
      return new DataView(bytes.buffer);
    };
    return {
      count: elements.length,
      keys: join(0, StackKey),
      values: join(1, StackCounts),
      keySize: StackKey.layout.size,
      valueSize: StackCounts.layout.size,
    };
  }

  #ring() {
    // deno-lint-ignore no-this-alias
    const maps = this;
    return {
      size: 4096,
      get backlog(): number {
        return maps.records.reduce((sum, { length }) => sum + length, 0);
      },
      consume(onRecord: (view: DataView<ArrayBuffer>, at: number, length: number) => void): number {
        const records = maps.records.splice(0);
        for (const bytes of records) onRecord(new DataView(bytes.buffer), 0, bytes.length);
        return records.length;
      },
    };
  }
}

const SYMBOLS = {
  find: (address: bigint) => address < 0x100n ? null : { name: `k${address.toString(16)}`, address },
} as unknown as SymbolTable;

function sampler(maps: FakeMaps, resolved: unknown[] = []): StackSampler {
  return new StackSampler(maps, {
    symbols: SYMBOLS,
    user: {
      frames: (pid, addresses) => addresses.map((address) => `u${pid}:${address.toString(16)}`),
      resolve: (requests) => Promise.resolve(void resolved.push(...requests)),
    },
    own: { isOfProgram: false, isOwn: (address) => address === 0x1n },
  });
}

Deno.test("StackSampler names the functions of each counted stack, outermost first", () => {
  const maps = new FakeMaps(), resolved: unknown[] = [];
  const reader = sampler(maps, resolved);
  maps.write(5n, [0x1n, 0x200n, 0x100n], [0x20n, 0x10n]);
  maps.count(5n, 3, 30);
  assert.equal(reader.poll(Infinity), "quiet");
  const request = { pid: 7, addresses: [0x20n, 0x10n] };
  assert.deepEqual(resolved.splice(0), [request]);
  assert.deepEqual(reader.sample(), {
    stacks: [{
      pid: 7,
      tid: 0,
      comm: "busy",
      who: { ...NOBODY, ...USER.columns },
      count: 3,
      timeNs: 30,
      path: { kernel: ["k100", "k200"], user: ["u7:10", "u7:20"] },
    }],
    missed: { count: 0, timeNs: 0 },
  });
  assert.equal(reader.fill(), 0.1);
  assert.deepEqual(resolved, [request]);
});

Deno.test("StackSampler keeps the addresses of a stack that was written once", () => {
  const maps = new FakeMaps();
  const reader = sampler(maps);
  maps.write(5n, [0x100n], []);
  for (let i = 0; i < 3; i++) {
    maps.count(5n, 1);
    assert.deepEqual(reader.sample().stacks[0]!.path, { kernel: ["k100"], user: [] });
  }
});

Deno.test("StackSampler returns what was counted without a stack, and without an element", () => {
  const maps = new FakeMaps();
  const reader = sampler(maps);
  maps.count(9n, 2);
  maps.missedCounts = { count: 5, time_ns: 50 };
  const first = reader.sample();
  assert.deepEqual(first.stacks.map(({ count, path }) => [count, path]), [[2, null]]);
  assert.deepEqual(first.missed, { count: 5, timeNs: 50 });
  maps.missedCounts = { count: 6, time_ns: 60 };
  assert.deepEqual(reader.sample().missed, { count: 1, timeNs: 10 });
});

Deno.test("StackSampler marks a stack that may have been cut", () => {
  const maps = new FakeMaps();
  const reader = sampler(maps);
  maps.write(5n, Array.from({ length: 127 }, () => 0x100n), [0x10n]);
  maps.count(5n, 1);
  const path = reader.sample().stacks[0]!.path!;
  assert.equal(path.kernel[0], "…");
  assert.equal(path.kernel.length, 128);
  assert.deepEqual(path.user, ["u7:10"]);
});

Deno.test("StackSampler drops stacks that are out of use, but not those of waits in progress", () => {
  const maps = new FakeMaps();
  const reader = sampler(maps);
  const many = 8193;
  for (let i = 0; i < many; i++) maps.write(BigInt(i), [0x100n], []);
  maps.waitingStacks = [{ hash: 3n, pid: 7 }];
  reader.sample();
  assert.equal(maps.deleted.length, 0);
  maps.count(4n, 1);
  reader.sample();
  reader.sample();
  assert.equal(maps.deleted.length, many - 2);
  const hashes = maps.deleted.map((bytes) => new BigUint64Array(bytes.buffer)[0]);
  assert.ok(!hashes.includes(3n) && !hashes.includes(4n));
  // A program found stack 5 in the map just before it was deleted.
  maps.count(5n, 1);
  maps.count(3n, 1);
  assert.ok(reader.sample().stacks.every(({ path }) => path !== null));
  maps.count(5n, 1);
  assert.equal(reader.sample().stacks[0]!.path, null);
});

Deno.test("StackSampler marks stacks as long as the kernel walks them, which may have been cut", () => {
  const maps = new FakeMaps();
  maps.maxFrames = 3;
  const reader = sampler(maps);
  maps.write(1n, [0x200n, 0x100n], [0x30n, 0x20n, 0x10n]);
  maps.write(2n, [0x300n, 0x200n, 0x100n], []);
  maps.count(1n, 1);
  maps.count(2n, 1);
  assert.deepEqual(reader.sample().stacks.map(({ path }) => path), [
    { kernel: ["k100", "k200"], user: ["…", "u7:10", "u7:20", "u7:30"] },
    { kernel: ["…", "k100", "k200", "k300"], user: [] },
  ]);
});
