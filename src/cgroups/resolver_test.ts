import assert from "node:assert/strict";
import { FakeCgroups } from "../../tests/support/fake_cgroups.ts";
import type { Hierarchy } from "./hierarchy.ts";
import { Cgroups } from "./resolver.ts";

const V2: Hierarchy = { version: 2, controller: null, point: "/cg", root: "/" };
const ID = "0123456789ab".padEnd(64, "c");
const OTHER = "fedcba987654".padEnd(64, "d");
const UID = "5b1c2d3e-0001-4002-8003-00000000000a";
const DOCKER = `/var/lib/docker/containers/${ID}/config.v2.json`;
const STORAGE = "/var/lib/containers/storage/overlay-containers";
const USER = "/user.slice/user-1000.slice/user@1000.service/user.slice";
const HOME = "/home/ann/.local/share/containers/storage/overlay-containers/containers.json";
const PASSWD = "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n";

/** The name of a process's cgroup. */
function nameOf(files: FakeCgroups, path: string | Uint8Array, hierarchy = V2, owner = 0) {
  files.add(path, 77, owner);
  const line = typeof path === "string" ? new TextEncoder().encode(path) : path;
  files.process(5, Uint8Array.of(...new TextEncoder().encode("0::"), ...line, 0x0a));
  return new Cgroups(hierarchy, files).nameOf(77, 5);
}

Deno.test("nameOf() names a container by its runtime's state file", () => {
  const files = new FakeCgroups();
  files.write(DOCKER, { Name: "/web-1", Config: { Image: "nginx:1.29" } });
  assert.deepEqual(nameOf(files, `/system.slice/docker-${ID}.scope/init.scope`), {
    path: `/system.slice/docker-${ID}.scope/init.scope`,
    name: "docker:web-1",
    kind: "docker",
    id: ID,
    unit: `docker-${ID}.scope`,
    container: "web-1",
    image: "nginx:1.29",
  });
  files.write(`${STORAGE}/volatile-containers.json`, [{ id: ID, names: ["db"] }]);
  assert.equal(nameOf(files, `/libpod_parent/libpod-${ID}`)?.name, "podman:db");
  assert.equal(nameOf(files, `/libpod_parent/libpod-${OTHER}`)?.name, "podman:fedcba987654");
});

Deno.test("nameOf() names a pod's container by containerd's and CRI-O's annotations", () => {
  const files = new FakeCgroups();
  const annotations = {
    "io.kubernetes.cri.container-name": "server",
    "io.kubernetes.cri.sandbox-name": "api-7f9c",
    "io.kubernetes.cri.sandbox-namespace": "prod",
    "io.kubernetes.cri.image-name": "api:7",
  };
  files.write(`/run/containerd/io.containerd.runtime.v2.task/k8s.io/${ID}/config.json`, { annotations });
  const path = `/kubepods/burstable/pod${UID}/${ID}`;
  assert.deepEqual(nameOf(files, path), {
    path,
    name: "pod prod/api-7f9c:server",
    kind: "pod",
    id: ID,
    pod: { namespace: "prod", name: "api-7f9c", uid: UID },
    container: "server",
    image: "api:7",
  });
  files.write(`/run/containers/storage/overlay-containers/${OTHER}/userdata/config.json`, {
    annotations: { "io.kubernetes.pod.name": "dns", "io.kubernetes.pod.namespace": "kube-system" },
  });
  const pod = `/kubepods.slice/kubepods-pod${UID.replaceAll("-", "_")}.slice`;
  assert.equal(nameOf(files, `${pod}/crio-${OTHER}.scope`)?.name, "pod kube-system/dns");
  assert.equal(nameOf(files, `/kubepods/pod${UID}/${OTHER}`)?.name, "pod kube-system/dns");
});

Deno.test("nameOf() finds the runtime of an id in another directory by its state file, else shows the path", () => {
  const files = new FakeCgroups();
  files.write(DOCKER, { Name: "/ecs-agent" });
  assert.equal(nameOf(files, `/ecs/task/${ID}`)?.name, "docker:ecs-agent");
  assert.equal(nameOf(files, `/ecs/task/${OTHER}`)?.name, `/ecs/task/${OTHER}`);
  assert.equal(nameOf(files, `/ecs/task/${ID}`, V2, 1000)?.name, `/ecs/task/${ID}`);
  files.write(`${STORAGE}/containers.json`, [{ id: OTHER, names: ["db"] }]);
  files.write(`/var/lib/containers/storage/overlay-containers/${OTHER}/userdata/config.json`, {
    annotations: { "io.kubernetes.cri-o.ImageName": "x" },
  });
  assert.equal(nameOf(files, `/other/${OTHER}`)?.name, "podman:db");
});

