import assert from "node:assert/strict";
import { OneTool } from "../../../tests/support/one_tool.ts";
import type { Row } from "../../model/mod.ts";
import { modelAt } from "../../monitor/mod.ts";

const open = (comm: string, path = "/a", err = 0, pid = 7): Row => ({ comm, path, err, pid, tid: pid });
const times = (count: number, row: Row): Row[] => Array.from({ length: count }, () => row);

const opens = (): OneTool =>
  new OneTool("opensnoop").tick([...times(3, open("cat")), open("sh", "/b", 2)]).tick([
    ...times(2, open("sh", "/c", 0, 9)),
    open("cat", "/b", 2),
  ]);

Deno.test("b groups by the name of the process, with the events of the last minute", () => {
  const screen = opens().press("b");
  assert.equal(screen.pane.by, "comm");
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["cat", "sh"], [4, 3]]);
  assert.deepEqual(screen.column("events_per_s"), [2, 1.5]);
  assert.match(screen.title, /opensnoop ─ by COMM, last 2s ─/);
  screen.tick([open("cat"), open("vi")]);
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["cat", "sh", "vi"], [5, 3, 1]]);
  assert.match(screen.title, /last 3s/);
});

Deno.test("b again chooses the column, by keys or the mouse, and a message says so", () => {
  const screen = opens().press("b");
  assert.equal(screen.ui.message?.text, "Grouped by COMM; b again: CONTAINER, UNIT, USER and more");
  screen.press("b");
  assert.equal(screen.ui.overlay?.kind, "group");
  const names = screen.screen.menu!.entries.map(({ name }) => name);
  assert.deepEqual(names.slice(0, 5), ["COMM", "CONTAINER", "UNIT", "USER", "UID"]);
  assert.equal(names[screen.screen.menu!.selected], "COMM");
  assert.deepEqual(screen.screen.menu!.entries.filter(({ used }) => used).map(({ name }) => name), ["COMM"]);
  assert.match(screen.lines.join("\n"), /\n.*│\* ?COMM /);
  screen.press(...times(names.indexOf("PATH") - names.indexOf("COMM"), {}).map(() => "Down"), "Enter");
  assert.deepEqual([screen.pane.by, screen.ui.overlay], ["path", null]);
  assert.deepEqual([screen.column("path"), screen.column("events")], [["/a", "/b", "/c"], [3, 2, 2]]);
  const { inner } = screen.press("b").screen.menu!;
  screen.click(inner.x + 1, inner.y + names.indexOf("ERR")).click(
    inner.x + 1,
    inner.y + names.indexOf("ERR"),
  );
  assert.deepEqual([screen.pane.by, screen.column("err"), screen.column("events")], ["err", [0, 2], [5, 2]]);
  assert.equal(screen.press("b", "Esc").ui.overlay, null);
  assert.equal(screen.pane.by, "err");
});

Deno.test("b b ↓ Enter groups by container, and b ↓ Enter then by unit: the rows of each are summed and sorted", () => {
  const write = (
    container: string | null,
    file: string,
    write_bytes: number,
    unit: string | null = null,
  ): Row => ({
    tid: 7,
    pid: 7,
    comm: "dd",
    reads: 0,
    writes: 1,
    read_bytes: 0,
    write_bytes,
    type: "R",
    file,
    container,
    unit,
  });
  const rows = [
    write("podman:db", "a", 7),
    write("podman:web", "b", 13, "web.service"),
    write(null, "c", 5),
    write("podman:db", "d", 11),
  ];
  const screen = new OneTool("filetop", [120, 24]).tick(rows).press("b", "b", "Down", "Enter");
  assert.deepEqual(screen.column("container"), ["podman:db", "podman:web", null]);
  assert.deepEqual([screen.column("rows"), screen.column("write_bytes")], [[2, 1, 1], [18, 13, 5]]);
  assert.match(screen.title, /by CONTAINER ─/);
  screen.press("s", "/", ..."w_kb", "Enter", "Enter");
  assert.deepEqual(screen.column("write_bytes"), [18, 11, 7, 13, 5]);
  assert.deepEqual(screen.press("Left", "r", "g", "Right").column("write_bytes"), [5, 5, 13, 18]);
  screen.press("b", "Down", "Enter");
  assert.deepEqual(screen.column("unit"), ["web.service", null]);
  assert.deepEqual(screen.column("write_bytes"), [13, 23]);
});

