import assert from "node:assert/strict";
import { parseMountinfo } from "../ffi/mod.ts";
import { cgroupBelow, cgroupOf, findHierarchy, type Hierarchy } from "./hierarchy.ts";

const MEMORY = "34 30 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
const PIDS = "38 30 0:35 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n";
const NAMED = "39 30 0:36 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=memory\n";
const UNIFIED = "40 30 0:37 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate\n";

const find = (text: string) => findHierarchy(parseMountinfo(text));
const decoder = new TextDecoder();

/** The process's cgroup, as texts. */
function of(hierarchy: Hierarchy, membership: string): { below: string; path: string } | null {
  const found = cgroupOf(hierarchy, new TextEncoder().encode(membership));
  return found && { below: decoder.decode(found.below), path: decoder.decode(found.path) };
}

const V2: Hierarchy = { version: 2, controller: null, point: "/cg", root: "/" };

Deno.test("findHierarchy() takes the v1 controller memory, else pids, else cgroup v2", () => {
  assert.deepEqual(find(UNIFIED + NAMED + PIDS + MEMORY), {
    version: 1,
    controller: "memory",
    point: "/sys/fs/cgroup/memory",
    root: "/",
  });
  assert.equal(find(UNIFIED + NAMED + PIDS)?.controller, "pids");
  assert.deepEqual(find(UNIFIED + NAMED), {
    version: 2,
    controller: null,
    point: "/sys/fs/cgroup/unified",
    root: "/",
  });
  assert.equal(find(NAMED), null);
});

Deno.test("findHierarchy() takes the mount that shows most of the hierarchy and is not covered by another one", () => {
  const part = "41 30 0:31 /docker/x /a rw - cgroup cgroup rw,memory\n";
  assert.equal(find(part + MEMORY)?.point, "/sys/fs/cgroup/memory");
  assert.equal(find(MEMORY + part)?.point, "/sys/fs/cgroup/memory");
  assert.equal(find("41 30 0:31 /../.. /up rw - cgroup2 cgroup2 rw\n" + UNIFIED)?.point, "/up");
  assert.equal(
    find(part + MEMORY + "42 30 0:50 / /sys/fs/cgroup/memory rw - tmpfs tmpfs rw\n")?.point,
    "/a",
  );
});

Deno.test("cgroupOf() reads the line of the hierarchy, whatever is in the path", () => {
  assert.deepEqual(of(V2, "4:memory:/m\n0::/a/b\n"), { below: "/a/b", path: "/a/b" });
  assert.deepEqual(of({ ...V2, version: 1, controller: "memory" }, "12:cpu,memory:/a:b\n0::/c\n"), {
    below: "/a:b",
    path: "/a:b",
  });
  assert.deepEqual(of(V2, "0::/\n"), { below: "", path: "" });
  assert.equal(of({ ...V2, version: 1, controller: "pids" }, "3:name=pids:/a\n"), null);
  assert.equal(of(V2, "10:memory:/0::/x\n1:0:/y"), null);
  assert.equal(of(V2, ""), null);
});

Deno.test("cgroupOf() returns nothing for cgroups that the mount does not show", () => {
  const container = { ...V2, root: "/docker/abc" };
  assert.deepEqual(of(container, "0::/docker/abc/x\n"), { below: "/x", path: "/docker/abc/x" });
  assert.deepEqual(of(container, "0::/docker/abc\n"), { below: "", path: "/docker/abc" });
  assert.equal(of(container, "0::/docker/abcd\n"), null);
  assert.equal(of(container, "0::/docker\n"), null);
  for (const path of ["/..", "/../other", "/a/../../b"]) assert.equal(of(V2, `0::${path}\n`), null);
  assert.deepEqual(of(V2, "0::/..a/b..\n")?.below, "/..a/b..");
});

Deno.test("cgroupOf() resolves paths above the root of the namespace by a mount that shows them", () => {
  const above = { ...V2, root: "/../.." };
  assert.deepEqual(of(above, "0::/../../system.slice/x.service\n"), {
    below: "/system.slice/x.service",
    path: "/system.slice/x.service",
  });
  assert.equal(of(above, "0::/own\n"), null);
  assert.deepEqual(decoder.decode(cgroupBelow(above, new TextEncoder().encode("/a")).path), "/a");
});
