import assert from "node:assert/strict";
import { escapeText } from "../text/mod.ts";
import { isGuess, parsePath, plainContainerName } from "./path_names.ts";

const ID = "0123456789ab".padEnd(64, "c");
const INNER = "fedcba987654".padEnd(64, "d");
const UID = "5b1c2d3e-0001-4002-8003-00000000000a";
const UID_ = UID.replaceAll("-", "_");

/** The name without state files, of a container whose cgroup belongs to root. */
function name(path: string): string {
  const place = parsePath(escapeText(path));
  const { container } = place;
  if (container === undefined || isGuess(container)) return place.name;
  return (place.uid === undefined ? "" : `user@${place.uid}/`) + plainContainerName(container);
}

/** Whether the container counts only if root owns its cgroup. */
const needsRoot = (path: string): boolean | undefined => parsePath(escapeText(path)).container?.needsRoot;

Deno.test("parsePath() recognizes the containers of the systemd driver", () => {
  assert.equal(name(`/system.slice/docker-${ID}.scope`), "docker:0123456789ab");
  assert.equal(name(`/machine.slice/libpod-${ID}.scope/container`), "podman:0123456789ab");
  assert.equal(
    name(`/machine.slice/machine-libpod_pod_${INNER}.slice/libpod-${ID}.scope`),
    "podman:0123456789ab",
  );
  assert.equal(name(`/system.slice/nerdctl-${ID}.scope`), "containerd:0123456789ab");
  const pod = `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${UID_}.slice`;
  assert.equal(name(`${pod}/cri-containerd-${ID}.scope`), "containerd:0123456789ab");
  assert.equal(name(`${pod}/crio-${ID}.scope`), "crio:0123456789ab");
  assert.equal(name(`/kubepods.slice/kubepods-pod${UID_}.slice/docker-${ID}.scope`), "docker:0123456789ab");
  assert.equal(parsePath(`${pod}/crio-${ID}.scope`).container?.podUid, UID);
  assert.equal(name(pod), `pod ${UID}`);
});

Deno.test("parsePath() recognizes the containers of the cgroupfs driver", () => {
  assert.equal(name(`/docker/${ID}`), "docker:0123456789ab");
  assert.equal(name(`/libpod_parent/libpod-${ID}`), "podman:0123456789ab");
  assert.equal(name(`/default/${ID}`), "containerd:0123456789ab");
  assert.equal(name(`/kubepods/burstable/pod${UID}/${ID}`), `pod ${UID}:0123456789ab`);
  assert.equal(name(`/kubelet/kubepods/pod${UID}/${ID}/x`), `pod ${UID}:0123456789ab`);
  assert.equal(name(`/kubepods/pod${UID}`), `pod ${UID}`);
  assert.equal(name("/lxc/web"), "lxc:web");
  assert.equal(name("/lxc.payload/web/system.slice/nginx.service"), "lxc:web");
  assert.equal(name("/lxc.payload.web.1/init.scope"), "lxc:web.1");
  assert.equal(name("/lxc.monitor.web"), "/lxc.monitor.web");
  const slice = `kubepods-burstable-pod${UID_}.slice:cri-containerd:${ID}`;
  assert.equal(name(`/system.slice/containerd.service/${slice}`), "containerd:0123456789ab");
  assert.equal(parsePath(`/system.slice/containerd.service/${slice}`).container?.podUid, UID);
});

Deno.test("parsePath() recognizes machines, but not libvirt's virtual ones", () => {
  assert.equal(name("/machine.slice/machine-web\\x2dfront.scope/payload"), "machine:web-front");
  assert.equal(
    name("/machine.slice/systemd-nspawn@web.service/payload/system.slice/a.service"),
    "machine:web",
  );
  assert.equal(parsePath("/machine.slice/systemd-nspawn@web.service").unit, "systemd-nspawn@web.service");
  const machine = escapeText("machine-qemu\\x2d1\\x2ddb.scope");
  assert.equal(name("/machine.slice/machine-qemu\\x2d1\\x2ddb.scope"), machine);
});

Deno.test("parsePath() names units as systemctl writes them", () => {
  assert.equal(name("/system.slice/nginx.service"), "nginx.service");
  assert.equal(
    name("/system.slice/system-postgresql.slice/postgresql@15-main.service/sub/x.service"),
    "postgresql@15-main.service",
  );
  assert.equal(name("/init.scope"), "init.scope");
  assert.equal(name("/system.slice/_cpu.service"), "cpu.service");
  assert.equal(
    name("/system.slice/systemd-fsck@dev-disk-by\\x2duuid-1.service"),
    "systemd-fsck@dev-disk-by\\\\x2duuid-1.service",
  );
  assert.equal(name("/system.slice/run-user-1000.mount"), "run-user-1000.mount");
  assert.equal(name("/system.slice"), "/system.slice");
  assert.equal(name("/"), "/");
  assert.equal(name(`/machine.slice/libpod-conmon-${ID}.scope`), `libpod-conmon-${ID}.scope`);
  const { kind, unit } = parsePath("/system.slice/nginx.service");
  assert.deepEqual([kind, unit], ["unit", "nginx.service"]);
});