Deno.test("nameOf() does not take a user's cgroup or file for a container of the system", () => {
  const files = new FakeCgroups(PASSWD);
  files.write(DOCKER, { Name: "/web-1" });
  const scope = `docker-${ID}.scope`;
  assert.deepEqual(nameOf(files, `${USER}/${scope}`, V2, 1000), {
    path: `${USER}/${scope}`,
    name: "user@1000/docker:0123456789ab",
    kind: "docker",
    id: ID,
    unit: "user@1000.service",
    uid: 1000,
  });
  const unit = `/system.slice/ci.service/${scope}`;
  assert.equal(nameOf(files, unit, V2, 1000)?.name, "ci.service");
  assert.equal(nameOf(files, unit, V2, 0)?.name, "docker:web-1");
  files.add(unit, 78, 1000);
  assert.equal(nameOf(files, `${unit}/below`, V2, 0)?.name, "ci.service", "the container's cgroup counts");
  files.write(DOCKER, { Name: "/web-1" }, 1000);
  assert.equal(nameOf(files, `/docker/${ID}`)?.name, "docker:0123456789ab");
});

Deno.test("nameOf() reads state files below a user's home for that user's containers, if they are that user's", () => {
  const files = new FakeCgroups(PASSWD);
  files.write(HOME, [{ id: ID, names: ["db"], metadata: '{"image-name":"postgres"}' }], 1000);
  const found = nameOf(files, `${USER}/libpod-${ID}.scope`, V2, 1000);
  assert.deepEqual([found?.name, found?.container, found?.image, found?.uid], [
    "user@1000/podman:db",
    "db",
    "postgres",
    1000,
  ]);
  files.write(HOME, [{ id: ID, names: ["root's"] }], 0);
  assert.equal(nameOf(files, `${USER}/libpod-${ID}.scope`)?.name, "user@1000/podman:0123456789ab");
  files.write(`/home/ann/.local/share/docker/containers/${ID}/config.v2.json`, {
    Name: "/x",
    Config: { Labels: { "io.kubernetes.pod.name": "api", "io.kubernetes.pod.namespace": "prod" } },
  }, 1000);
  const claimed = nameOf(files, `${USER}/docker-${ID}.scope`, V2, 1000);
  assert.deepEqual([claimed?.kind, claimed?.pod], ["docker", undefined]);
});

Deno.test("nameOf() escapes and bounds hostile paths", () => {
  const files = new FakeCgroups();
  assert.equal(nameOf(files, "/a\x1b]0;x\x07")?.name, "/a\\x1b]0;x\\a");
  assert.equal(nameOf(files, Uint8Array.of(0x2f, 0xff, 0x41))?.name, "/\\xffA");
  assert.equal(nameOf(files, "/system.slice/\u202eevil.service")?.name, "\\u202eevil.service");
  assert.equal(nameOf(new FakeCgroups(), `/docker/${ID}/../../etc`), null);
  const long = `/${"\x1b".repeat(255)}`.repeat(16).slice(0, 4095);
  const { name, path } = nameOf(files, long)!;
  assert.equal(name.length, 256);
  assert.equal(path.length, 512);
  assert.match(name, /^…[\\x1b/]+$/);
});

Deno.test("nameOf() never takes the cgroup of a process that has another id", () => {
  const files = new FakeCgroups();
  files.add("/system.slice/a.service", 10);
  files.add("/system.slice/b.service", 11);
  files.process(5, "0::/system.slice/a.service\n");
  const cgroups = new Cgroups(V2, files);
  assert.equal(cgroups.nameOf(11, 5)?.name, undefined, "the tree has no directory /system.slice here");
  assert.equal(cgroups.nameOf(10, 5)?.name, "a.service");
  assert.equal(cgroups.nameOf(10, null)?.name, "a.service");
  files.remove("/system.slice/a.service");
  assert.equal(cgroups.nameOf(10, 5)?.name, "a.service", "the cgroup has gone");
  assert.equal(new Cgroups(V2, files).nameOf(10, 5), null);
  files.add("/system.slice/a.service", 10, 0, 8);
  assert.equal(new Cgroups(V2, files).nameOf(10, 5), null, "another file system is mounted over it");
  cgroups.close();
});

