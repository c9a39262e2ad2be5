/**
 * Names of real cgroups, which are named as container runtimes and systemd name them, and of state files on a file system.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { Cgroups, type Hierarchy, SYSTEM_FILES } from "../../src/cgroups/mod.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { hierarchies, NamedCgroups } from "../support/named_cgroups.ts";
import { until } from "../support/tmux.ts";

// Opens libc before the first test, which would be reported to leak it.
SYSTEM_FILES.membership(Deno.pid);

const ID = "0123456789ab".padEnd(64, "c");
const INNER = "fedcba987654".padEnd(64, "d");
const UID = "5b1c2d3e-0001-4002-8003-00000000000a";
const SLICE = `kubepods-pod${UID.replaceAll("-", "_")}.slice`;

/** The names that cgroups of these paths have at the root of a hierarchy. */
const AT_ROOT: Readonly<Record<string, string>> = {
  [`/system.slice/docker-${ID}.scope/init.scope`]: "docker:0123456789ab",
  [`/docker/${ID}/docker/${INNER}`]: "docker:0123456789ab/docker:fedcba987654",
  [`/machine.slice/libpod-${ID}.scope`]: "podman:0123456789ab",
  [`/machine.slice/libpod-conmon-${ID}.scope`]: `libpod-conmon-${ID}.scope`,
  [`/libpod_parent/libpod-${INNER}`]: "podman:fedcba987654",
  [`/kubepods.slice/${SLICE}/cri-containerd-${ID}.scope`]: "containerd:0123456789ab",
  [`/kubepods.slice/${SLICE}/crio-${ID}.scope`]: "crio:0123456789ab",
  [`/kubepods/burstable/pod${UID}/${ID}`]: `pod ${UID}:0123456789ab`,
  "/lxc.payload.web/system.slice/a.service": "lxc:web",
  "/machine.slice/machine-web.scope": "machine:web",
  "/system.slice/nginx.service": "nginx.service",
  "/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-firefox-12.scope":
    "user@1000/app-firefox",
  [`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope`]:
    "user@1000/podman:0123456789ab",
  "/user.slice/user-1000.slice/session-3.scope": "user@1000/session-3.scope",
};

/** The name that a walk through the tree finds. */
async function walkFor(hierarchy: Hierarchy, id: number, pid: number | null): Promise<string> {
  const cgroups = new Cgroups(hierarchy);
  const name = await until(
    "a walk through the tree",
    () => Promise.resolve(cgroups.nameOf(id, pid)?.name),
    (name) => name !== undefined,
  );
  cgroups.close();
  return name!;
}