Deno.test("Enter and the arrows open a group and close it again", () => {
  const screen = opens().press("b", "Enter");
  assert.deepEqual(screen.column("path"), [undefined, "/b", "/a", "/a", "/a", undefined]);
  assert.equal(screen.press("Down", "Down").press("Left").pane.selected, 0);
  assert.deepEqual(screen.column("comm"), ["cat", "sh"]);
  screen.press("Down", "Right");
  assert.deepEqual(screen.column("path"), [undefined, undefined, "/c", "/c", "/b"]);
  assert.deepEqual(screen.press("Enter").column("path"), [undefined, undefined]);
  assert.equal(screen.pane.selected, 1);
});

Deno.test("a click selects a group, another opens it, and one more closes it", () => {
  const screen = opens().press("b").click(10, 5);
  assert.deepEqual([screen.pane.selected, screen.column("comm")], [1, ["cat", "sh"]]);
  assert.equal(screen.click(10, 5).column("comm").length, 5);
  assert.equal(screen.click(10, 5).column("comm").length, 2);
});

Deno.test("an open group stays open and has the rows of later intervals", () => {
  const screen = opens().press("b", "Enter").tick([open("cat", "/new")]);
  assert.deepEqual(screen.column("path"), [undefined, "/new", "/b", "/a", "/a", "/a", undefined]);
});

Deno.test("Esc clears the filter first, then ends the groups", () => {
  const screen = opens().press("b", "/", "s", "h", "Enter");
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["sh"], [3]]);
  assert.match(screen.title, /\/sh ─ by COMM/);
  screen.press("Esc");
  assert.deepEqual([screen.pane.filter, screen.column("comm")], ["", ["cat", "sh"]]);
  screen.press("Esc");
  assert.equal(screen.pane.by, null);
  assert.equal(screen.column("path").length, 7);
  assert.ok(!screen.keys.includes("back"));
});

Deno.test("groups are sorted by any of their columns", () => {
  const screen = opens().tick(times(5, open("aa"))).press("b");
  assert.match(screen.lines[2]!, /EVENTS▼ +EV\/s COMM/);
  assert.deepEqual(screen.column("comm"), ["aa", "cat", "sh"]);
  assert.deepEqual(screen.press("r").column("comm"), ["sh", "cat", "aa"]);
  const titles = screen.press("s").screen.menu!.entries.map(({ name }) => name);
  assert.deepEqual(titles, ["EVENTS", "EV/s", "COMM"]);
  screen.press("Down", "Down", "Enter");
  assert.deepEqual(screen.column("comm"), ["aa", "cat", "sh"]);
  assert.match(screen.lines[2]!, /COMM▲/);
});

Deno.test("the rows of an open group are sorted by the column that the groups are sorted by", () => {
  const slow = (comm: string, lat_us: number): Row => ({ comm, lat_us, tid: 7, prev_tid: 0, prev_comm: "x" });
  const screen = new OneTool("runqslower")
    .tick([slow("cat", 30), slow("cat", 900), slow("sh", 50)]).tick([slow("cat", 200)]).press("b");
  screen.ui = { ...screen.ui, panes: [{ ...screen.pane, sort: "max_lat_us" }] };
  assert.deepEqual(screen.press("Enter").column("lat_us"), [undefined, 900, 200, 30, undefined]);
  assert.deepEqual(screen.column("comm"), ["cat", "cat", "cat", "cat", "sh"]);
  assert.deepEqual(screen.press("r").column("lat_us"), [undefined, undefined, 30, 200, 900]);
});

Deno.test("p narrows the panes to the process of a group by pid, which shows its comm", () => {
  const screen = opens().press("b");
  screen.ui = { ...screen.ui, panes: [{ ...screen.pane, by: "pid" }] };
  assert.deepEqual([screen.column("pid"), screen.column("comm")], [[7, 9], ["cat", "sh"]]);
  assert.ok(screen.keys.includes("process"));
  screen.press("Enter", "Down");
  assert.ok(screen.keys.includes("details"));
  const details = screen.press("d").lines.join("\n");
  assert.match(details, /PATH +\/b/);
});