Deno.test("parsePath() names what users run after the user, and its unit is the system's", () => {
  const user = "/user.slice/user-1000.slice";
  const manager = `${user}/user@1000.service`;
  assert.equal(name(`${manager}/app.slice/app-gnome-firefox-1234.scope`), "user@1000/app-firefox");
  assert.equal(name(`${manager}/app.slice/app-firefox\\x2desr-1234.scope`), "user@1000/app-firefox-esr");
  assert.equal(
    name(`${manager}/app.slice/app-gnome-org.gnome.Maps@0a1.service`),
    "user@1000/app-org.gnome.Maps",
  );
  assert.equal(name(`${manager}/session.slice/pipewire.service`), "user@1000/pipewire.service");
  assert.equal(name(`${manager}/init.scope`), "user@1000/init.scope");
  assert.equal(name(manager), "user@1000.service");
  assert.equal(name(user), "user-1000.slice");
  assert.equal(name(`${user}/session-3.scope`), "user@1000/session-3.scope");
  assert.equal(parsePath(`${manager}/app.slice/nginx.service`).unit, "user@1000.service");
  assert.equal(parsePath(`${user}/session-3.scope`).unit, "session-3.scope");
});

Deno.test("parsePath() names a user's containers after the user", () => {
  const manager = "/user.slice/user-1000.slice/user@1000.service";
  assert.equal(name(`${manager}/user.slice/libpod-${ID}.scope`), "user@1000/podman:0123456789ab");
  assert.equal(
    name(`${manager}/app.slice/web.service/libpod-payload-${ID}`),
    "user@1000/podman:0123456789ab",
  );
  assert.equal(name(`${manager}/user.slice/docker-${ID}.scope`), "user@1000/docker:0123456789ab");
  assert.equal(name("/user.slice/user-1000.slice/session-3.scope/lxc.payload.web"), "user@1000/lxc:web");
  assert.equal(parsePath(`${manager}/user.slice/docker-${ID}.scope`).uid, 1000);
});

Deno.test("parsePath() names a container in a container after the outer one", () => {
  assert.equal(name(`/docker/${ID}/docker/${INNER}`), "docker:0123456789ab/docker:fedcba987654");
  assert.equal(name(`/system.slice/docker-${ID}.scope/init.scope`), "docker:0123456789ab");
  const kind =
    `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${UID_}.slice/cri-containerd-${INNER}.scope`;
  assert.equal(name(`/docker/${ID}${kind}`), "docker:0123456789ab/containerd:fedcba987654");
  assert.equal(name(kind), "containerd:fedcba987654");
  assert.equal(name(`/docker/${ID}/${INNER}`), "docker:0123456789ab");
});

Deno.test("parsePath() believes a name below a unit or an unknown directory only if it is root's", () => {
  assert.equal(needsRoot(`/system.slice/docker-${ID}.scope`), false);
  assert.equal(needsRoot(`/kubepods/pod${UID}/${ID}`), false);
  assert.equal(needsRoot(`/system.slice/ci.service/docker-${ID}.scope`), true);
  assert.equal(needsRoot(`/system.slice/ci.service/x/libpod-${ID}`), true);
  assert.equal(needsRoot(`/jail/1/docker/${ID}`), true);
  assert.equal(needsRoot(`/ecs/task/${ID}`), true);
  assert.equal(name(`/ecs/task/${ID}`), `/ecs/task/${ID}`);
  // Names that are not unique are not believed at all.
  for (
    const path of [
      "/jail/system.slice/nginx.service",
      "/jail/lxc/web",
      "/jail/user.slice/user-0.slice/a.scope",
    ]
  ) {
    const { kind, name, container, unit, uid } = parsePath(path);
    assert.deepEqual([kind, name, container, unit, uid], ["path", path, undefined, undefined, undefined]);
  }
  assert.equal(needsRoot("/system.slice/ci.service/lxc.payload.web"), undefined);
  assert.equal(needsRoot("/system.slice/ci.service/machine-web.scope"), undefined);
  assert.equal(name("/system.slice/ci.service/machine-web.scope"), "ci.service");
});

Deno.test("parsePath() does not take similar names for containers", () => {
  for (
    const part of [
      `docker-${ID}x.scope`,
      `docker-${ID.slice(1)}.scope`,
      `xdocker-${ID}.scope`,
      `docker-${ID.toUpperCase()}.scope`,
      `libpod-conmon-${ID}.scope`,
      `crio-conmon-${ID}.scope`,
      "machine-.scope",
    ]
  ) {
    assert.equal(parsePath(`/system.slice/${part}`).container, undefined, part);
  }
});

Deno.test("parsePath() reads any path without an error, in bounded time, and never names a stranger's cgroup after the system", () => {
  const parts = [
    "system.slice",
    "user.slice",
    "user-1000.slice",
    "user@1000.service",
    "kubepods",
    "burstable",
    `pod${UID}`,
    "docker",
    `docker-${ID}.scope`,
    `libpod-${ID}`,
    ID,
    "lxc",
    "lxc.payload.x",
    "machine-a.scope",
    "a.service",
    "..",
    ".",
    "",
    "\\x2d",
    "\\\\x2f",
    "app-a-b-1.scope",
    "app-.service",
    "-".repeat(255),
    ":::",
    `kubepods-pod${UID_}.slice`,
    "\u00fc",
    "…",
    "x",
  ];
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 20_000; round++) {
    const path = `/${Array.from({ length: random(8) }, () => parts[random(parts.length)]!).join("/")}`;
    const stranger = parsePath(`/user.slice/user-1000.slice${path}`);
    assert.equal(stranger.uid, 1000);
    assert.ok(/^user[@-]1000/.test(stranger.name), stranger.name);
    const below = parsePath(`/system.slice/own.service${path}`);
    assert.equal(below.unit, "own.service");
    assert.notEqual(below.container?.needsRoot, false, path);
    const own = parsePath(path);
    assert.equal(own.path, path);
    assert.notEqual(own.name, "");
  }
});
