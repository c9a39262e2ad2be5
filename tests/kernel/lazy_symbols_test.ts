import assert from "node:assert/strict";
import { lazySymbols, openWithSymbols } from "../../src/ffi/lazy_symbols.ts";

const PID = { parameters: [], result: "i32" } as const;

// The libraries stay open: nothing closes libc.
const leaves = { sanitizeResources: false };

Deno.test("lazySymbols() binds a function on first use, once", leaves, () => {
  const functions = lazySymbols("libc.so.6", { getpid: PID, pid: { name: "getpid", ...PID }, missing: PID });
  const isBound = (name: string) => Object.getOwnPropertyDescriptor(functions, name)!.get === undefined;
  assert.deepEqual(["getpid", "pid", "missing"].map(isBound), [false, false, false]);
  assert.equal(functions.pid(), Deno.pid);
  assert.deepEqual(["getpid", "pid", "missing"].map(isBound), [false, true, false]);
  assert.equal(functions.pid, functions.pid);
  assert.throws(() => functions.missing(), /missing/);
  assert.equal(functions.getpid(), Deno.pid);
});

Deno.test("openWithSymbols() throws for a missing symbol and for a missing library", leaves, () => {
  openWithSymbols("libc.so.6", { getpid: PID, pid: { name: "getpid", ...PID } });
  assert.throws(() => openWithSymbols("libc.so.6", { getpid: PID, missing: PID }), /missing/);
  assert.throws(() => openWithSymbols("libmissing.so.9", {}), /libmissing/);
});