Deno.test("z zooms a grouped pane, Enter does not, and the help names both", () => {
  const screen = new OneTool("opensnoop").tick([open("cat")]).press("b");
  screen.ui = { ...screen.ui, panes: [screen.pane, screen.pane] };
  screen.model = { ...screen.model, tools: [screen.model.tools[0]!, screen.model.tools[0]!] };
  const keysOf = (name: string) => screen.screen.hints.find((hint) => hint.name === name)?.shown;
  assert.deepEqual([keysOf("zoom"), keysOf("fold")], ["z", "Enter"]);
  assert.equal(screen.press("Enter").ui.zoom, false);
  assert.equal(screen.press("z").ui.zoom, true);
  screen.press("Esc");
  assert.deepEqual([keysOf("zoom"), keysOf("fold")], ["Enter  z", undefined]);
});

Deno.test("every event is counted, also in intervals whose events the history keeps in part", () => {
  const screen = new OneTool("opensnoop").tick([open("cat")]).press("b");
  for (let i = 0; i < 5; i++) screen.tick([...times(300, open("cat")), ...times(400, open("sh"))]);
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["sh", "cat"], [2000, 1501]]);
  assert.doesNotMatch(screen.title, /dropped/);
  screen.press(" ");
  for (let i = 0; i < 3; i++) screen.tick(times(500, open("cat")));
  assert.deepEqual(screen.column("events"), [2000, 1501]);
  screen.press(" ");
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["cat", "sh"], [3001, 2000]]);
});

Deno.test("incomplete intervals before the groups are left out, and counted if there are no others", () => {
  const screen = new OneTool("opensnoop").tick(times(50, open("old"))).tick(times(300, open("cat")))
    .tick(times(70, open("cat"))).tick(times(170, open("cat"))).press("b");
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["cat"], [240]]);
  assert.match(screen.title, /by COMM, last 2s ─/);
  assert.doesNotMatch(screen.title, /dropped/);
  screen.tick(times(400, open("cat")));
  assert.deepEqual(screen.column("events"), [640]);
  screen.press("[", "[", "[");
  assert.deepEqual(screen.column("comm"), ["cat", "old", "(other)"]);
  assert.deepEqual(screen.column("events"), [100, 50, 200]);
  assert.match(screen.title, /by COMM, last 2s ─ 200 rows dropped/);
});

Deno.test("groups of past intervals: the counted minute ends with the interval shown", () => {
  const screen = new OneTool("opensnoop").press("b").tick([open("cat")]);
  for (let i = 0; i < 100; i++) screen.tick(i < 50 ? times(200, open("old")) : times(150, open("new")));
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["new", "old"], [7500, 2000]]);
  assert.match(screen.title, /last 60s/);
  screen.press("[");
  assert.deepEqual(screen.column("events"), [50 * 150 - 150, 11 * 200]);
  screen.ui = { ...screen.ui, paused: modelAt(screen.model, OneTool.START + 31_000) };
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["old", "cat"], [6000, 1]]);
  screen.press("Enter");
  assert.ok(screen.column("path").length > 10);
  assert.deepEqual(screen.press("Enter", " ").column("events"), [7500, 2000]);
});

Deno.test("groups beyond 500 of an interval are counted together, so that their sum is that of all events", () => {
  const screen = new OneTool("opensnoop").tick([open("cat")]).press("b", "b");
  const names = screen.screen.menu!.entries.map(({ name }) => name);
  screen.press(...Array(names.indexOf("PATH") - names.indexOf("COMM")).fill("Down"), "Enter");
  const many = Array.from({ length: 700 }, (_, i) => open("x", `/${i}`));
  screen.tick([...many, ...times(4, open("x", "/699"))]);
  assert.deepEqual([screen.column("path")[0], screen.column("events")[0]], ["/699", 5]);
  assert.equal(screen.column("path").length, 502);
  assert.deepEqual([screen.column("path").at(-1), screen.column("events").at(-1)], ["(other)", 200]);
  assert.equal(screen.column("events").reduce((sum: number, count) => sum + Number(count), 0), 705);
  screen.press("r");
  assert.equal(screen.column("path").at(-1), "(other)");
});

