import assert from "node:assert/strict";
import type { BpfObject } from "../../bpf/mod.ts";
import { Losses } from "./layout.gen.ts";
import { LossReader } from "./losses.ts";
import { pack } from "./struct.ts";

Deno.test("LossReader.take() has what was lost since the last call", () => {
  const globals = new DataView(new ArrayBuffer(32));
  const object = {
    name: "demo",
    variable: () => ({ map: ".bss", offset: 8 }),
    map: () => ({ globals: () => globals }),
  } as unknown as BpfObject;
  const reader = new LossReader({ object });
  pack(Losses, globals, 8, { events: 5n, keys: 2n });
  assert.deepEqual(reader.take(), { events: 5, keys: 2 });
  pack(Losses, globals, 8, { events: 6n });
  assert.deepEqual(reader.take(), { events: 1, keys: 0 });
});

Deno.test("LossReader throws for an object without loss counters", () => {
  const object = { name: "demo", variable: () => null } as unknown as BpfObject;
  assert.throws(() => new LossReader({ object }), /does not count what it loses/);
});
