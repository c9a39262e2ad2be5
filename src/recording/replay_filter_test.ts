import assert from "node:assert/strict";
import { modelOf, TOOLS } from "../../tests/support/recordings.ts";
import { ReplayFilter } from "./replay_filter.ts";

const recorded = TOOLS.map((tool, i) =>
  i === 1
    ? { tool, flags: {}, state: { kind: "unavailable", reason: "no kprobes", remedy: "" } as const }
    : { tool, flags: {}, state: { kind: "running", tier: "fentry", missing: [] } as const }
);
const rows = [{ pid: 7, file: "a", reads: 1 }, { pid: 8, file: "b", reads: 2 }];
const model = modelOf(1, { rows });

Deno.test("ReplayFilter.apply() offers the recorded tools, and keeps the chosen ones in their order", () => {
  const filtered = ReplayFilter.all(recorded).withTools(["waits", "opensnoop", "files"]).apply(model);
  assert.deepEqual(filtered.tools.map(({ tool }) => tool.name), ["waits", "files"]);
  assert.deepEqual(filtered.offers.map(({ name, tier, reason }) => [name, tier, reason]), [
    ["files", "fentry", ""],
    ["calls", null, "no kprobes"],
    ["waits", "fentry", ""],
  ]);
  assert.equal(ReplayFilter.all(recorded).withTools(["opensnoop"]).apply(model).tools.length, 3);
});

Deno.test("ReplayFilter.apply() filters rows that have a pid, and keeps counters", () => {
  const filtered = ReplayFilter.all(recorded).withProcess(8, model).apply(model);
  assert.deepEqual(filtered.tools[0]?.tick?.rows, [rows[1]]);
  assert.deepEqual(filtered.tools[1]?.tick?.rows, model.tools[1]?.tick?.rows);
  assert.equal(filtered.pivot?.pid, 8);
  assert.equal(
    ReplayFilter.all(recorded).withProcess(8, model).withProcess(null, model).apply(model).pivot,
    null,
  );
});

Deno.test("ReplayFilter.withProcess() looks up the process and the name of a thread in the rows", () => {
  const threads = modelOf(1, { rows: [{ pid: 7, tid: 71, comm: "worker", file: "a", reads: 1 }] });
  const { pivot } = ReplayFilter.all(recorded).withProcess(71, threads).apply(threads);
  assert.deepEqual(pivot, { pid: 7, comm: "worker", state: "narrowed" });
});
