import assert from "node:assert/strict";
import { NOT_CODE, type ProcessNames, type ProcessRequest } from "./messages.ts";
import { type SymbolWorker, UserSymbols } from "./user_symbols.ts";

/** A worker that keeps what it is asked, and answers with `answer`, if that is not null. */
class FakeWorker implements SymbolWorker {
  onmessage: SymbolWorker["onmessage"] = () => {};
  onerror: SymbolWorker["onerror"] = () => {};
  readonly asked: ProcessRequest[] = [];
  terminated = false;

  constructor(readonly answer: (request: ProcessRequest) => ProcessNames | null) {}

  postMessage(requests: readonly ProcessRequest[]): void {
    for (const request of requests) {
      this.asked.push(request);
      const data = this.answer(request);
      if (data === null) return;
      queueMicrotask(() => this.onmessage(new MessageEvent("message", { data })));
    }
  }

  terminate(): void {
    this.terminated = true;
  }
}

/** An answer that names each open address "f" and the address in hexadecimal. */
function named(
  { pid, open, final, generation: known }: ProcessRequest,
  { generation = "1", isFinal = true, name = (address: number) => `f${address.toString(16)}` } = {},
): ProcessNames {
  const addresses = known === generation ? open : Float64Array.from([...open, ...final]);
  return {
    pid,
    generation,
    addresses,
    names: Array.from(addresses, name),
    isFinal: new Uint8Array(addresses.length).fill(isFinal ? 1 : 0),
  };
}

Deno.test("UserSymbols looks up return addresses one byte before, and asks once for final names", async () => {
  const worker = new FakeWorker((request) => named(request));
  using symbols = new UserSymbols({ startWorker: () => worker });
  const stack = { pid: 7, addresses: [0x10n, 0x20n, 0x20n] };
  assert.deepEqual(symbols.frames(7, stack.addresses), ["[unknown]", "[unknown]", "[unknown]"]);
  await symbols.resolve([stack, { pid: 7, addresses: [0x1fn] }]);
  assert.deepEqual(symbols.frames(7, stack.addresses), ["f10", "f1f", "f1f"]);
  await symbols.resolve([stack]);
  assert.deepEqual(worker.asked.map(({ open, final }) => [[...open], [...final]]), [
    [[0x10, 0x1f], []],
    [[], [0x10, 0x1f]],
  ]);
});

Deno.test("UserSymbols asks again for names that may change, and keeps a name over an unknown one", async () => {
  const names = ["first", "second", "[unknown]"];
  const worker = new FakeWorker((request) => {
    const name = names.shift()!;
    return named(request, { isFinal: false, name: () => name });
  });
  using symbols = new UserSymbols({ startWorker: () => worker });
  const stack = { pid: 7, addresses: [0x10n] };
  for (const expected of ["first", "second", "second"]) {
    await symbols.resolve([stack]);
    assert.deepEqual(symbols.frames(7, stack.addresses), [expected]);
  }
});

Deno.test("UserSymbols ends a stack with … where the address of a caller is not one of code", async () => {
  const notCode = new Set([0x2f]);
  const worker = new FakeWorker((request) =>
    named(request, {
      isFinal: false,
      name: (address) => notCode.has(address) ? NOT_CODE : `f${address.toString(16)}`,
    })
  );
  using symbols = new UserSymbols({ startWorker: () => worker });
  const stacks = [[0x10n, 0x20n, 0x30n, 0x40n], [0x2fn, 0x40n]].map((addresses) => ({ pid: 7, addresses }));
  const frames = async (): Promise<string[][]> => {
    await symbols.resolve(stacks);
    return stacks.map(({ pid, addresses }) => symbols.frames(pid, addresses));
  };
  assert.deepEqual(await frames(), [["f10", "f1f", "…"], ["[unknown]", "f3f"]]);
  // Code that a JIT compiler makes there later has its name, also when it has been dropped again.
  notCode.clear();
  assert.deepEqual((await frames())[0], ["f10", "f1f", "f2f", "f3f"]);
  notCode.add(0x2f);
  assert.deepEqual((await frames())[0], ["f10", "f1f", "f2f", "f3f"]);
});

Deno.test("UserSymbols drops names of another program, and keeps those of an ended process", async () => {
  let generation: string | null = "1";
  const worker = new FakeWorker((request) =>
    generation === null
      ? { pid: request.pid, generation, addresses: new Float64Array(), names: [], isFinal: new Uint8Array() }
      : named(request, { generation, name: () => `of ${generation}` })
  );
  using symbols = new UserSymbols({ startWorker: () => worker });
  const stack = { pid: 7, addresses: [0x10n] };
  const after = async (next: string | null) => {
    generation = next;
    await symbols.resolve([stack]);
    return symbols.frames(7, [0x10n, 0x41n]);
  };
  await symbols.resolve([{ pid: 7, addresses: [0x40n] }]);
  assert.deepEqual(await after("1"), ["of 1", "of 1"]);
  assert.deepEqual(await after(null), ["of 1", "of 1"]);
  assert.deepEqual(await after("2"), ["of 2", "[unknown]"]);
});

Deno.test("UserSymbols leaves a worker that does not answer, and goes on without that process", async () => {
  const workers: FakeWorker[] = [];
  const startWorker = (): FakeWorker => {
    const worker = new FakeWorker((request) => request.pid === 666 ? null : named(request));
    workers.push(worker);
    return worker;
  };
  using symbols = new UserSymbols({ startWorker, timeoutMs: 1 });
  const stacks = [{ pid: 1, addresses: [0x10n] }, { pid: 666, addresses: [0x10n] }, {
    pid: 2,
    addresses: [0x10n],
  }];
  await symbols.resolve(stacks);
  const names = () => stacks.map(({ pid, addresses }) => symbols.frames(pid, addresses)[0]);
  assert.deepEqual(names(), ["f10", "[unknown]", "[unknown]"]);
  assert.ok(workers[0]!.terminated);
  await symbols.resolve(stacks);
  assert.deepEqual(names(), ["f10", "[unknown]", "f10"]);
  assert.equal(workers.length, 2);
  assert.ok(!workers[1]!.terminated);
});

Deno.test("UserSymbols starts no more workers after four did not answer", async () => {
  let started = 0;
  const startWorker = (): FakeWorker => {
    started++;
    return new FakeWorker(() => null);
  };
  using symbols = new UserSymbols({ startWorker, timeoutMs: 1 });
  for (let pid = 1; pid <= 10; pid++) await symbols.resolve([{ pid, addresses: [0x10n] }]);
  assert.equal(started, 4);
});

Deno.test("UserSymbols keeps a bounded number of names, of the processes used last", async () => {
  const worker = new FakeWorker((request) => named(request));
  using symbols = new UserSymbols({ startWorker: () => worker });
  const addresses = Array.from({ length: 60_000 }, (_, index) => BigInt(index * 16 + 16));
  for (let pid = 1; pid <= 6; pid++) await symbols.resolve([{ pid, addresses }]);
  const known = [1, 2, 3, 4, 5, 6].map((pid) => symbols.frames(pid, [0x10n])[0] !== "[unknown]");
  assert.deepEqual(known, [false, false, true, true, true, true]);
});
