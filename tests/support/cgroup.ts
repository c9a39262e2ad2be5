/**
 * Temporary cgroups of this machine: in its cgroup v2 hierarchy, and with a limit of memory in either version.
 *
 * @module
 */
import assert from "node:assert/strict";
import { until } from "./tmux.ts";

/** Where the cgroup v2 hierarchy is mounted. */
function cgroupRoot(): string {
  const line = Deno.readTextFileSync("/proc/self/mountinfo").split("\n").find((text) =>
    / - cgroup2 /.test(text)
  );
  assert.ok(line, "no cgroup v2 hierarchy is mounted");
  return line.split(" ")[4]!;
}

/** Makes a cgroup with the named ones below it, parents first, and passes its directory to `use`. All must be empty at the end. */
export async function withCgroups(
  names: readonly string[],
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const root = `${cgroupRoot()}/ktop-test-${Deno.pid}`;
  const directories = [root, ...names.map((name) => `${root}/${name}`)];
  for (const directory of directories) await Deno.mkdir(directory);
  try {
    await use(root);
  } finally {
    for (const directory of directories.toReversed()) await Deno.remove(directory);
  }
}

/** The directory in which cgroups can have a limit of memory, and the name of the file that sets it. */
function memoryController(): { readonly parent: string; readonly limit: string } {
  for (const line of Deno.readTextFileSync("/proc/self/mountinfo").split("\n")) {
    const directory = line.split(" ")[4]!;
    if (/ - cgroup \S+ (?:\S*,)?memory\b/.test(line)) {
      return { parent: directory, limit: "memory.limit_in_bytes" };
    }
    if (!/ - cgroup2 /.test(line)) continue;
    const enabled = Deno.readTextFileSync(`${directory}/cgroup.subtree_control`);
    if (/\bmemory\b/.test(enabled)) return { parent: directory, limit: "memory.max" };
  }
  throw new Error("no cgroup hierarchy of this machine limits memory");
}

/** Makes a cgroup whose processes may use `bytes` of memory, and passes its cgroup.procs to `use`. They must end with it. */
export async function withMemoryCgroup(bytes: number, use: (procs: string) => Promise<void>): Promise<void> {
  const { parent, limit } = memoryController();
  const directory = `${parent}/ktop-test-memory-${Deno.pid}`;
  await Deno.mkdir(directory);
  try {
    await Deno.writeTextFile(`${directory}/${limit}`, String(bytes));
    await use(`${directory}/cgroup.procs`);
  } finally {
    await until(
      "the end of the cgroup's processes",
      () => Deno.readTextFile(`${directory}/cgroup.procs`),
      (pids) => pids === "",
    );
    await Deno.remove(directory);
  }
}

/** The directory and the path of a cgroup with this name below ours, in the hierarchy that names processes: that of the v1 memory controller if there is one, else cgroup v2. */
export function namedCgroup(name: string): { readonly directory: string; readonly path: string } {
  const { parent, limit } = memoryController();
  const mine = Deno.readTextFileSync("/proc/self/cgroup").split("\n").map((line) => line.split(":"));
  const isMine = limit === "memory.max"
    ? ([id]: string[]) => id === "0"
    : ([, list]: string[]) => list === "memory";
  const path = `${mine.find(isMine)![2]!.replace(/\/$/, "")}/${name}`;
  return { directory: `${parent}${path}`, path };
}

/** Makes the cgroup of {@linkcode namedCgroup}. Its processes must end with `use`. */
export async function withNamedCgroup(
  name: string,
  use: (cgroup: { readonly procs: string; readonly id: number; readonly path: string }) => Promise<void>,
): Promise<void> {
  const { directory, path } = namedCgroup(name);
  await Deno.mkdir(directory);
  try {
    await use({ procs: `${directory}/cgroup.procs`, id: Deno.statSync(directory).ino!, path });
    await until(
      "the end of the cgroup's processes",
      () => Deno.readTextFile(`${directory}/cgroup.procs`),
      (pids) => pids === "",
    );
  } finally {
    await Deno.remove(directory);
  }
}
