import assert from "node:assert/strict";
import { FakeCgroups } from "../../tests/support/fake_cgroups.ts";
import type { Hierarchy } from "./hierarchy.ts";
import { Cgroups } from "./resolver.ts";

const V2: Hierarchy = { version: 2, controller: null, point: "/cg", root: "/" };
const ID = "0123456789ab".padEnd(64, "c");
const OTHER = "fedcba987654".padEnd(64, "d");
const DOCKER = `/var/lib/docker/containers/${ID}/config.v2.json`;
const STORAGE = "/var/lib/containers/storage/overlay-containers";
const USER = "/user.slice/user-1000.slice/user@1000.service/user.slice";
const HOME = "/home/ann/.local/share/containers/storage/overlay-containers/containers.json";
const PASSWD = "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n";

Deno.test("nameOf() reads a list of containers once as long as it does not change", () => {
  const files = new FakeCgroups();
  const list = `${STORAGE}/containers.json`;
  files.write(list, [{ id: ID, names: ["a"] }, { id: OTHER, names: ["b"] }]);
  const cgroups = new Cgroups(V2, files);
  for (const [id, container] of [[10, ID], [11, OTHER]] as const) {
    files.add(`/libpod_parent/libpod-${container}`, id);
    files.process(id, `0::/libpod_parent/libpod-${container}\n`);
  }
  assert.equal(cgroups.nameOf(10, 10)?.name, "podman:a");
  files.write(DOCKER, {});
  assert.equal(cgroups.nameOf(11, 11)?.name, "podman:b");
  assert.deepEqual(files.read, [list]);
});

Deno.test("nameOf() reads a bounded part of the files that a user can write, and then names after the id", () => {
  const files = new FakeCgroups(PASSWD);
  const list = (name: string) => JSON.stringify([{ id: ID, names: [name] }]).padEnd(200_000);
  const cgroups = new Cgroups(V2, files);
  const names = Array.from({ length: 5 }, (_, index) => {
    files.write(HOME, list(`db${index}`), 1000);
    files.add(`${USER}/libpod-${ID}.scope/${index}`, 100 + index, 1000);
    files.process(index, `0::${USER}/libpod-${ID}.scope/${index}\n`);
    if (index === 4) files.pass(1000);
    return cgroups.nameOf(100 + index, index)?.name.slice(10);
  });
  assert.deepEqual(names, [
    "podman:db0",
    "podman:db1",
    "podman:0123456789ab",
    "podman:0123456789ab",
    "podman:db4",
  ]);
});

Deno.test("a container whose state file is written after its cgroup was made gets its name then", () => {
  const files = new FakeCgroups();
  const path = `/system.slice/docker-${ID}.scope`;
  files.add(path, 77);
  const cgroups = new Cgroups(V2, files);
  cgroups.created(77, new TextEncoder().encode(path));
  assert.deepEqual([cgroups.nameOf(77, null)?.name, cgroups.isProvisional(77)], [
    "docker:0123456789ab",
    true,
  ]);
  files.pass(99);
  files.write(DOCKER, { Name: "/web-1" });
  assert.deepEqual([cgroups.retry(), cgroups.nameOf(77, null)?.name], [[], "docker:0123456789ab"]);
  files.pass(1);
  assert.deepEqual([cgroups.retry(), cgroups.nameOf(77, null)?.name], [[77], "docker:web-1"]);
  assert.equal(cgroups.isWaiting, false);
});

