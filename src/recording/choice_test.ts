import assert from "node:assert/strict";
import { modelOf, TOOLS } from "../../tests/support/recordings.ts";
import { Choice } from "./choice.ts";

const recorded = TOOLS.map((tool, i) =>
  i === 1
    ? { tool, state: { kind: "unavailable", reason: "no kprobes", remedy: "" } as const }
    : { tool, state: { kind: "running", tier: "fentry", missing: [] } as const }
);
const rows = [{ pid: 7, file: "a", reads: 1 }, { pid: 8, file: "b", reads: 2 }];
const model = modelOf(1, { rows });

Deno.test("Choice offers the recorded tools, and shows those that were chosen in their order", () => {
  const chosen = Choice.all(recorded).withTools(["waits", "opensnoop", "files"]).of(model);
  assert.deepEqual(chosen.tools.map(({ tool }) => tool.name), ["waits", "files"]);
  assert.deepEqual(chosen.offers.map(({ name, tier, reason }) => [name, tier, reason]), [
    ["files", "fentry", ""],
    ["calls", null, "no kprobes"],
    ["waits", "fentry", ""],
  ]);
  assert.equal(Choice.all(recorded).withTools(["opensnoop"]).of(model).tools.length, 3);
});

Deno.test("Choice narrows the rows that name a process, and leaves what names none", () => {
  const chosen = Choice.all(recorded).withProcess(8, model).of(model);
  assert.deepEqual(chosen.tools[0]?.tick?.rows, [rows[1]]);
  assert.deepEqual(chosen.tools[1]?.tick?.rows, model.tools[1]?.tick?.rows);
  assert.equal(chosen.pivot?.pid, 8);
  assert.equal(Choice.all(recorded).withProcess(8, model).withProcess(null, model).of(model).pivot, null);
});

Deno.test("Choice finds the process and the name of a thread in the rows", () => {
  const threads = modelOf(1, { rows: [{ pid: 7, tid: 71, comm: "worker", file: "a", reads: 1 }] });
  const { pivot } = Choice.all(recorded).withProcess(71, threads).of(threads);
  assert.deepEqual(pivot, { pid: 7, comm: "worker", state: "narrowed" });
});
