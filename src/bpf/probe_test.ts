import assert from "node:assert/strict";
import { type Probe, ProbeCache } from "./probe.ts";

const answer = (answer: Probe["answer"]): Probe => ({ answer, detail: "", remedy: "" });

Deno.test("ProbeCache.get() probes again after an inconclusive answer and never after a conclusive one", async () => {
  for (const conclusive of ["yes", "no"] as const) {
    const cache = new ProbeCache();
    const answers = [
      answer("inconclusive"),
      answer("inconclusive"),
      answer(conclusive),
      answer("inconclusive"),
    ];
    let probes = 0;
    const get = (): Promise<Probe> => cache.get("fentry", () => answers[probes++]!);
    const given = [await get(), await get(), await get(), await get(), await get()];
    assert.deepEqual(given.map((probe) => probe.answer), [
      "inconclusive",
      "inconclusive",
      conclusive,
      conclusive,
      conclusive,
    ]);
    assert.equal(probes, 3);
  }
});