Deno.test("in a flood groups count the events that are dropped too, at the rate that the title shows", () => {
  const screen = new OneTool("opensnoop").tick([open("cat")]).press("b");
  for (let i = 0; i < 3; i++) screen.tick([...times(2, open("rare")), ...times(20_000, open("flood"))], 1000);
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["flood", "rare", "cat"], [
    60_000,
    6,
    1,
  ]]);
  assert.deepEqual(screen.column("events_per_s"), [15_000, 1.5, 0.25]);
  assert.match(screen.title, /by COMM, last 4s ─.* 20k\/s ─╮$/);
  screen.press("/", "r", "a", "r", "e", "Enter");
  for (let i = 0; i < 3; i++) screen.tick([...times(2, open("rare")), ...times(20_000, open("flood"))], 1000);
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["rare"], [6]]);
  assert.match(screen.title, /by COMM, last 3s ─.* 2\/s of 20k\/s ─╮$/);
  assert.doesNotMatch(screen.title, /dropped/);
});

Deno.test("groups of a filter that was set before count its rows of earlier intervals of a flood", () => {
  const screen = new OneTool("opensnoop").tick([]).press("/", "r", "a", "r", "e", "Enter");
  for (let i = 0; i < 5; i++) screen.tick([...times(2, open("rare")), ...times(20_000, open("flood"))], 1000);
  screen.press("b");
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["rare"], [10]]);
  assert.deepEqual(screen.column("events_per_s"), [1.667]);
  assert.doesNotMatch(screen.title, /dropped/);
  assert.match(screen.title, /by COMM, last 6s ─/);
  screen.press("/", "x", "Enter").tick(times(20_000, open("flood")), 1000);
  assert.match(screen.title, /by COMM, last 1s ─/);
  assert.doesNotMatch(screen.title, /dropped/);
});

Deno.test("after the events ended, groups show the minute of the newest listed event and name its end", () => {
  const screen = new OneTool("opensnoop");
  for (let i = 0; i < 3; i++) screen.tick(times(20_000, open("flood")), 1000);
  for (let i = 0; i < 70; i++) screen.tick([]);
  assert.equal(screen.column("comm").length, 1000);
  screen.press("b");
  assert.deepEqual([screen.column("comm")[0], screen.column("comm").at(-1)], ["flood", "(other)"]);
  assert.equal(screen.column("events").reduce((sum: number, count) => sum + Number(count), 0), 60_000);
  assert.deepEqual(screen.column("events_per_s"), [null, null]);
  assert.match(screen.title, /by COMM, 3s until \d\d:\d\d:03 ─/);
  screen.tick([open("cat")]);
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["cat"], [1]]);
  assert.match(screen.title, /by COMM, last 60s ─/);
});

Deno.test("groups of a table in the past sum the rows that were not kept as others", () => {
  const file = (i: number): Row => ({
    tid: i,
    pid: i,
    comm: i < 100 ? "first" : "later",
    reads: i,
    writes: 1,
    read_bytes: 0,
    write_bytes: 0,
    type: "R",
    file: `f${i}`,
  });
  const rows = Array.from({ length: 300 }, (_, i) => file(i));
  const screen = new OneTool("filetop").tick(rows).tick([]).press("b", "[");
  assert.deepEqual(screen.column("comm"), ["first", "(other)"]);
  assert.deepEqual(screen.column("rows"), [100, 200]);
  assert.deepEqual(screen.column("reads"), [4950, 44_850 - 4950]);
  assert.match(screen.title, /200 rows dropped/);
});

Deno.test("changing the filter counts past intervals again", () => {
  const screen = opens().press("b", "/", "c", "a");
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["cat"], [4]]);
  screen.press("Backspace", "Backspace", "!", "c", "a", "t", "Enter");
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["sh"], [3]]);
  screen.tick([open("sh"), open("cat")]);
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["sh"], [4]]);
});

