import assert from "node:assert/strict";
import type { Case } from "./case.ts";
import type { KernelExpectation } from "./expectations.ts";
import { plan, type Selection } from "./plan.ts";

const everything: Selection = { kernels: [], tools: [], cells: [], names: [] };
const expectation: KernelExpectation = {
  release: "6.18",
  tools: {
    dcstat: {
      default: "cannot: dcache",
      fentry: "works",
      kprobe: "cannot: kprobes",
      tracepoint: "cannot: dcache",
    },
  },
};
const one: Case = {
  name: "hits are counted",
  tool: "dcstat",
  cells: ["default", "fentry", "kprobe"],
  boot: "usual",
  native: true,
  run: () => Promise.resolve([]),
};
const steps = (kernel: string, cases: Case[], selection: Selection = everything) =>
  plan(kernel, { expectation, cases, selection }).map((job) => [
    job.boot,
    ...job.steps.map((step) => `${step.cell} ${step.one.name}`),
  ]);

Deno.test("plan() runs a case if its tool works, and otherwise checks the reason", () => {
  assert.deepEqual(steps("6.1", [one]), [[
    "usual",
    "default the table has every tool of ktop list",
    "default cannot: dcache",
    "kprobe cannot: kprobes",
    "tracepoint cannot: dcache",
    "fentry hits are counted",
  ]]);
});

Deno.test("plan() selects the tier that ktop chooses, and the choice", () => {
  const runs: KernelExpectation = {
    release: "",
    tools: { dcstat: { default: "kprobe", fentry: "works", kprobe: "works", tracepoint: "cannot: dcache" } },
  };
  const selection: Selection = { ...everything, tools: ["dcstat"], cells: ["chosen"] };
  const jobs = plan("6.1", { expectation: runs, cases: [one], selection });
  assert.deepEqual(jobs.map((job) => job.steps.map(({ cell, one: { name } }) => `${cell} ${name}`)), [[
    "default chooses kprobe",
    "default hits are counted",
    "kprobe hits are counted",
  ]]);
});

Deno.test("plan() skips a case that names other kernels", () => {
  assert.equal(steps("5.10", [{ ...one, kernels: ["6.1"] }], { ...everything, names: ["hits"] }).length, 0);
});

Deno.test("plan() runs a case on the arm64 kernel of a version that it names, if that kernel is selected", () => {
  const hits: Case = { ...one, kernels: ["6.1"] };
  const selection: Selection = { ...everything, kernels: ["arm64-6.1"], names: ["hits"] };
  assert.deepEqual(steps("arm64-6.1", [hits], selection), [["usual", "fentry hits are counted"]]);
  assert.deepEqual(steps("arm64-6.1", [hits], { ...selection, kernels: [] }), []);
  assert.deepEqual(steps("arm64-6.12", [hits], { ...selection, kernels: ["arm64-6.12"] }), []);
});

Deno.test("plan() leaves out of arm64 kernels a case that cannot run there", () => {
  const hits: Case = { ...one, notOnArm64: "int 0x80" };
  const selection: Selection = { ...everything, kernels: ["arm64-6.1"], names: ["hits"] };
  assert.deepEqual(steps("arm64-6.1", [hits], selection), []);
  assert.equal(steps("6.1", [hits], { ...selection, kernels: [] }).length, 1);
});

Deno.test("plan() runs natively only cases that change nothing and need no special boot", () => {
  const cases: Case[] = [{ ...one, native: false }, { ...one, boot: "eight-cpus" }];
  assert.equal(steps("native", cases, { ...everything, names: ["hits"] }).length, 0);
  assert.deepEqual(steps("6.1", cases, { ...everything, names: ["hits"] }), [
    ["usual", "fentry hits are counted"],
    ["eight-cpus", "fentry hits are counted"],
  ]);
});

Deno.test("plan() keeps only the selected kernels, tools and cells", () => {
  const selection: Selection = { kernels: ["6.1"], tools: ["dcstat"], cells: ["fentry"], names: [] };
  assert.deepEqual(steps("6.1", [one], selection), [["usual", "fentry hits are counted"]]);
  assert.deepEqual(steps("6.12", [one], selection), []);
  assert.deepEqual(steps("6.1", [one], { ...selection, tools: ["filetop"] }), []);
});

Deno.test("plan() lets a run of the chosen tier prove the choice when it can run without --tier", () => {
  const chosen: KernelExpectation = {
    release: "6.18",
    tools: { dcstat: { default: "fentry", fentry: "works", kprobe: "works", tracepoint: "cannot: dcache" } },
  };
  const proofs = (cases: Case[], cells: Selection["cells"] = []) =>
    plan("6.1", { expectation: chosen, cases, selection: { ...everything, tools: ["dcstat"], cells } })
      .flatMap((job) => job.steps)
      .filter(({ cell }) => cell !== "tracepoint")
      .map(({ one, cell, proves }) => `${cell} ${one.name}${proves ? ` (${proves.name})` : ""}`);
  const able: Case = { ...one, cells: ["kprobe", "fentry"], unforced: true };
  assert.deepEqual(proofs([able]), ["kprobe hits are counted", "fentry hits are counted (chooses fentry)"]);
  assert.deepEqual(proofs([able], ["default"]), ["default chooses fentry"]);
  assert.deepEqual(proofs([{ ...able, unforced: undefined }]), [
    "default chooses fentry",
    "kprobe hits are counted",
    "fentry hits are counted",
  ]);
});