for (const hierarchy of hierarchies()) {
  const version = `cgroup v${hierarchy.version}`;

  Deno.test(`nameOf() names cgroups of ${version} by their processes, by their ids, and after they have gone`, async () => {
    await using cgroups = await NamedCgroups.make(hierarchy);
    // Below a directory that is not systemd's only ids name a container, if its cgroup is root's.
    const expected: (readonly [path: string, owner: number, name: string])[] = [
      [`/docker/${ID}`, 0, "docker:0123456789ab"],
      [`/x/libpod-${ID}/a`, 0, "podman:0123456789ab"],
      [`/${SLICE}/crio-${ID}.scope`, 0, "crio:0123456789ab"],
      [`/docker-${ID}.scope`, 1000, `${cgroups.path}/docker-${ID}.scope`],
      ["/system.slice/nginx.service", 0, `${cgroups.path}/system.slice/nginx.service`],
      ["/lxc/web", 0, `${cgroups.path}/lxc/web`],
      ["/a\\033]0;x\\007\\377\\342\\200\\256", 0, `${cgroups.path}/a\\x1b]0;x\\a\\xff\\u202e`],
    ];
    const made = [];
    for (const [path, owner] of expected) made.push(await cgroups.add(path, owner));
    const names = expected.map(([, , name]) => name);

    const byProcess = new Cgroups(hierarchy);
    assert.deepEqual(made.map(({ id, pid }) => byProcess.nameOf(id, pid)?.name), names);
    const moved = await walkFor(hierarchy, made[0]!.id, made[1]!.pid);
    assert.equal(moved, names[0], "the process is in another cgroup");
    const byId: string[] = [];
    for (const { id } of made) byId.push(await walkFor(hierarchy, id, null));
    assert.deepEqual(byId, names);

    await cgroups.remove();
    assert.deepEqual(made.map(({ id }) => byProcess.nameOf(id, null)?.name), names);
    byProcess.close();
  });

  Deno.test(`in a cgroup namespace nameOf() names what a mount of ${version} shows, and nothing else`, async () => {
    await using cgroups = await NamedCgroups.make(hierarchy);
    const made = [];
    for (const path of Object.keys(AT_ROOT)) {
      made.push(await cgroups.add(`/namespace${path.replaceAll("\\", "\\\\")}`));
    }
    const outside = await cgroups.add("/outside");
    await using directory = await TemporaryDirectory.make();
    const mount = hierarchy.version === 2 ? "-t cgroup2" : `-t cgroup -o ${hierarchy.controller}`;
    // The root of the namespace is the cgroup of the process that makes it.
    const script = `echo $$ > "$1/cgroup.procs" && shift && exec unshare --cgroup --mount sh -c '
      mount ${mount} none "$2" && cd / && exec "$0" run --quiet -A --no-lock "$@"' "$@"`;
    const program = join(import.meta.dirname!, "cgroup_names_program.ts");
    const { success, stdout, stderr } = await new Deno.Command("sh", {
      args: [
        "-c",
        script,
        "sh",
        `${cgroups.directory}/namespace`,
        Deno.execPath(),
        program,
        directory.path,
        ...[...made, outside].map(({ id, pid }) => `${id}:${pid}`),
      ],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const names = new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
    const expected = [...Object.values(AT_ROOT), null];
    assert.deepEqual(names, [expected, expected]);
  });
}

Deno.test("State files are read only as bounded regular files of their owner in their directory", async () => {
  await using directory = await TemporaryDirectory.make();
  const path = (name: string): string => `${directory.path}/${name}`;
  await Deno.mkdir(path("root/real"), { recursive: true });
  await Deno.writeTextFile(path("root/real/file"), "ü");
  await Deno.writeTextFile(path("outside"), "x");
  await Deno.writeFile(path("root/bytes"), Uint8Array.of(0x22, 0xff, 0x22));
  await Deno.symlink("/etc/shadow", path("root/shadow"));
  await Deno.symlink("real", path("root/linked"));
  await new Deno.Command("mkfifo", { args: [path("root/fifo")] }).output();
  await new Deno.Command("mknod", { args: [path("root/null"), "c", "1", "3"] }).output();
  using large = await Deno.open(path("root/large"), { write: true, create: true });
  await large.truncate(100 * 1024 * 1024);

  const read = (name: string, request: { maxBytes?: number; owner?: number; known?: string } = {}) =>
    SYSTEM_FILES.state(path("root"), name, { owner: 0, maxBytes: 1 << 20, ...request });
  const file = read("real/file");
  assert.ok(file !== null && file !== "unchanged");
  assert.deepEqual([file.text, file.size], ["ü", 2]);
  assert.equal(read("real/file", { maxBytes: 1 }), null, "larger than allowed");
  assert.equal(read("real/file", { maxBytes: 1, known: file.identity }), "unchanged");
  assert.equal(read("real/file", { owner: 1000 }), null, "of another owner");
  const bytes = read("bytes");
  assert.deepEqual(bytes !== "unchanged" && [bytes?.text, bytes?.size], ["", 3], "not UTF-8");
  for (
    const name of [
      "absent",
      "real",
      "shadow",
      "linked/file",
      "fifo",
      "null",
      "large",
      "../outside",
      "/etc/shadow",
      "a\0",
    ]
  ) {
    assert.equal(read(name), null, name);
  }
});

Deno.test("A user's state files are not read below a mount point, where reading could block", async () => {
  await using directory = await TemporaryDirectory.make();
  // The home is a mount point, and so is the second directory in it.
  const script =
    `mount -t tmpfs none "$1" && mkdir "$1/own" "$1/mounted" && mount -t tmpfs none "$1/mounted" &&
    echo x >"$1/own/file" && echo x >"$1/mounted/file" && chown 1000 "$1/own/file" "$1/mounted/file" &&
    exec "$2" eval --quiet --no-lock "$3" "$1"`;
  const program = `import { SYSTEM_FILES } from ${
    JSON.stringify(import.meta.resolve("../../src/cgroups/mod.ts"))
  };
    const read = (path, owner) => SYSTEM_FILES.state(Deno.args[0], path, { owner, maxBytes: 99 })?.text ?? null;
    const own = read("own/file", 1000), mounted = read("mounted/file", 1000);
    Deno.chownSync(Deno.args[0] + "/mounted/file", 0, null);
    console.log(JSON.stringify([own, mounted, read("mounted/file", 0)]));`;
  const { stdout, stderr } = await new Deno.Command("unshare", {
    args: ["--mount", "sh", "-c", script, "sh", directory.path, Deno.execPath(), program],
  }).output();
  const [text, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert.deepEqual([text, errors], ['["x\\n",null,"x\\n"]\n', ""]);
});