Deno.test("currentPath() has the bytes of a path that is escaped or cut in the name, while the cgroup exists", async () => {
  const files = new FakeCgroups();
  const long = [1, 2, 3].map((count) => `/${"x".repeat(250)}`.repeat(count));
  const paths = ["/plain.service", "/a\\x2db.service", "/a\xff\x1b", "/é\\", ...long];
  paths.forEach((path, i) => files.add(path, 100 + i));
  const cgroups = new Cgroups(V2, files);
  const text = (id: number): string | null => {
    const path = cgroups.currentPath(id);
    return path && new TextDecoder().decode(path);
  };
  const ids = paths.map((_, i) => 100 + i);
  assert.equal(text(101), null, "it has no name yet");
  await cgroups.list(() => "name");
  assert.deepEqual(ids.map(text), paths);
  assert.equal(text(1), "/");
  files.remove(paths[1]!);
  assert.equal(text(101), null);
  files.add(`/${"x".repeat(1024)}`, 200);
  cgroups.created(200, new TextEncoder().encode(`/${"x".repeat(1024)}`));
  assert.equal(text(200), null, "longer ones are not kept");
});

Deno.test("created() names a cgroup that has gone since, after a container only where root alone makes cgroups", () => {
  const files = new FakeCgroups();
  files.write(DOCKER, { Name: "/web-1" });
  const cgroups = new Cgroups(V2, files);
  const bytes = (path: string): Uint8Array => new TextEncoder().encode(path);
  const paths = [`/system.slice/docker-${ID}.scope`, `/ecs/task/${ID}`, "/a\x1b", "/../b"];
  paths.forEach((path, i) => cgroups.created(100 + i, bytes(path)));
  assert.deepEqual(paths.map((_, i) => cgroups.nameOf(100 + i, null)?.name), [
    "docker:web-1",
    `/ecs/task/${ID}`,
    "/a\\x1b",
    undefined,
  ]);
  // While it exists, its owner counts.
  files.add(`/ecs/other/${ID}`, 200);
  cgroups.created(200, bytes(`/ecs/other/${ID}`));
  assert.equal(cgroups.nameOf(200, null)?.name, "docker:web-1");
  cgroups.close();
});

Deno.test("nameOf() finds cgroups in the tree, and reports those that it does not have once", () => {
  const files = new FakeCgroups();
  files.add("/system.slice", 2);
  files.add("/system.slice/a.service", 3);
  files.add("/system.slice/b.service", 4);
  const cgroups = new Cgroups(V2, files);
  assert.equal(cgroups.nameOf(4, null)?.name, "b.service");
  assert.equal(cgroups.nameOf(3, null)?.name, "a.service", "the walk passed it");
  files.add("/system.slice/c.service", 5);
  assert.equal(cgroups.nameOf(5, null), null, "at most one walk a second");
  files.pass(1000);
  assert.equal(cgroups.nameOf(5, null)?.name, "c.service");
  assert.equal(cgroups.nameOf(99, null), null);
  files.pass(2000);
  assert.equal(cgroups.nameOf(1, null)?.name, "/");
  const { listings } = files;
  files.add("/late.service", 99);
  assert.equal(cgroups.nameOf(99, null), null, "an id that was absent is not used again");
  files.pass(5000);
  assert.equal(files.listings, listings);
});

Deno.test("nameOf() looks again for a cgroup that was not found because a directory could not be read", () => {
  const files = new FakeCgroups();
  files.readable = false;
  const cgroups = new Cgroups(V2, files);
  assert.equal(cgroups.nameOf(9, null), null);
  files.readable = true;
  files.add("/a.service", 9);
  files.pass(1000);
  assert.equal(cgroups.nameOf(9, null)?.name, "a.service");
});

