/**
 * What the details of a row say of a container, beside the files from which they are read.
 *
 * @module
 */
import assert from "node:assert/strict";
import { describeAncestors, describeProcess, identifyProcess } from "../../src/monitor/process.ts";
import { describeCgroup } from "../../src/tools/mod.ts";
import { hierarchies, NamedCgroups } from "../support/named_cgroups.ts";

const [hierarchy] = hierarchies();
// Here, because it keeps libraries loaded.
describeCgroup(1, Deno.pid);

const ID = "0123456789abcdef".repeat(4);

Deno.test("describeCgroup() has the container's id and limits while it exists, then its name", async () => {
  assert.ok(hierarchy);
  await using cgroups = await NamedCgroups.make(hierarchy);
  const { id, pid } = await cgroups.add(`/libpod-${ID}/in\\134x2dside`);
  const file = hierarchy.version === 2 ? "memory.max" : "memory.limit_in_bytes";
  const path = `${cgroups.directory}/libpod-${ID}/${file}`;
  // Without the controller, cgroup v2 has no such file.
  const limit = await Deno.writeTextFile(path, String(512 * 1024 ** 2)).then(
    () => 512 * 1024 ** 2,
    () => undefined,
  );
  const found = describeCgroup(id, pid);
  assert.equal(found?.containerId, ID);
  assert.equal(found?.name, "podman:0123456789ab");
  assert.equal(
    found?.path,
    `${cgroups.path}/libpod-${ID}/in\\\\x2dside`,
    "escaped, as systemd names cgroups",
  );
  if (limit !== undefined) assert.equal(found?.limits.memoryBytes, limit);
  await cgroups.end();
  if (limit !== undefined) assert.equal(describeCgroup(id, pid)?.limits.memoryBytes, limit);
  await cgroups.remove();
  const gone = describeCgroup(id, pid);
  assert.deepEqual([gone?.containerId, gone?.limits], [ID, {}]);
});

Deno.test("describeAncestors() has the commands of the processes that started one, the nearest first", async () => {
  const script = "sleep 1000 & echo $!; wait";
  const child = new Deno.Command("sh", { args: ["-c", script, "started by a test"], stdout: "piped" })
    .spawn();
  const output = child.stdout.getReader();
  const { value } = await output.read();
  const pid = Number(new TextDecoder().decode(value));
  try {
    const details = await describeProcess(identifyProcess(pid)!);
    assert.deepEqual(details?.parent, { pid: child.pid, comm: "sh" });
    const [parent, test] = await describeAncestors(details.parent!);
    assert.deepEqual([parent?.pid, parent?.comm], [child.pid, "sh"]);
    assert.ok(parent?.command.endsWith(`sh -c '${script}' 'started by a test'`), parent?.command);
    assert.equal(test?.pid, Deno.pid);
    assert.deepEqual(await describeAncestors({ pid: child.pid, comm: "other" }), []);
  } finally {
    Deno.kill(pid, "SIGKILL");
    await output.cancel();
    await child.status;
  }
});