Deno.test("a state file is waited for eight times, twice as long each time, and while its cgroup exists", () => {
  const files = new FakeCgroups();
  const path = `/system.slice/docker-${ID}.scope`, other = `/ecs/task/${OTHER}`;
  files.add(path, 77);
  files.add(other, 78);
  const cgroups = new Cgroups(V2, files);
  for (const [id, below] of [[77, path], [78, other]] as const) {
    cgroups.created(id, new TextEncoder().encode(below));
  }
  files.remove(other);
  files.pass(100);
  assert.deepEqual(cgroups.retry(), [78]);
  const looks = [100];
  while (cgroups.isWaiting) {
    files.pass(100);
    const before = cgroups.isProvisional(77);
    const final = cgroups.retry();
    if (final.length > 0) looks.push(files.time);
    assert.ok(before && files.time < 60_000);
  }
  assert.equal(looks.at(-1), 100 * (2 ** 8 - 1));
  assert.equal(cgroups.nameOf(77, null)?.name, "docker:0123456789ab");
});

Deno.test("units, and containers whose runtimes have no state files, have their final name at once", () => {
  const files = new FakeCgroups();
  const cgroups = new Cgroups(V2, files);
  for (
    const [i, path] of ["/system.slice/nginx.service", "/lxc.payload.web", "/machine.slice/machine-a.scope"]
      .entries()
  ) {
    files.add(path, 80 + i);
    cgroups.created(80 + i, new TextEncoder().encode(path));
  }
  assert.equal(cgroups.isWaiting, false);
});

Deno.test("a file that is not UTF-8 counts for the bytes that are read of its owner", () => {
  const files = new FakeCgroups(PASSWD);
  const bytes = new Uint8Array(200_000).fill(0xff);
  const cgroups = new Cgroups(V2, files);
  for (let i = 0; i < 5; i++) {
    files.write(HOME, bytes, 1000);
    files.add(`${USER}/libpod-${ID}.scope/${i}`, 100 + i, 1000);
    cgroups.created(100 + i, new TextEncoder().encode(`${USER}/libpod-${ID}.scope/${i}`));
  }
  assert.deepEqual(files.read, [HOME, HOME]);
});

Deno.test("only files of a user are read for that user's containers, and none of another owner", () => {
  const files = new FakeCgroups(PASSWD);
  files.write(HOME, [{ id: ID, names: ["db"] }], 1000);
  const docker = `/home/ann/.local/share/docker/containers/${ID}/config.v2.json`;
  files.write(docker, { Name: "/web" }, 0);
  const cgroups = new Cgroups(V2, files);
  for (let i = 0; i < 3; i++) {
    for (const [id, scope] of [[100 + i, `libpod-${ID}.scope`], [200 + i, `docker-${ID}.scope`]] as const) {
      files.add(`${USER}/${scope}/${i}`, id, 1000);
      cgroups.created(id, new TextEncoder().encode(`${USER}/${scope}/${i}`));
    }
  }
  assert.equal(cgroups.nameOf(102, null)?.name, "user@1000/podman:db");
  assert.equal(cgroups.nameOf(202, null)?.name, "user@1000/docker:0123456789ab");
  assert.deepEqual(files.read, [HOME]);
});

Deno.test("a list that has not changed is used when its owner's bytes of this second are spent", () => {
  const files = new FakeCgroups(PASSWD);
  files.write(HOME, JSON.stringify([{ id: ID, names: ["db"] }]).padEnd(100_000), 1000);
  const cgroups = new Cgroups(V2, files);
  const named = (id: number, scope: string): string | undefined => {
    files.add(`${USER}/${scope}`, id, 1000);
    cgroups.created(id, new TextEncoder().encode(`${USER}/${scope}`));
    return cgroups.nameOf(id, null)?.name;
  };
  assert.equal(named(100, `libpod-${ID}.scope`), "user@1000/podman:db");
  const other = `/home/ann/.local/share/docker/containers/${OTHER}/config.v2.json`;
  for (let i = 0; i < 2; i++) {
    files.write(other, JSON.stringify({ Name: "/web" }).padEnd(190_000), 1000);
    named(200 + i, `docker-${OTHER}.scope/${i}`);
  }
  assert.equal(named(300, `libpod-${ID}.scope/inside`), "user@1000/podman:db");
  assert.deepEqual(files.read, [HOME, other, other]);
});
