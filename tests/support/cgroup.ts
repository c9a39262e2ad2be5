/**
 * Temporary cgroups in the cgroup v2 hierarchy of this machine.
 *
 * @module
 */
import assert from "node:assert/strict";

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
