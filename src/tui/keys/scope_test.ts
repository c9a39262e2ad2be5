/**
 * Narrowing the panes to a group, and the way back.
 *
 * @module
 */
import assert from "node:assert/strict";
import { OneTool } from "../../../tests/support/one_tool.ts";
import type { Row } from "../../model/mod.ts";

const DB = "podman:db";
const WEB = "podman:web";

const open = (container: string | null, comm: string, pid = 7): Row => ({
  container,
  comm,
  pid,
  tid: pid,
  path: "/a",
  err: 0,
});
const times = (count: number, row: Row): Row[] => Array.from({ length: count }, () => row);

const opens = (size?: readonly [number, number]): OneTool =>
  new OneTool("opensnoop", size).tick([...times(3, open(DB, "psql")), ...times(2, open(WEB, "nginx", 9))])
    .tick([open(DB, "cat", 8), open(null, "sshd", 1)]);

/** The header. */
const header = (screen: OneTool): string => `${screen.lines[0]!} `;

Deno.test("p narrows the panes to a container, and Esc returns to the containers", () => {
  const screen = opens().press("b", "b", "Down", "Enter");
  assert.deepEqual(screen.column("container"), [DB, WEB, null]);
  screen.press("p");
  assert.deepEqual(screen.column("comm"), ["cat", "psql", "psql", "psql"]);
  assert.match(header(screen), / container podman:db /);
  screen.tick([open(WEB, "nginx"), open(DB, "psql")]);
  assert.deepEqual(screen.column("comm"), ["psql", "cat", "psql", "psql", "psql"]);
  screen.press("Esc");
  assert.doesNotMatch(header(screen), /podman/);
  assert.deepEqual([screen.column("container"), screen.column("events")], [[DB, WEB, null], [5, 3, 1]]);
});

Deno.test("each p goes one step inwards and each Esc one step outwards, and the header shows the way", () => {
  const screen = opens([120, 24]).press("b", "b", "Down", "Enter", "p", "b");
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["psql", "cat"], [3, 1]]);
  assert.match(header(screen.press("p")), / podman:db > psql /);
  assert.deepEqual(screen.column("comm"), ["psql", "psql", "psql"]);
  assert.match(header(screen.narrow(7)), / podman:db > psql > pid 7 /);
  screen.narrow(null).press("Esc");
  assert.deepEqual(screen.ui.scopes.map(({ value }) => value), [DB]);
  assert.equal(screen.pane.by, "comm");
  screen.press("Esc");
  assert.deepEqual([screen.pane.by, screen.column("path").length], [null, 4]);
  screen.press("Esc");
  assert.deepEqual([screen.ui.scopes, screen.pane.by], [[], "container"]);
  screen.press("Esc");
  assert.equal(screen.column("path").length, 7);
  assert.ok(!screen.keys.includes("back"));
});

Deno.test("p on another container replaces the one that the panes are narrowed to, and on the same one widens", () => {
  const screen = opens().press("b", "b", "Down", "Enter", "Down", "p", "b", "b", "Down", "Enter");
  assert.deepEqual(screen.column("container"), [WEB]);
  assert.deepEqual(screen.press("p").ui.scopes, []);
  screen.press("b", "b", "Down", "Enter", "p", "Esc");
  assert.deepEqual(screen.ui.scopes, []);
});

Deno.test("the rows without a container can be narrowed to as well", () => {
  const screen = opens().press("b", "b", "Down", "Enter", "End", "p");
  assert.deepEqual(screen.column("comm"), ["sshd"]);
  assert.match(header(screen), / container unknown /);
});

Deno.test("in a flood of others every event of the group is counted, also in its groups", () => {
  const screen = opens().press("b", "b", "Down", "Enter", "p");
  const flood = [...times(2, open(DB, "psql")), ...times(20_000, open(WEB, "nginx"))];
  for (let i = 0; i < 3; i++) screen.tick(flood, 1000);
  assert.deepEqual(screen.column("comm").length, 10);
  assert.doesNotMatch(screen.title, /dropped/);
  assert.match(screen.title, /─ 2\/s ─╮$/);
  screen.press("b");
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["psql", "cat"], [9, 1]]);
  screen.tick(flood, 1000);
  assert.deepEqual(screen.column("events"), [11, 1]);
});

Deno.test("a filter applies within the group", () => {
  const screen = opens().press("b", "b", "Down", "Enter", "p", "/", ..."cat", "Enter");
  assert.deepEqual(screen.column("comm"), ["cat"]);
  screen.tick([open(WEB, "cat"), open(DB, "cat"), open(DB, "psql")]);
  assert.deepEqual(screen.column("comm"), ["cat", "cat"]);
});

Deno.test("the past is narrowed, too", () => {
  const screen = opens().press("b", "b", "Down", "Enter", "p", "[");
  assert.match(header(screen), /podman:db.*PAUSED|PAUSED.*podman:db/);
  assert.deepEqual(screen.column("comm"), ["psql", "psql", "psql"]);
  screen.press("Esc", "Enter");
  assert.deepEqual(screen.column("container"), [DB, DB, DB, DB, WEB]);
});

Deno.test("counters say that they are not narrowed to the group", () => {
  const screen = new OneTool("vfsstat", [100, 40]).tick([{ read: 3 }]).tick([{ read: 3 }]);
  screen.ui = {
    ...screen.ui,
    scopes: [{ key: "container", title: "CONTAINER", value: DB, tool: "filetop" }],
  };
  const { tools } = screen.model;
  screen.model = { ...screen.model, tools: tools.map((tool) => ({ ...tool, flags: {} })) };
  assert.match(screen.title, /whole machine/);
  screen.model = { ...screen.model, restrictions: { comm: "cleaner" } };
  assert.match(screen.title, /not narrowed/);
  const state = { kind: "unavailable", reason: "no kprobes", remedy: "" } as const;
  screen.model = { ...screen.model, tools: tools.map((tool) => ({ ...tool, flags: {}, state })) };
  assert.doesNotMatch(screen.title, /narrowed/);
});

for (const size of [[120, 40], [80, 24], [40, 12], [20, 5]] as const) {
  Deno.test(`the group and the process are in the header at ${size.join("×")}`, () => {
    const long = `podman:${"database".repeat(12)}`;
    const screen = new OneTool("opensnoop", size).tick([open(long, "psql", 4321)]).press(
      "b",
      "b",
      "Down",
      "Enter",
      "p",
    );
    assert.match(header(screen), size[0] > 40 ? /podman:databasedatab/ : / (container )?podm/);
    assert.match(header(screen.narrow(4321)), / podma.* > .*4321 /);
    screen.press(" ");
    if (size[0] > 20) assert.match(header(screen), / podma.* > .*4321 +PAUSED|PAUSED .* podma.* > .*4321 /);
    assert.ok(screen.lines.every((line) => line.length <= size[0]));
  });
}