Deno.test("start() learns where cgroups are, and names those that are gone when they are asked for", () => {
  const files = new FakeCgroups();
  for (let i = 0; i < 100; i++) files.add(`/g${i}.service`, 1000 + i);
  files.readingMs = 1;
  const cgroups = new Cgroups(V2, files);
  cgroups.start();
  assert.ok(files.time <= 11, "a call takes no longer than a slice");
  files.pass(2000);
  for (let i = 0; i < 100; i++) files.remove(`/g${i}.service`);
  assert.equal(cgroups.nameOf(1099, null)?.name, "g99.service");
  const { listings } = files;
  files.pass(5000);
  assert.equal(files.listings, listings, "once");
  cgroups.close();
});

Deno.test("nameOf() walks a large tree in slices", () => {
  const files = new FakeCgroups();
  for (let i = 0; i < 500; i++) files.add(`/g${i}`, 1000 + i);
  files.readingMs = 1;
  const cgroups = new Cgroups(V2, files);
  assert.equal(cgroups.nameOf(1499, null), null);
  assert.ok(files.time <= 11, "a call takes no longer than a slice");
  files.pass(2000);
  assert.equal(cgroups.nameOf(1499, null), null);
  files.pass(4000);
  assert.equal(cgroups.nameOf(1499, null)?.name, "/g499");
  assert.equal(cgroups.nameOf(5555, null), null);
  cgroups.close();
  const { listings } = files;
  files.pass(5000);
  assert.equal(files.listings, listings, "closed");
});

Deno.test("nameOf() looks up a bounded number of processes in a second, and leaves the others to the tree", () => {
  const files = new FakeCgroups();
  const ids = Array.from({ length: 700 }, (_, index) => 1000 + index);
  for (const id of ids) {
    files.add(`/g${id}.service`, id);
    files.process(id, `0::/g${id}.service\n`);
  }
  const cgroups = new Cgroups(V2, files);
  const found = () => ids.filter((id) => cgroups.nameOf(id, id) !== null).length;
  files.readingMs = 11;
  assert.equal(cgroups.nameOf(5000, 5000), null);
  assert.equal(found(), 499);
  files.readingMs = 0;
  files.pass(1000);
  files.membership = () => null;
  assert.equal(found(), 700);
  cgroups.close();
});

Deno.test("nameOf() names what a part of the hierarchy shows", () => {
  const root = `/docker/${ID}`;
  const part: Hierarchy = { ...V2, root };
  const files = new FakeCgroups();
  files.write(DOCKER, { Name: "/web-1" });
  files.process(5, `0::${root}\n`);
  files.process(6, "0::/system.slice/a.service\n");
  const cgroups = new Cgroups(part, files);
  assert.equal(cgroups.nameOf(1, 5)?.name, "docker:web-1");
  assert.equal(cgroups.nameOf(2, 6), null);
  const jailed: Hierarchy = { ...V2, root: `/jail/${ID}` };
  files.process(5, `0::/jail/${ID}\n`);
  assert.equal(new Cgroups(jailed, files).nameOf(1, 5)?.name, "docker:web-1");
  cgroups.close();
});

Deno.test("list() passes on all cgroups in slices, and remembers those that are chosen", async () => {
  const files = new FakeCgroups();
  files.readingMs = 3;
  files.add("/system.slice", 50);
  for (let i = 0; i < 10; i++) files.add(`/system.slice/s${i}.service`, 60 + i);
  files.add(`/ecs/task/${ID}`, 90, 1000);
  files.write(DOCKER, { Name: "/ecs-agent" });
  files.add("/ecs", 91);
  files.add("/ecs/task", 92);
  const cgroups = new Cgroups(V2, files);
  const found = new Map<number, string>();
  const listed = cgroups.list((id, { name }) => {
    found.set(id, name);
    return id === 65 ? "name" : id === 66 ? "path" : null;
  });
  assert.ok(found.size < 6, "the first slice ends after 10 ms");
  await listed;
  assert.equal(found.size, 15);
  // Its owner is not root.
  assert.deepEqual([found.get(1), found.get(65), found.get(90)], ["/", "s5.service", `/ecs/task/${ID}`]);
  for (const id of [65, 66, 67]) files.remove(`/system.slice/s${id - 60}.service`);
  assert.deepEqual([65, 66, 67].map((id) => cgroups.nameOf(id, null)?.name), [
    "s5.service",
    "s6.service",
    undefined,
  ]);
});
