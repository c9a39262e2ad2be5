import assert from "node:assert/strict";
import { capabilityFor, effectiveCapabilities, missingCapabilities } from "./capabilities.ts";

const HOST = "         0          0 4294967295\n";
const status = (uid: number, effective: string) =>
  `Name:\tktop\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nCapEff:\t${effective}\n`;

Deno.test("missingCapabilities() finds nothing missing when the process is root or has the capabilities for BPF", () => {
  assert.deepEqual(missingCapabilities(status(0, "000001ffffffffff"), HOST), { missing: [], detail: "" });
  assert.deepEqual(missingCapabilities(status(1000, "000000c000000000"), HOST), { missing: [], detail: "" });
  assert.deepEqual(missingCapabilities(status(1000, "0000000000200000"), HOST), { missing: [], detail: "" });
});

Deno.test("missingCapabilities() names each capability when it is missing", () => {
  const both = ["CAP_BPF", "CAP_PERFMON"];
  assert.deepEqual(missingCapabilities(status(1000, "0000000000000000"), HOST).missing, both);
  assert.deepEqual(missingCapabilities(status(0, "0000008000000000"), HOST).missing, ["CAP_PERFMON"]);
  assert.deepEqual(missingCapabilities(status(0, "0000004000000000"), HOST).missing, ["CAP_BPF"]);
  assert.deepEqual(missingCapabilities("", HOST).missing, both);
});

Deno.test("missingCapabilities() ignores the capabilities of a user namespace", () => {
  const { missing, detail } = missingCapabilities(status(0, "000001ffffffffff"), "0 1000 1\n");
  assert.deepEqual(missing, ["CAP_BPF", "CAP_PERFMON"]);
  assert.match(detail, /user namespace/);
});

Deno.test("effectiveCapabilities() names the effective capabilities that ktop uses", () => {
  assert.deepEqual([...effectiveCapabilities(status(1000, "000000c000000000"))], ["CAP_PERFMON", "CAP_BPF"]);
  // CAP_CHOWN and CAP_SYS_RESOURCE
  assert.deepEqual([...effectiveCapabilities(status(1000, "0000000001000001"))], ["CAP_SYS_RESOURCE"]);
  assert.equal(effectiveCapabilities("").size, 0);
});

Deno.test("capabilityFor() finds CAP_SYS_ADMIN where CAP_BPF and CAP_PERFMON are missing, and only for these", () => {
  const admin = effectiveCapabilities(status(0, "0000000000200000"));
  assert.equal(capabilityFor("CAP_BPF", admin), "CAP_SYS_ADMIN");
  assert.equal(capabilityFor("CAP_PERFMON", admin), "CAP_SYS_ADMIN");
  assert.equal(capabilityFor("CAP_SYSLOG", admin), null);
  const both = effectiveCapabilities(status(1000, "000000c000200000"));
  assert.equal(capabilityFor("CAP_BPF", both), "CAP_BPF");
  assert.equal(capabilityFor("CAP_BPF", new Set()), null);
});
