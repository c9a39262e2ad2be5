import assert from "node:assert/strict";
import type { CgroupName } from "../../cgroups/mod.ts";
import { UsageError } from "../../errors.ts";
import { judge, type NameFilters, parseTerms } from "./cgroup_terms.ts";

const ID = "0123456789ab".padEnd(64, "c");

const WEB: CgroupName = {
  path: `/system.slice/docker-${ID}.scope`,
  name: "docker:web",
  kind: "docker",
  id: ID,
  unit: `docker-${ID}.scope`,
  container: "web",
};
const POD: CgroupName = {
  path: "/kubepods",
  name: "pod prod/api-7f9c:server",
  kind: "pod",
  id: ID,
  container: "server",
  pod: { namespace: "prod", name: "api-7f9c", uid: "" },
};
const UNIT: CgroupName = {
  path: "/system.slice/a\\\\x2db.service",
  name: "a\\\\x2db.service",
  kind: "unit",
  unit: "a\\\\x2db.service",
};
const USERS: CgroupName = {
  path: "/user.slice",
  name: "user@1000/podman:web",
  kind: "podman",
  id: ID,
  container: "web",
  uid: 1000,
};
const MACHINE: CgroupName = { path: "/x", name: "machine:web", kind: "nspawn", container: "web" };
const SLICE: CgroupName = { path: "/system.slice", name: "/system.slice", kind: "path" };
const ALL = { WEB, POD, UNIT, USERS, MACHINE, SLICE };

/** The cgroups that pass. */
const passing = (filters: NameFilters): string[] => {
  const terms = parseTerms(filters);
  return Object.entries(ALL).flatMap(([key, name]) => judge(terms, name).wanted ? [key] : []);
};

Deno.test("--container takes a name, a runtime with a name, or the start of an id, and a user's only with the user", () => {
  assert.deepEqual(passing({ container: ["web"] }), ["WEB", "MACHINE"]);
  assert.deepEqual(passing({ container: ["docker:web"] }), ["WEB"]);
  assert.deepEqual(passing({ container: ["machine:web"] }), ["MACHINE"]);
  assert.deepEqual(passing({ container: ["user@1000/podman:web"] }), ["USERS"]);
  assert.deepEqual(passing({ container: ["user@1000/web"] }), ["USERS"]);
  assert.deepEqual(passing({ container: ["01234567"] }), ["WEB", "POD"]);
  assert.deepEqual(passing({ container: ["0123456"] }), []);
  assert.deepEqual(passing({ container: ["pod prod/api-7f9c:server"] }), ["POD"]);
});

Deno.test("--unit takes a name as systemctl does, and --pod one with or without its namespace", () => {
  assert.deepEqual(passing({ unit: ["a\\x2db"] }), ["UNIT"]);
  assert.deepEqual(passing({ unit: [`docker-${ID}.scope`] }), ["WEB"]);
  assert.deepEqual(passing({ pod: ["api-7f9c"] }), ["POD"]);
  assert.deepEqual(passing({ pod: ["prod/api-7f9c"] }), ["POD"]);
  assert.deepEqual(passing({ pod: ["test/api-7f9c"] }), []);
});

Deno.test("--container takes a container as the column shows it, also without a known name", () => {
  assert.deepEqual(passing({ container: [`docker:${ID.slice(0, 12)}`] }), ["WEB"]);
  assert.deepEqual(passing({ container: [`user@1000/podman:${ID.slice(0, 12)}`] }), ["USERS"]);
  assert.deepEqual(passing({ container: [`podman:${ID.slice(0, 12)}`] }), []);
});

Deno.test("values of one option add up, options exclude each other, and ! excludes", () => {
  assert.deepEqual(passing({ container: ["web", "server"] }), ["WEB", "POD", "MACHINE"]);
  assert.deepEqual(passing({ container: ["web"], unit: [`docker-${ID}.scope`] }), ["WEB"]);
  assert.deepEqual(passing({ container: ["!web"] }), ["POD", "UNIT", "USERS", "SLICE"]);
  assert.deepEqual(passing({ container: ["web", "!docker:web"] }), ["MACHINE"]);
});

Deno.test("a verdict is settled when the names of cgroups below cannot change it", () => {
  const settled = (filters: NameFilters): string[] => {
    const terms = parseTerms(filters);
    return Object.entries(ALL).flatMap(([key, name]) => judge(terms, name).settled ? [key] : []);
  };
  assert.deepEqual(settled({ container: ["web"] }), ["WEB", "POD", "USERS", "MACHINE"]);
  assert.deepEqual(settled({ unit: ["a"] }), ["WEB", "UNIT"]);
  assert.deepEqual(settled({ unit: ["a"], container: ["!web"] }), ["WEB"]);
});

Deno.test("parseTerms() refuses a filter without a name", () => {
  for (const text of ["", "!", " "]) assert.throws(() => parseTerms({ unit: [text] }), UsageError);
});

Deno.test("parseTerms() refuses a slice as a unit: no process is in its cgroup itself", () => {
  assert.throws(() => parseTerms({ unit: ["system.slice"] }), /slice "?system\.slice"? use --cgroup/);
});
