/**
 * The filters by container, unit and cgroup beside processes that make known numbers of calls, in cgroups that are named as systemd
 * and container runtimes name them.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { Hierarchy } from "../../src/cgroups/hierarchy.ts";
import { withCgroups } from "../support/cgroup.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, type KtopOptions, RunningKtop } from "../support/ktop.ts";
import { hierarchies } from "../support/named_cgroups.ts";
import { OPENED, Opener } from "../support/opener.ts";
import { containerId, Slice } from "../support/slice.ts";
import {
  countRows,
  type Counts,
  type JsonTick,
  losses,
  type Row,
  rowsOf,
  sumColumn,
} from "../support/ticks.ts";

const OPENS: Counts = { podman: 13, docker: 17, unit: 19 };
const CGROUPS = {
  podman: `libpod-${containerId("a1b2c3d4e5f6")}.scope`,
  docker: `docker-${containerId("0f1e2d3c4b5a")}.scope`,
  unit: "ktop_test.service",
} as const;
type Name = keyof typeof CGROUPS;

/** Runs ktop where the hierarchy is the one that names processes: hidden from it are those of v1 controllers. */
const optionsFor = ({ version }: Hierarchy): KtopOptions =>
  version === 1 ? {} : {
    through: [
      "unshare",
      "--mount",
      "sh",
      "-c",
      'for at in $(awk \'/ - cgroup /{print $5}\' /proc/self/mountinfo); do umount "$at"; done; exec "$@"',
      "sh",
    ],
  };

/** The rows of each run of a tool alongside the processes. */
async function watch(
  hierarchy: Hierarchy,
  tools: readonly (readonly string[])[],
): Promise<readonly Row[][]> {
  await using slice = new Slice(hierarchy);
  const processes: Opener[] = [];
  for (const comm of Object.keys(CGROUPS) as Name[]) {
    const process = await Opener.start(OPENS[comm]!, { comm });
    await slice.add(CGROUPS[comm], process.pid);
    processes.push(process);
  }
  const runs = tools.map((args) => new RunningKtop([...args, "--json", "-i", "0.2"], optionsFor(hierarchy)));
  for (const run of runs) await run.tick();
  for (const process of processes) await process.run();
  return await Promise.all(runs.map(async (run) => {
    const { ticks, stderr } = await run.finish();
    assert.equal(stderr, "");
    assert.deepEqual(losses(ticks), { events: 0, keys: 0 });
    return [...rowsOf(ticks)];
  }));
}

/** The processes whose opens were counted; fails where a count is not exact. */
function seen(rows: readonly Row[], opens: Counts): string[] {
  const counts = countRows(rows.filter(({ path }) => path === OPENED), ({ comm }) => String(comm));
  const names = Object.keys(opens).filter((name) => counts[name] !== undefined);
  for (const name of names) assert.equal(counts[name], opens[name], name);
  return names;
}

/** Makes a cgroup, opens a file in it 23 times and removes it, as fast as it can. */
const SHORT_LIVED = `set -e
mkdir "$1"
(echo "$BASHPID" > "$1/cgroup.procs"; printf short > /proc/self/comm; for i in {1..23}; do : < ${OPENED}; done)
until rmdir "$1" 2>/dev/null; do :; done`;

