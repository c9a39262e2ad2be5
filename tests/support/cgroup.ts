/**
 * Cgroups of the tests' own, in the cgroup v2 hierarchy of this machine.
 *
 * @module
 */
import assert from "node:assert/strict";

/** The cgroup v2 hierarchy of this machine. */
export function cgroupRoot(): string {
  const line = Deno.readTextFileSync("/proc/self/mountinfo").split("\n").find((text) =>
    / - cgroup2 /.test(text)
  );
  assert.ok(line, "no cgroup v2 hierarchy is mounted");
  return line.split(" ")[4]!;
}
