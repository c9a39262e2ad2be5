import assert from "node:assert/strict";
import type { Features } from "./features.ts";
import type { Probe } from "./probe.ts";
import type { Hook } from "./hooks.ts";
import { planTool } from "./plan.ts";

const YES: Probe = { answer: "yes", detail: "", remedy: "" };
const no = (detail: string): Probe => ({ answer: "no", detail, remedy: `Get ${detail}.` });

/** A kernel that has every feature except those in `missing`. */
function kernel(missing: Partial<Features> = {}): Features {
  return {
    btf: YES,
    kprobe: YES,
    kprobeMulti: YES,
    fentry: YES,
    tracepoint: YES,
    perfEvents: YES,
    ringBuffer: YES,
    lockdown: YES,
    mapBatch: YES,
    bpfStats: YES,
    jit: YES,
    hostPidNamespace: YES,
    capabilities: { missing: [], detail: "" },
    config: null,
    ...missing,
  };
}

const set = (name: string) => [{ all: [name] }];
const READ: Hook = {
  name: "vfs_read",
  tiers: { fentry: set("read__fentry"), kprobe: set("read__kprobe"), tracepoint: set("read__tracepoint") },
};
const LOOKUP: Hook = {
  name: "d_lookup",
  tiers: { fentry: set("lookup__fentry"), kprobe: set("lookup__kprobe") },
};

Deno.test("planTool() chooses fentry when the kernel has every feature", () => {
  const plan = planTool([READ, LOOKUP], kernel());
  assert.equal(plan.tier, "fentry");
  assert.equal(plan.reason, "");
  assert.equal(plan.remedy, "");
});

Deno.test("planTool() does not name the tiers of hooks that have only one", () => {
  const ring: Hook = {
    name: "io_uring",
    tiers: { tracepoint: set("ring__tracepoint") },
    optional: "io_uring",
  };
  assert.equal(planTool([READ, ring], kernel()).tier, "fentry");
  assert.equal(planTool([ring], kernel()).tier, "tracepoint");
});

Deno.test("planTool() chooses the next tier and reports the reason when better ones are missing", () => {
  const plan = planTool([READ], kernel({ fentry: no("ftrace"), kprobe: no("kprobes") }));
  assert.equal(plan.tier, "tracepoint");
  assert.equal(plan.reason, "fentry: ftrace; kprobe: kprobes");
  assert.equal(plan.remedy, "Get ftrace. Get kprobes.");
});

Deno.test("planTool() finds no tier when a hook that is not optional has none", () => {
  const features = kernel({ fentry: no("ftrace"), kprobe: no("kprobes") });
  const plan = planTool([READ, LOOKUP], features);
  assert.equal(plan.tier, null);
  assert.equal(plan.reason, "fentry: ftrace; kprobe: kprobes");
  assert.deepEqual(plan.hooks.map(({ tier }) => tier), ["tracepoint", null]);
  assert.equal(planTool([READ, { ...LOOKUP, optional: "lookups" }], features).tier, "tracepoint");
});

Deno.test("planTool() joins tiers best first when hooks differ", () => {
  const tiers = { kprobe: set("slow__kprobe"), tracepoint: set("slow__tracepoint") };
  const slow: Hook = { name: "slow", tiers };
  assert.equal(planTool([slow, READ], kernel()).tier, "fentry+kprobe");
});

Deno.test("planTool() never uses another tier when one is forced", () => {
  const forced = planTool([READ], kernel({ kprobe: no("kprobes") }), "kprobe");
  assert.equal(forced.tier, null);
  assert.equal(forced.reason, "kprobe: kprobes");
  assert.equal(forced.remedy, "Get kprobes.");
  assert.equal(planTool([LOOKUP], kernel(), "tracepoint").reason, "no tracepoint reports d_lookup");
  const waits: Hook = { name: "sched_switch", tiers: { tracepoint: set("switch__tracepoint") } };
  assert.equal(
    planTool([waits], kernel(), "fentry").reason,
    "sched_switch can be observed only through tracepoints",
  );
  assert.equal(planTool([READ], kernel(), "tracepoint").tier, "tracepoint");
});

Deno.test("planTool() follows a hook's own order when it has one", () => {
  const plan = planTool([{ ...READ, order: ["tracepoint", "fentry"] }], kernel());
  assert.equal(plan.tier, "tracepoint");
});

Deno.test("planTool() uses a tier whose feature probe is inconclusive", () => {
  assert.equal(planTool([LOOKUP], kernel({ fentry: { ...no("?"), answer: "inconclusive" } })).tier, "fentry");
});

Deno.test("planTool() finds no tier and reports the reason once when BTF or reading kernel memory is missing", () => {
  for (const missing of [{ btf: no("types") }, { lockdown: no("types") }]) {
    const plan = planTool([READ], kernel(missing));
    assert.equal(plan.tier, null);
    assert.equal(plan.reason, "types");
    assert.equal(plan.remedy, "Get types.");
  }
});

Deno.test("planTool() refuses a hook of perf events only where these are refused, and says that they have one tier", () => {
  const clock: Hook = {
    name: "cpu-clock",
    perfEvents: true,
    tiers: { tracepoint: set("clock__tracepoint") },
  };
  assert.equal(planTool([clock], kernel()).tier, "tracepoint");
  const refused = planTool([clock], kernel({ perfEvents: no("perf events") }));
  assert.deepEqual([refused.tier, refused.reason, refused.remedy], [null, "perf events", "Get perf events."]);
  assert.equal(planTool([READ], kernel({ perfEvents: no("perf events") })).tier, "fentry");
  const forced = planTool([clock], kernel(), "kprobe");
  assert.deepEqual([forced.tier, forced.reason], [
    null,
    "cpu-clock is a perf event, which is part of the tracepoint tier",
  ]);
});