for (const hierarchy of hierarchies()) {
  const version = `cgroup v${hierarchy.version}`;

  Deno.test(`${version}: --container and --unit select cgroups, several of them, and without the excluded`, async () => {
    const found = await watch(hierarchy, [
      ["opensnoop", "--container", "a1b2c3d4e5f6"],
      ["opensnoop", "--container", containerId("a1b2c3d4e5f6"), "--container", "0f1e2d3c"],
      ["opensnoop", "--unit", "ktop_test"],
      ["opensnoop", "--container", "!a1b2c3d4e5f6"],
      ["opensnoop", "--unit", "!ktop_test.service", "--container", "!0f1e2d3c4b5a"],
      ["opensnoop", "--container", "a1b2c3d4e5f6", "--unit", "ktop_test"],
    ]);
    assert.deepEqual(found.map((rows) => seen(rows, OPENS)), [
      ["podman"],
      ["podman", "docker"],
      ["unit"],
      ["docker", "unit"],
      ["podman"],
      [],
    ]);
  });

  Deno.test(`${version}: vfsstat counts the calls of a container and of a unit, and no others`, async () => {
    const found = await watch(hierarchy, [
      ["vfsstat", "--container", "0f1e2d3c4b5a"],
      ["vfsstat", "--unit", "ktop_test.service"],
      ["vfsstat", "--unit", "ktop_test.service", "--unit", CGROUPS.podman],
    ]);
    assert.deepEqual(found.map((rows) => sumColumn(rows, "open")), [17, 19, 32]);
  });

  Deno.test(`${version}: a container that starts after ktop and lives for a moment is counted exactly, or not at all`, async () => {
    await using slice = new Slice(hierarchy);
    const id = containerId("77ab77ab77ab");
    const runs = [
      ["opensnoop", "--container", "77ab77ab77ab"],
      ["opensnoop", "--container", "!77ab77ab77ab"],
      ["opensnoop", "--unit", `docker-${id}.scope`],
      ["opensnoop"],
    ].map((args) => new RunningKtop([...args, "--json", "-i", "0.3"], optionsFor(hierarchy)));
    for (const run of runs) await run.tick();
    // All that it does, it does before ktop can read its name.
    for (const { pid } of runs) Deno.kill(pid, "SIGSTOP");
    const args = ["-c", SHORT_LIVED, "short", `${slice.directory}/docker-${id}.scope`];
    assert.ok((await new Deno.Command("bash", { args }).output()).success);
    for (const { pid } of runs) Deno.kill(pid, "SIGCONT");
    const found = await Promise.all(runs.map(async (run) => (await run.finish()).ticks));
    const opens = found.map((ticks) => seen(rowsOf(ticks), { short: 23 }));
    assert.deepEqual(opens, [["short"], [], ["short"], ["short"]]);
    const others = rowsOf(found[0]!).filter(({ container }) => container !== `docker:${id.slice(0, 12)}`);
    assert.deepEqual(others, []);
  });
}

Deno.test("--container takes the name that a container has in podman's state file, also of one that starts after ktop", async () => {
  const [hierarchy] = hierarchies();
  await using directory = await TemporaryDirectory.make();
  const state = `${directory.path}/containers.json`;
  const podman = (start: string, name: string) => ({ id: containerId(start), names: [name] });
  await Deno.writeTextFile(
    state,
    JSON.stringify([podman("a1b2c3d4e5f6", "web1"), podman("77ab77ab77ab", "job")]),
  );
  const storage = "/var/lib/containers/storage/overlay-containers";
  const through = [
    "unshare",
    "--mount",
    "sh",
    "-c",
    `mount -t tmpfs none /var/lib && mkdir -p ${storage} && cp "$1" ${storage}/ && shift && exec "$@"`,
    "sh",
    state,
  ];
  await using slice = new Slice(hierarchy!);
  const web = await Opener.start(OPENS.podman!, { comm: "podman" });
  await slice.add(CGROUPS.podman, web.pid);
  const names = ["web1", "podman:web1", "!web1", "job"];
  const runs = names.map((name) =>
    new RunningKtop(["opensnoop", "--json", "-i", "0.3", "--container", name], { through })
  );
  for (const run of runs) await run.tick();
  await web.run();
  const args = ["-c", SHORT_LIVED, "short", `${slice.directory}/libpod-${containerId("77ab77ab77ab")}.scope`];
  assert.ok((await new Deno.Command("bash", { args }).output()).success);
  const found = await Promise.all(runs.map(async (run) => rowsOf((await run.finish()).ticks)));
  const opens = found.map((rows) => seen(rows, { ...OPENS, short: 23 }));
  assert.deepEqual(opens, [["podman"], ["podman"], ["short"], ["short"]]);
  const containers = found.map((rows) => [...new Set(rows.map(({ container }) => container))]);
  assert.deepEqual([containers[0], containers[3]], [["podman:web1"], ["podman:job"]]);
});

/** Half a minute, in which ktop looks again for a state file. */
const MOST_TICKS = 150;

