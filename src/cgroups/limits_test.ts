import assert from "node:assert/strict";
import { parseMountinfo } from "../ffi/mod.ts";
import { findHierarchy } from "./hierarchy.ts";
import { readLimits } from "./limits.ts";

const mounts = (lines: readonly string[]) => parseMountinfo(lines.map((line) => `${line}\n`).join(""));
const V2 = mounts(["30 1 0:26 / /cg rw - cgroup2 cgroup2 rw"]);
const V1 = mounts([
  "31 1 0:27 / /cg/memory rw - cgroup memory rw,memory",
  "32 1 0:28 / /cg/cpu rw - cgroup cpu rw,cpu,cpuacct",
  "33 1 0:29 / /cg/pids rw - cgroup pids rw,pids",
]);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The limits with these files, by path. */
function limits(
  files: Readonly<Record<string, string>>,
  { at = V2, membership = null, path = null }: {
    at?: typeof V2;
    membership?: string | Uint8Array | null;
    path?: string | null;
  },
): ReturnType<typeof readLimits> {
  const member = typeof membership === "string" ? bytes(membership) : membership;
  const of = { hierarchy: findHierarchy(at)!, membership: member, path: path === null ? null : bytes(path) };
  return readLimits(of, at, (root, name) => files[`${root}${name}`] ?? null);
}

Deno.test("readLimits() takes the lowest limit of a cgroup of v2 and those around it", () => {
  const files = {
    "/cg/a/memory.max": "1073741824\n",
    "/cg/a/b/memory.max": "max\n",
    "/cg/a/cpu.max": "max 100000\n",
    "/cg/a/b/cpu.max": "50000 100000\n",
    "/cg/a/pids.max": "200\n",
    "/cg/a/b/pids.max": "300\n",
  };
  const expected = { memoryBytes: 1073741824, cpus: 0.5, pids: 200 };
  assert.deepEqual(limits(files, { membership: "0::/a/b\n" }), expected);
  assert.deepEqual(limits(files, { path: "/a/b" }), expected);
});

Deno.test("readLimits() finds the limit of an outer cgroup, however deep the process is", () => {
  const path = `/a${"/b".repeat(70)}`;
  const files = {
    "/cg/a/pids.max": "200\n",
    [`/cg/a${"/b".repeat(62)}/pids.max`]: "100\n",
    [`/cg/a${"/b".repeat(63)}/pids.max`]: "50\n",
  };
  assert.deepEqual(limits(files, { path }), { pids: 100 }, "63 levels below the mount point are read");
});

Deno.test("readLimits() reads each limit in its hierarchy of v1", () => {
  const files = {
    "/cg/memory/a/memory.limit_in_bytes": "9223372036854771712\n",
    "/cg/memory/memory.limit_in_bytes": "9223372036854771712\n",
    "/cg/cpu/c/cpu.cfs_quota_us": "150000\n",
    "/cg/cpu/c/cpu.cfs_period_us": "100000\n",
    "/cg/cpu/cpu.cfs_quota_us": "-1\n",
    "/cg/cpu/cpu.cfs_period_us": "100000\n",
    "/cg/pids/p/pids.max": "max\n",
  };
  const membership = "3:pids:/p\n2:cpu,cpuacct:/c\n1:memory:/a\n";
  assert.deepEqual(limits(files, { at: V1, membership }), { memoryBytes: null, cpus: 1.5, pids: null });
  assert.deepEqual(limits(files, { at: V1, path: "/a" }), { memoryBytes: null });
});

Deno.test("readLimits() returns no limit that it cannot read", () => {
  const files = { "/cg/a/memory.max": "\x1b[2J", "/cg/a/cpu.max": "1 0", "/cg/a/pids.max": "9".repeat(40) };
  assert.deepEqual(limits(files, { membership: "0::/a\n" }), {});
  assert.deepEqual(limits(files, {}), {});
  assert.deepEqual(limits(files, { membership: "0::/a/../..\n" }), {});
  const other = new Uint8Array([...bytes("0::/a"), 0xff, 0x0a]);
  assert.deepEqual(limits({ "/cg/a\ufffd/pids.max": "1" }, { membership: other }), {});
});
