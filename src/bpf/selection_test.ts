import assert from "node:assert/strict";
import { UnsupportedError, VerifierError } from "../errors.ts";
import type { Features } from "./features.ts";
import type { Probe } from "./probe.ts";
import type { Hook } from "./hooks.ts";
import { Selection } from "./selection.ts";

const YES: Probe = { answer: "yes", detail: "", remedy: "" };
const NO: Probe = { answer: "no", detail: "the kernel was built without it", remedy: "Run another kernel." };

/** A kernel with everything but, possibly, kprobes. */
function kernel(kprobe: Probe): Features {
  const capabilities = { missing: [], detail: "" };
  const probes = { btf: YES, fentry: YES, tracepoint: YES, lockdown: YES, kprobe };
  const others = {
    kprobeMulti: YES,
    perfEvents: YES,
    ringBuffer: YES,
    mapBatch: YES,
    bpfStats: YES,
    jit: YES,
    hostPidNamespace: YES,
  };
  return { ...probes, ...others, capabilities, config: null };
}

const READ: Hook = {
  name: "vfs_read",
  tiers: {
    fentry: [{ all: ["read__fentry", "shared__fentry"] }],
    kprobe: [{ all: ["read__kprobe"] }],
    tracepoint: [{ all: ["read_btf__tracepoint"], any: ["extra__tracepoint"] }, {
      all: ["read_raw__tracepoint"],
    }],
  },
};
const WRITE: Hook = {
  name: "vfs_write",
  tiers: { fentry: [{ all: ["write__fentry", "shared__fentry"] }] },
  optional: "writes",
};

Deno.test("Selection.choose() names each program once when hooks share it", () => {
  const { programs, missing } = new Selection({ tool: "t", hooks: [READ, WRITE] }, kernel(YES)).choose();
  assert.deepEqual(programs, ["read__fentry", "shared__fentry", "write__fentry"]);
  assert.deepEqual(missing, []);
});

Deno.test("Selection.choose() leaves out every set that needs an excluded program", () => {
  const selection = new Selection({ tool: "t", hooks: [READ, WRITE] }, kernel(NO));
  assert.equal(selection.exclude("shared__fentry", "EPERM"), true);
  assert.equal(selection.exclude("shared__fentry", "EPERM"), false);
  const { hooks, missing, programs } = selection.choose();
  assert.deepEqual(hooks.map(({ tier }) => tier), ["tracepoint"]);
  assert.deepEqual(programs, ["read_btf__tracepoint", "extra__tracepoint"]);
  assert.deepEqual(missing, [{ hook: "vfs_write", what: "writes", reason: "fentry: EPERM" }]);
});

Deno.test("Selection.choose() keeps a set when only one of its optional programs is excluded", () => {
  const selection = new Selection({ tool: "t", hooks: [READ], tier: "tracepoint" }, kernel(YES));
  selection.exclude("extra__tracepoint", "ENOENT");
  assert.deepEqual(selection.choose().programs, ["read_btf__tracepoint"]);
  selection.exclude("read_btf__tracepoint", "ENOENT");
  assert.deepEqual(selection.choose().programs, ["read_raw__tracepoint"]);
});

Deno.test("Selection.choose() throws with every reason, the remedy and the cause when nothing is left", () => {
  const selection = new Selection(
    { tool: "t", hooks: [{ ...READ, order: ["fentry", "kprobe"] }] },
    kernel(NO),
  );
  const cause = new VerifierError("load read__fentry", "EACCES", "bad\n");
  selection.exclude("read__fentry", "EACCES (bad)", cause);
  assert.throws(() => selection.choose(), (error) => {
    assert.ok(error instanceof UnsupportedError);
    const why = "fentry: EACCES (bad); kprobe: the kernel was built without it";
    assert.equal(error.message, `t cannot run on this kernel: vfs_read cannot be observed: ${why}.`);
    assert.equal(error.remedy, "Run another kernel.");
    assert.equal(error.cause, cause);
    return true;
  });
});

Deno.test("Selection.choose() says once why a forced tier cannot be used", () => {
  const message = (hook: Hook, tier: "fentry" | "kprobe" | "tracepoint"): string => {
    try {
      new Selection({ tool: "t", hooks: [hook], tier }, kernel(NO)).choose();
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const kprobe = "t cannot run on the kprobe tier: the kernel was built without it.";
  assert.equal(message({ ...READ, order: ["fentry", "kprobe"] }, "kprobe"), kprobe);
  assert.equal(message({ ...READ, order: ["fentry", "kprobe"], optional: "reads" }, "kprobe"), kprobe);
  assert.equal(
    message(OPEN, "tracepoint"),
    "t cannot run on the tracepoint tier: no tracepoint reports open.",
  );
  const selection = new Selection({ tool: "t", hooks: [OPEN], tier: "kprobe" }, kernel(YES));
  selection.exclude("open__kprobe", "ENOENT");
  assert.throws(() => selection.choose(), /the kprobe tier: open cannot be observed: kprobe: ENOENT\.$/);
});

Deno.test("Selection.choose() throws when all hooks are optional and none is left", () => {
  const selection = new Selection({ tool: "t", hooks: [WRITE], tier: "kprobe" }, kernel(YES));
  assert.throws(
    () => selection.choose(),
    /t cannot run on the kprobe tier: vfs_write can be observed only through fentry/,
  );
});

const OPEN: Hook = {
  name: "open",
  tiers: {
    fentry: [{ all: ["openat__fentry"], ifPresent: ["open__fentry", "creat__fentry"] }],
    kprobe: [{ all: ["open__kprobe"] }],
  },
};

Deno.test("Selection.choose() leaves out a program of ifPresent only where the kernel lacks its function", () => {
  const selection = new Selection({ tool: "t", hooks: [OPEN] }, kernel(YES));
  assert.deepEqual(selection.choose().programs, ["openat__fentry", "open__fentry", "creat__fentry"]);
  selection.excludeAbsent("creat__fentry", "no function creat");
  const choice = selection.choose();
  assert.deepEqual(choice.programs, ["openat__fentry", "open__fentry"]);
  assert.equal(Selection.needs(choice, "open__fentry"), true);
  selection.exclude("open__fentry", "EBUSY");
  assert.deepEqual(selection.choose().programs, ["open__kprobe"]);
});

Deno.test("Selection.choose() throws what no tier works without, without naming a hook", () => {
  const lacking: Probe = { answer: "no", detail: "/sys is not mounted", remedy: "Run: mount." };
  for (const name of ["btf", "lockdown"] as const) {
    const selection = new Selection({ tool: "t", hooks: [READ] }, { ...kernel(YES), [name]: lacking });
    assert.throws(() => selection.choose(), (error) => {
      assert.ok(error instanceof UnsupportedError);
      assert.equal(error.message, "t cannot run here: /sys is not mounted.");
      assert.equal(error.remedy, "Run: mount.");
      return true;
    });
  }
});

Deno.test("Selection.choose() names the release of an old kernel, and recommends a newer one", () => {
  const request = { tool: "t", hooks: [{ ...READ, order: ["kprobe" as const] }] };
  assert.throws(() => new Selection(request, kernel(NO), "5.4.0-26").choose(), (error) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(
      error.message,
      /^t cannot run on Linux 5\.4\.0-26, which is older than 5\.10: vfs_read cannot/,
    );
    assert.equal(error.remedy, "Run Linux 5.10 or later.");
    return true;
  });
});
