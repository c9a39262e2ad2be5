import assert from "node:assert/strict";
import { TOOLS } from "../tools/mod.ts";
import { NO_HISTORY } from "./history/history.ts";
import { HISTORY_LIMITS } from "./history/limits.ts";
import { Pasts } from "./pasts.ts";

const past = (...times: number[]) => ({
  tool: TOOLS[0]!,
  pid: undefined,
  history: { ...NO_HISTORY, times },
  flags: {},
  pastFlags: [],
});

Deno.test("Pasts keeps the four tools removed last, each until it is taken", () => {
  const pasts = new Pasts();
  for (const name of ["a", "b", "c", "a", "d", "e"]) pasts.add(name, past(1));
  assert.equal(pasts.count, 4);
  assert.equal(pasts.take("b"), undefined);
  assert.deepEqual(pasts.take("a"), past(1));
  assert.equal(pasts.take("a"), undefined);
  pasts.clear();
  assert.equal(pasts.count, 0);
});

Deno.test("Pasts drops pasts older than a history keeps, and ignores tools that were never sampled", () => {
  const pasts = new Pasts();
  pasts.add("new", past());
  pasts.add("old", past(0, 1000));
  assert.equal(pasts.dropOld(1000 + HISTORY_LIMITS.ageMs), false);
  assert.equal(pasts.count, 1);
  assert.equal(pasts.dropOld(1001 + HISTORY_LIMITS.ageMs), true);
  assert.equal(pasts.count, 0);
});

Deno.test("Pasts.models() have the histories and flags of removed tools, which do not run", () => {
  const pasts = new Pasts();
  const kept = { ...past(1), flags: { rows: 3 } };
  pasts.add("a", kept);
  const [model] = pasts.models();
  assert.deepEqual([model?.tool, model?.times, model?.flags, model?.state.kind], [
    kept.tool,
    kept.history.times,
    { rows: 3 },
    "unavailable",
  ]);
});
