/**
 * From "something in some container writes a lot" to the container, the process, the file and the command that started it, in six keys.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { TemporaryDirectory } from "../support/directory.ts";
import { RUN_KTOP } from "../support/ktop.ts";
import { hierarchies, NamedCgroups } from "../support/named_cgroups.ts";
import { shellCommand } from "../support/shell.ts";
import { Tmux, until } from "../support/tmux.ts";

const BUSY = "0123456789abcdef".repeat(4);
const QUIET = "fedcba9876543210".repeat(4);
/** Name of the threads that write. */
const COMM = `writer${Deno.pid}`;

/** A shell with this name, in a cgroup, that writes to a file four times a second. */
function startWriter(directory: string, cgroup: string, file: string, bytes: number): Deno.ChildProcess {
  const script = `echo $$ > "$1/cgroup.procs"; x=$(head -c "$3" /dev/zero | tr '\\0' x)
while :; do printf %s "$x" > "$2"; sleep 0.25; done`;
  const args = ["-c", script, "writer", cgroup, join(directory, file), String(bytes)];
  return new Deno.Command(join(directory, COMM), { args }).spawn();
}

Deno.test("a pane says that there is no such container until there is one", async () => {
  const [hierarchy] = hierarchies();
  assert.ok(hierarchy);
  await using cgroups = await NamedCgroups.make(hierarchy);
  const id = "fedcba98".repeat(8);
  const words = [
    Deno.execPath(),
    ...RUN_KTOP,
    "--no-config",
    "--panes",
    "filetop",
    "--container",
    id.slice(0, 12),
  ];
  await using tmux = await Tmux.start(120, 40, `exec ${shellCommand(words)}`);
  await tmux.shows(/there is none now/);
  await cgroups.add(`/libpod-${id}`);
  await until("no such note", () => tmux.screen(), (screen) => !screen.includes("there is none now"));
});

Deno.test("b b Down Enter Enter Down d leads to the container that writes most, its process and its file", async () => {
  const [hierarchy] = hierarchies();
  assert.ok(hierarchy);
  await using directory = await TemporaryDirectory.make();
  await using cgroups = await NamedCgroups.make(hierarchy);
  await Deno.copyFile("/bin/sh", join(directory.path, COMM));
  const writers = [];
  for (const [id, file, bytes] of [[QUIET, "quiet.log", 10], [BUSY, "busy.db", 50_000]] as const) {
    await cgroups.add(`/libpod-${id}`);
    writers.push(startWriter(directory.path, `${cgroups.directory}/libpod-${id}`, file, bytes));
  }
  try {
    const words = [Deno.execPath(), ...RUN_KTOP, "--no-config", "--panes", "filetop", "--comm", COMM];
    await using tmux = await Tmux.start(120, 40, `exec ${shellCommand(words)}`);
    await tmux.shows(/busy\.db/);
    await tmux.keys("b");
    await tmux.shows(/by COMM/);
    await tmux.keys("b");
    await tmux.shows(/Group by/);
    await tmux.keys("Down", "Enter");
    await tmux.shows(/by CONTAINER[^]*▸[^\n]* podman:0123456789ab[^]*▸[^\n]* podman:fedcba987654/);
    await tmux.keys("d");
    await tmux.shows(
      new RegExp(`by CONTAINER[^]*Name +podman:0123456789ab[^]*ID +${BUSY}[^]*Path +/[^]*Limits +`),
    );
    await tmux.keys("Escape");
    await tmux.shows(/▸[^\n]* podman:0123456789ab[^]*▸[^\n]* podman:fedcba987654/);
    await tmux.keys("Enter");
    await tmux.shows(new RegExp(`▾[^\\n]* podman:0123456789ab[^\\n]*\\n[^\\n]*${COMM}[^\\n]* busy\\.db`));
    await tmux.keys("Down");
    await tmux.keys("d");
    await tmux.shows(
      /FILE +busy\.db[^]*Name +podman:0123456789ab[^]*Command +\S+writer\d+ -c [^]*Started by +\d+ /,
    );
    assert.match(await tmux.screen(), new RegExp(`ID +${BUSY}`));
    await tmux.keys("Escape");
    await tmux.shows(/by CONTAINER/);
    await tmux.keys("Up");
    await tmux.keys("p");
    await tmux.shows(/ container podman:0123456789ab[^]*busy\.db/);
    assert.doesNotMatch(await tmux.screen(), /quiet\.log/);
    await tmux.keys("Escape");
    await tmux.shows(/by CONTAINER[^]*podman:fedcba987654/);
  } finally {
    for (const writer of writers) {
      writer.kill("SIGKILL");
      await writer.status;
    }
  }
});