Deno.test("a table shows the groups of its interval, with the rows below them", () => {
  const file = (comm: string, reads: number, name: string): Row => ({
    tid: reads,
    pid: reads,
    comm,
    reads,
    writes: 0,
    read_bytes: reads * 1024,
    write_bytes: 0,
    type: "R",
    file: name,
  });
  const screen = new OneTool("filetop").tick([file("cat", 9, "old")])
    .tick([file("cat", 3, "a"), file("dd", 5, "b"), file("cat", 4, "c")]).press("b");
  assert.deepEqual([screen.column("comm"), screen.column("reads")], [["cat", "dd"], [7, 5]]);
  assert.match(screen.title, /filetop ─ by COMM ─/);
  assert.match(screen.lines[2]!, /ROWS +READS +WRITES +R_Kb +W_Kb COMM +│/);
  assert.deepEqual(screen.press("Enter").column("file"), [undefined, "a", "c", undefined]);
  for (const size of [[100, 24], [64, 14], [40, 12]] as const) {
    const narrow = new OneTool("filetop", size).tick([file("cat", 3, "a"), file("cat", 4, "c")]).press("b");
    for (const key of ["Enter", "Down", "s", "Down", "Down", "Enter"]) narrow.press(key);
    const [groups, rows, open, first] = narrow.lines.filter((line) => /READS|▾| {3}[34] /.test(line));
    assert.match(groups!, /ROWS.* ▼?READS▼?/, narrow.lines.join("\n"));
    assert.ok(!/ROWS/.test(rows!), narrow.lines.join("\n"));
    assert.ok(/READS.*FILE/.test(rows!), narrow.lines.join("\n"));
    assert.match(open!, /▾ +2 +7/);
    assert.match(first!, /^[│ ] .*[34].* [ac]\b/);
    assert.match(narrow.press("Up").lines.join("\n"), /ROWS.*\n.*READS/);
  }
  assert.match(screen.lines[4]!, /▾ +2 +7/);
  assert.match(screen.lines.join("\n"), /╰─ sort: sum of R_Kb, W_Kb ─/);
  assert.ok(!screen.keys.includes("freeze") && !screen.keys.includes("columns"));
});

Deno.test("counters and histograms have no groups, and a tool without the column shows its rows", () => {
  for (const name of ["vfsstat", "runqlat"]) {
    assert.ok(!new OneTool(name).tick([]).keys.includes("group"), name);
  }
  const screen = new OneTool("vfscount").tick([{ addr: "0x1", func: "vfs_read", count: 3 }]);
  screen.ui = { ...screen.ui, panes: [{ ...screen.pane, by: "comm" }] };
  assert.deepEqual(screen.column("func"), ["vfs_read"]);
});

for (const size of [[120, 40], [80, 24], [40, 12], [20, 5]] as const) {
  Deno.test(`groups fit into ${size.join("×")}, with their number and their name`, () => {
    const screen = new OneTool("opensnoop", size).tick(times(12, open("postgres"))).press("b", "Enter");
    // On the smallest screen the message takes the place of the rows.
    screen.ui = { ...screen.ui, message: null };
    const text = screen.lines.join("\n");
    assert.match(text, /▼EVENTS|EVENTS▼/);
    assert.match(text, /▾ +12 .*postg/);
    assert.ok(screen.lines.every((line) => line.length <= size[0]));
  });
}

Deno.test("while the panes are narrowed to a process only its events are counted, also in earlier intervals", () => {
  const screen = new OneTool("opensnoop")
    .tick([...times(3, open("cat")), ...times(2, open("sh", "/b", 0, 9))])
    .tick([open("cat", "/b"), ...times(4, open("sh", "/b", 0, 9))]).press("b");
  assert.deepEqual(screen.column("events"), [6, 4]);
  screen.narrow(9);
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["sh"], [6]]);
  screen.tick([open("sh", "/c", 0, 9)]);
  assert.deepEqual(screen.column("events"), [7]);
  assert.deepEqual(screen.press("Enter").column("path").length, 8);
  screen.press("Enter").narrow(null);
  assert.deepEqual([screen.column("comm"), screen.column("events")], [["sh", "cat"], [7, 4]]);
});

Deno.test("groups keep their rows when a recording has an infinite interval", () => {
  const screen = new OneTool("opensnoop").tick([open("cat", "/b")]).press("b");
  const tool = screen.model.tools[0]!;
  const tick = { ...tool.tick!, intervalS: 1e300 };
  screen.model = { ...screen.model, tools: [{ ...tool, tick }] };
  screen.ui = { ...screen.ui, panes: [{ ...screen.pane, groups: null }] };
  assert.ok(screen.press("Enter").column("path").includes("/b"));
});
