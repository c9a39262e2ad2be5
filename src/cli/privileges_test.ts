import assert from "node:assert/strict";
import type { CapabilityName } from "../bpf/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { permitted, type Restrictions, wouldUse } from "./privileges.ts";

const FREE: Restrictions = {
  effective: new Set(),
  hidesAddresses: false,
  hidesTraceable: false,
  hidesProcesses: false,
  countsMaps: false,
};

/** The capabilities that a tool would use, without CAP_SYS_ADMIN, which every tool would. */
const used = (name: string, here: Partial<Restrictions>, mapBytes: number | null = 1): CapabilityName[] => {
  const tool = TOOLS.find((tool) => tool.name === name)!;
  const all = wouldUse(tool, { mapBytes, lacksKprobes: false }, { ...FREE, ...here });
  return all.map(({ capability }) => capability).filter((capability) => capability !== "CAP_SYS_ADMIN");
};

Deno.test("wouldUse() names only what the machine hides or limits, and what the tool reads", () => {
  assert.deepEqual(used("vfsstat", {}), []);
  assert.deepEqual(used("vfsstat", { hidesAddresses: true, hidesTraceable: true }), []);
  assert.deepEqual(used("readpath", { hidesAddresses: true, hidesTraceable: true }), ["CAP_SYSLOG"]);
  assert.deepEqual(used("vfscount", { hidesAddresses: true, hidesTraceable: true }), [
    "CAP_SYSLOG",
    "CAP_DAC_READ_SEARCH",
  ]);
  assert.deepEqual(used("filetop", {}), ["CAP_DAC_READ_SEARCH"]);
  assert.deepEqual(used("dirtop", { hidesProcesses: true }), ["CAP_DAC_READ_SEARCH", "CAP_SYS_PTRACE"]);
  assert.deepEqual(used("vfsstat", { countsMaps: true }), []);
  assert.deepEqual(used("vfsstat", { countsMaps: true }, null), ["CAP_SYS_RESOURCE"]);
  assert.deepEqual(used("vfsstat", {}, null), []);
});

Deno.test("wouldUse() leaves out the capabilities that the process has", () => {
  const here = { hidesAddresses: true, hidesTraceable: true, hidesProcesses: true, countsMaps: true };
  const found = { mapBytes: null, lacksKprobes: true };
  const vfscount = TOOLS.find(({ name }) => name === "vfscount")!;
  const all = wouldUse(vfscount, found, { ...FREE, ...here });
  assert.deepEqual(all.map(({ capability }) => capability), [
    "CAP_SYS_RESOURCE",
    "CAP_SYS_ADMIN",
    "CAP_SYSLOG",
    "CAP_DAC_READ_SEARCH",
    "CAP_SYS_PTRACE",
    "CAP_SYS_ADMIN",
  ]);
  for (const { capability } of all) {
    const effective = new Set([capability]);
    assert.deepEqual(
      wouldUse(vfscount, found, { ...FREE, ...here, effective }),
      all.filter((use) => use.capability !== capability),
    );
  }
});

Deno.test("permitted() leaves out what the process may not do, and takes CAP_SYS_ADMIN for CAP_BPF", () => {
  const uses = (["CAP_BPF", "CAP_SYSLOG"] as const).map((capability) => ({ capability, why: "" }));
  const names = (...effective: CapabilityName[]) =>
    permitted(uses, new Set(effective)).map(({ capability }) => capability);
  assert.deepEqual(names("CAP_BPF", "CAP_SYSLOG", "CAP_SYS_ADMIN"), ["CAP_BPF", "CAP_SYSLOG"]);
  assert.deepEqual(names("CAP_BPF"), ["CAP_BPF"]);
  assert.deepEqual(names("CAP_SYS_ADMIN"), ["CAP_SYS_ADMIN"]);
  assert.deepEqual(names(), []);
});
