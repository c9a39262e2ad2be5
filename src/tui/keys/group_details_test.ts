import assert from "node:assert/strict";
import { OneTool } from "../../../tests/support/one_tool.ts";
import type { Row } from "../../model/mod.ts";

const open = (comm: string, path = "/a", err = 0, pid = 7): Row => ({ comm, path, err, pid, tid: pid });

Deno.test("d on a group shows its sums, also those of later intervals, and the cgroup of its newest row", () => {
  const inContainer = (container: string, cgroup_id: number, pid: number): Row => ({
    ...open("cat", "/a", 0, pid),
    container,
    cgroup_id,
  });
  const screen = new OneTool("opensnoop", [120, 40]).tick([
    inContainer("podman:db", 1, 7),
    inContainer("podman:db", 2, 8),
    inContainer("podman:web", 3, 9),
  ]);
  screen.press("b", "b", "Down", "Enter", "d");
  const watched = {
    id: 8,
    ended: false,
    details: null,
    cgroup: {
      path: "/libpod-0123",
      name: "podman:db",
      containerId: "0123",
      image: "db:1",
      limits: { pids: 9 },
    },
  };
  const text = (change: Partial<typeof watched> = {}): string => {
    screen.model = { ...screen.model, watched: { ...watched, ...change } };
    return screen.lines.join("\n");
  };
  const shown =
    /opensnoop, by CONTAINER[^]*CONTAINER +podman:db[^]*EVENTS +2[^]*Container +one of the 2 cgroups[^]*ID +0123[^]*Image +db:1[^]*Path +\/libpod-0123[^]*Limits +processes 9/;
  assert.match(text(), shown);
  assert.doesNotMatch(text(), /Command|Started/);
  assert.doesNotMatch(text({ id: 7 }), /libpod/);
  screen.tick([inContainer("podman:db", 1, 7)]);
  assert.match(text(), /EVENTS +3/);
  assert.match(screen.press("p").ui.scopes[0]?.title ?? "", /CONTAINER/);
});

Deno.test("d on a group of a process shows the process; groups by other columns have no cgroup", () => {
  const row = { ...open("cat"), cgroup_id: 4, container: "podman:db" };
  const cgroup = { path: "/libpod-0123", name: "podman:db", limits: {} };
  const shown = (by: string): string => {
    const screen = new OneTool("opensnoop", [120, 40]).tick([row]).press("b", "b", "/", ...by, "Enter", "d");
    screen.model = { ...screen.model, watched: { id: 7, ended: false, details: null, cgroup } };
    return screen.lines.join("\n");
  };
  assert.match(shown("pid"), /by PID[^]*Path +\/libpod-0123[^]*Process[^]*PID +7/);
  assert.match(shown("path"), /by PATH[^]*EVENTS +1/);
  assert.doesNotMatch(shown("path"), /libpod/);
});

Deno.test("d without a row, and p without a process, say why they do nothing", () => {
  const empty = new OneTool("opensnoop").tick([]).press("d");
  assert.deepEqual([empty.ui.overlay, empty.ui.message?.text], [null, "No row is selected"]);
  assert.equal(empty.press("Esc", "p").ui.message?.text, "No row is selected");
  const device = new OneTool("biolatency").tick([]).press("p");
  assert.equal(device.ui.message?.text, "No row is selected");
});