Deno.test("--container takes the name of a container whose state file is written after its cgroup was made", async () => {
  const [hierarchy] = hierarchies();
  await using directory = await TemporaryDirectory.make();
  const storage = "/var/lib/containers/storage/overlay-containers";
  const through = [
    "unshare",
    "--mount",
    "sh",
    "-c",
    `mount -t tmpfs none /var/lib && mkdir -p ${storage} && mount --bind "$1" ${storage} && shift && exec "$@"`,
    "sh",
    directory.path,
  ];
  await using slice = new Slice(hierarchy!);
  const runs = ["late1", "!late1"].map((name) =>
    new RunningKtop(["opensnoop", "--json", "-i", "0.2", "--container", name], { through })
  );
  for (const run of runs) await run.tick();
  const noise = new Deno.Command("bash", {
    args: ["-c", `printf noise > /proc/self/comm; while :; do : < ${OPENED}; sleep 0.05; done`],
  }).spawn();
  try {
    const id = containerId("1a7e1a7e1a7e");
    await slice.add(`libpod-${id}.scope`, noise.pid);
    for (const run of runs) await run.tick();
    await Deno.writeTextFile(`${directory.path}/containers.json`, JSON.stringify([{ id, names: ["late1"] }]));
    const [named, others] = runs;
    const hasNoise = ({ rows }: JsonTick): boolean => rows.some(({ comm }) => comm === "noise");
    const next = async (run: RunningKtop, what: string, passes: (tick: JsonTick) => boolean) => {
      for (let i = 0; i < MOST_TICKS; i++) {
        const tick = await run.tick();
        if (passes(tick)) return tick;
      }
      throw new Error(`no tick ${what}`);
    };
    const { rows } = await next(named!, "with the container", hasNoise);
    assert.ok(rows.every(({ container }) => container === "podman:late1"));
    await next(others!, "without the container", (tick) => !hasNoise(tick));
    const late = await Opener.start(23, { comm: "late" });
    await Deno.writeTextFile(`${slice.directory}/libpod-${id}.scope/cgroup.procs`, String(late.pid));
    await late.run();
  } finally {
    noise.kill("SIGKILL");
    await noise.status;
  }
  const found = await Promise.all(runs.map(async (run) => rowsOf((await run.finish()).ticks)));
  assert.deepEqual(found.map((rows) => seen(rows, { late: 23 })), [["late"], []]);
});

Deno.test("--cgroup takes several directories, and ! excludes one below another", () =>
  withCgroups(["a", "a/b", "c"], async (root) => {
    const opens: Counts = { inA: 13, inB: 17, inC: 19 };
    const processes: Opener[] = [];
    for (const [comm, name] of [["inA", "a"], ["inB", "a/b"], ["inC", "c"]] as const) {
      const process = await Opener.start(opens[comm]!, { comm });
      await Deno.writeTextFile(`${root}/${name}/cgroup.procs`, String(process.pid));
      processes.push(process);
    }
    const cgroups = (...names: readonly string[]): string[] => names.flatMap((name) => ["--cgroup", name]);
    const runs = [
      cgroups(`${root}/a/b`, `${root}/c`),
      cgroups(`${root}/a`, `!${root}/a/b`),
      cgroups(`!${root}/a`),
    ].map((args) => new RunningKtop(["opensnoop", "--json", "-i", "0.2", ...args]));
    for (const run of runs) await run.tick();
    for (const process of processes) await process.run();
    const found = await Promise.all(runs.map(async (run) => seen(rowsOf((await run.finish()).ticks), opens)));
    assert.deepEqual(found, [["inB", "inC"], ["inA"], ["inC"]]);
  }));

Deno.test("a name that no cgroup has is named on standard error, and ktop waits for it", async () => {
  const names = ["--container", "no\x1bsuch", "--unit", "none", "--container", "!other"];
  const { code, stderr } = await ktop(["vfsstat", ...names, "0.1", "1"]);
  assert.equal(code, 0);
  assert.deepEqual(stderr.split("\n"), [
    "ktop: vfsstat runs without container no\\x1bsuch: there is none now, and ktop waits for it",
    "ktop: vfsstat runs without unit none: there is none now, and ktop waits for it",
    "",
  ]);
});

Deno.test("ktop refuses a filter without a name, too many directories, and names where the host's cgroups are hidden", async () => {
  const many = Array.from({ length: 9 }, () => ["--cgroup", "/sys/fs/cgroup"]).flat();
  for (
    const [args, code, message, options] of [
      [["--container", ""], 2, /^ktop: --container needs a name, and "" has none\.\n$/, {}],
      [["--pod", "!"], 2, /^ktop: --pod needs a name, and "!" has none\.\n$/, {}],
      [many, 2, /^ktop: --cgroup can be given at most 8 times\.\n$/, {}],
      [["--unit", "a"], 4, /^ktop: --container, --unit and --pod need the host's cgroup namespace\./, {
        through: ["unshare", "--cgroup"],
      }],
    ] as const
  ) {
    const run = await ktop(["vfsstat", ...args, "0.1", "1"], options);
    assert.deepEqual({ args, code: run.code, stdout: run.stdout }, { args, code, stdout: "" });
    assert.match(run.stderr, message);
  }
});
