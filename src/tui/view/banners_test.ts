import { drawScreen, gridText, REPLAY } from "../../../tests/support/test_screen.ts";
import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import type { Flag, Model, ReplayStatus, ToolModel } from "../../model/mod.ts";
import { useZone } from "../../text/mod.ts";
import { modelAt } from "../../monitor/mod.ts";
import { initialUi, type Ui } from "../state/mod.ts";

const FLAGS: readonly Flag[] = [
  { name: "failed", kind: "switch", description: "" },
  { name: "quiet", kind: "switch", description: "" },
  { name: "name", kind: "text", description: "" },
  { name: "rows", kind: "integer", default: 5, description: "" },
];
const MIN_US: Flag = { name: "min-us", kind: "integer", default: 10_000, description: "" };

function header(replay: Partial<ReplayStatus>, width: number, pivot: Model["pivot"] = null): string {
  const status: ReplayStatus = {
    position: 43,
    total: 600,
    range: { from: 0, to: null },
    peaks: null,
    speed: 1,
    state: "playing",
    demo: false,
    ...replay,
  };
  const model = {
    ...new FakeMonitor().model(),
    replay: status,
    pivot,
    time: new Date(2026, 10, 20, 8, 5, 9).getTime(),
  };
  const grid = drawScreen({
    ui: initialUi(4),
    model,
    size: { width, height: 30 },
  });
  return Array.from({ length: width }, (_, x) => grid.text(x)).join("");
}

Deno.test("view() shows a replay's position, speed and recorded time", () => {
  assert.match(header({ speed: 4 }, 120), /2026-11-20 08:05:09 {2}4x {2}43\/600 {3}REPLAY +$/);
  assert.match(header({ total: null, state: "paused" }, 120), / 43\/\? {3}REPLAY PAUSED +$/);
  assert.match(header({ state: "end", demo: true }, 120), / DEMO RECORDING END +$/);
});

Deno.test("view() names the zone of the clock, and leaves it out before the day", () => {
  const before = useZone(() => ({ name: "CEST", offsetS: 7200 }));
  assert.match(header({}, 120), /2026-11-20 \d\d:\d\d:\d\d CEST {2}43\/600/);
  assert.match(header({}, 50), / \d\d:\d\d:\d\d {2}43\/600/);
  const screen = { ui: initialUi(4), size: { width: 80, height: 24 } };
  const model = { ...new FakeMonitor().model(), time: Date.parse("2026-07-01T10:11:12Z") };
  const grid = drawScreen({ ...screen, model });
  assert.match(Array.from({ length: 80 }, (_, x) => grid.text(x)).join(""), / 12:11:12 CEST /);
  useZone(before);
});

Deno.test("view() keeps the most important parts of a replay's header when there is little room", () => {
  assert.match(header({}, 50), /08:05:09 {2}43\/600 {3}REPLAY +$/);
  assert.match(header({}, 20), /43\/600 {3}REPLAY +$/);
});

Deno.test("view() reports in the past whether only the process was counted then, or its rows are shown", () => {
  const monitor = new FakeMonitor();
  monitor.attach();
  const line = (paused: Model | null): string => {
    const screen = { ui: { ...initialUi(4), paused }, size: { width: 120, height: 30 } };
    const grid = drawScreen({ ...screen, model: monitor.model() });
    return Array.from({ length: 120 }, (_, x) => grid.text(x)).join("");
  };
  const at = (tick: number): Model => modelAt(monitor.model(), monitor.model().snapshots[tick]!.time);
  for (const pid of [null, 7, 8]) {
    monitor.setPivot(pid);
    monitor.tick();
  }
  assert.match(line(null), / pid 8 \w+ {2}/);
  assert.match(line(at(0)), / only rows of pid 8 \w+ {2}/);
  assert.match(line(at(1)), / only pid 7 \S+ was counted {2}/);
  assert.match(line(at(2)), / pid 8 \w+ {2}/);
  monitor.setPivot(null);
  assert.match(line(at(1)), / only pid 7 \S+ was counted {2}/);
  assert.doesNotMatch(line(at(0)), / pid /);
  monitor.setPivot(1);
  assert.match(line(null), / pid 1 has ended: all processes are shown /);
  assert.match(line(at(0)), / only rows of pid 1, which has ended /);
});

Deno.test("panes that cannot be narrowed in the past are marked as covering the whole machine", () => {
  const monitor = new FakeMonitor();
  monitor.attach();
  monitor.tick();
  monitor.setPivot(8);
  monitor.tick();
  const panes = (paused: Model | null, restrictions: Model["restrictions"] = {}): string => {
    const model = { ...monitor.model(), restrictions };
    const tools = model.tools.map((tool) => ({ ...tool, flags: {} }));
    const then = paused && { ...paused, tools: paused.tools.map((tool) => ({ ...tool, flags: {} })) };
    const screen = { ui: { ...initialUi(4), paused: then }, size: { width: 160, height: 30 } };
    return gridText(drawScreen({ ...screen, model: { ...model, tools } }));
  };
  const past = modelAt(monitor.model(), monitor.model().snapshots[0]!.time);
  assert.match(panes(past), / 2 vfsstat ─ whole machine ─/);
  assert.doesNotMatch(panes(past), / 1 filetop ─ whole machine/);
  assert.match(panes(past, { comm: "nginx" }), / 2 vfsstat ─ not narrowed ─/);
  assert.doesNotMatch(panes(null), /whole machine/);
  monitor.endPivot();
  assert.doesNotMatch(panes(null), /whole machine/);
});

Deno.test("an empty pane without rows names the process that --comm restricts it to, and not the filter", () => {
  const monitor = new FakeMonitor({ rows: 0 });
  monitor.attach();
  monitor.tick();
  const shown = (restrictions: Model["restrictions"], filter = ""): string => {
    const model = { ...monitor.model(), restrictions };
    const ui = initialUi(4);
    const panes = ui.panes.map((pane) => ({ ...pane, filter }));
    return gridText(drawScreen({ ui: { ...ui, panes }, model, size: { width: 120, height: 40 } }));
  };
  assert.match(shown({ comm: "nginx" }), /no event so far for comm nginx/);
  assert.match(shown({ comm: "nginx" }), /nothing in this interval for comm nginx/);
  assert.match(shown({ pid: 7, cgroup: ["/a"] }), /no event so far for pid 7, cgroup \/a/);
  assert.match(shown({ comm: "nginx" }, "x"), /no event so far for comm nginx/);
});

Deno.test("view() leaves the day of a replay out of the header, but not the time, when a process takes the room", () => {
  const pivot = { pid: 24886, comm: "postgres", state: "narrowed" } as const;
  const shown = header({ demo: true, speed: 2 }, 80, pivot);
  assert.match(shown, /^ ktop .* 08:05:09 {2}2x {2}43\/600 {3}DEMO RECORDING +pid 24886 postgres/);
  assert.doesNotMatch(shown, /2026/);
});

const ALL: NonNullable<Model["restrictions"]> = {
  pid: 4194304,
  comm: "fifteen-letters",
  cgroup: ["/system.slice/very-long-name-of-a-service.service"],
  tier: "kprobe",
};

function headerOf(restrictions: Model["restrictions"], width: number, change: Partial<Ui> = {}): string {
  const model = new FakeMonitor({ restrictions }).model();
  const ui = { ...initialUi(4), ...change };
  return gridText(drawScreen({ ui, model, size: { width, height: 30 } })).split("\n")[0]!;
}

Deno.test("view() shows each restriction of the command line in the header, at 80 columns too", () => {
  assert.match(
    headerOf(ALL, 160),
    / pid 4194304 {2}comm fifteen-letters {2}cgroup \/system\.slice\/very-long-name-of-a-service\.service {2}tier kprobe$/,
  );
  assert.match(headerOf(ALL, 80), / pid 4194304 {2}comm fifteen-l… {2}cgroup …e\.service {2}tier kprobe$/);
  assert.match(headerOf({ comm: "nginx" }, 80), / ktop +web-01 .* comm nginx$/);
  assert.match(headerOf({ cgroup: ALL.cgroup! }, 40), / cgroup ….+\.service$/);
  assert.match(headerOf(ALL, 40), / 4 restrictions$/);
  assert.match(headerOf({ pid: 1 }, 20), / pid 1$/);
  assert.doesNotMatch(headerOf({}, 80), /comm|pid|restriction/);
});

Deno.test("view() shows the command that is measured, and its exit code when it has ended", () => {
  const restrictions = { command: ["/usr/bin/make", "a b"] };
  assert.match(headerOf(restrictions, 120), / command \/usr\/bin\/make 'a b'$/);
  const long = { command: ["/usr/bin/make", ...Array.from({ length: 20 }, (_, i) => `target${i}`)] };
  assert.match(headerOf(long, 120), / command \/usr\/bin\/make targe…$/);
  // What the rest of the line leaves is the command's.
  assert.match(headerOf(long, 200), / tasks .* 18:00:00 {3}command \/usr\/bin\/make( target\d+){7} \S*…$/);
  const model = { ...new FakeMonitor({ restrictions }).model(), commandExit: 7 };
  const ended = (width: number): string =>
    gridText(drawScreen({ ui: initialUi(4), model, size: { width, height: 24 } })).split("\n")[0]!;
  assert.match(ended(120), / command \/usr\/bin\/make 'a b' {4}make ended with 7$/);
  assert.match(ended(30), / make ended with 7$/);
});

Deno.test("view() shows restrictions beside PAUSED, and in a replay", () => {
  const paused = { ...new FakeMonitor().model(), time: 0 };
  assert.match(headerOf({ comm: "nginx" }, 80, { paused }), / comm nginx .* PAUSED/);
  const replay: ReplayStatus = {
    position: 1,
    total: 9,
    range: { from: 0, to: null },
    peaks: null,
    speed: 1,
    state: "playing",
    demo: false,
  };
  const model = { ...new FakeMonitor({ restrictions: { comm: "nginx" } }).model(), replay };
  const grid = drawScreen({ ui: initialUi(4), model, size: { width: 80, height: 24 } });
  assert.match(gridText(grid).split("\n")[0]!, / comm nginx {3}1\/9 {3}REPLAY$/);
});

Deno.test("view() shows flags and thresholds in the title of their pane, as many as fit", () => {
  const titles = (flags: ToolModel["flags"], width: number): string => {
    const monitor = new FakeMonitor();
    monitor.attach();
    monitor.mapTools((tool) => ({
      ...tool,
      tool: { ...tool.tool, flags: FLAGS, positional: MIN_US },
      flags,
    }));
    const grid = drawScreen({ ui: initialUi(4), model: monitor.model(), size: { width, height: 24 } });
    return gridText(grid).split("\n")[1]!;
  };
  const name = { failed: true, name: "nginx", rows: 5, "min-us": 10_000, quiet: false };
  assert.match(titles(name, 80), / 1 filetop ─ failed ─ name=nginx ─ >=10ms ─.* tracepoint /);
  assert.match(titles({ ...name, "min-us": 15 }, 80), / >=15us /);
  assert.match(titles({ "min-us": 0, quiet: false }, 80), /1 filetop ─+ tracepoint/);
  assert.match(titles(name, 40), / 1 filetop ─ 3 flags ─+ tracepoint /);
  assert.match(titles(name, 44), / 1 filetop ─ failed ─ \+2 ─+ tracepoint /);
  const long = titles({ name: "x".repeat(100) }, 80);
  assert.match(long, / name=x{18,}… ─+ tracepoint /);
  const path = `/tmp/${"d".repeat(20)}`;
  assert.ok(titles({ name: path }, 80).includes(` name=${path} ─`), "there is room for all of it");
});

Deno.test("a replay shows the time and its state at every width, and on a narrow screen not that it is the demo", () => {
  const header = (width: number, state: ReplayStatus["state"], demo = true): string => {
    const monitor = new FakeMonitor();
    monitor.attach();
    monitor.tick();
    const replay = {
      position: 3,
      total: 78,
      range: { from: 0, to: null },
      peaks: null,
      speed: 1,
      state,
      demo,
    };
    const model = { ...monitor.model(), replay };
    const size = { width, height: 12 };
    return gridText(drawScreen({ ui: initialUi(4), model, size, capabilities: REPLAY })).split("\n")[0]!;
  };
  assert.match(header(40, "paused"), / \d\d:\d\d:\d\d +3\/78 +PAUSED/);
  assert.match(header(40, "playing"), / \d\d:\d\d:\d\d +3\/78 +DEMO/);
  assert.match(header(40, "playing", false), / \d\d:\d\d:\d\d +3\/78 +REPLAY/);
  assert.match(header(80, "paused"), / \d\d:\d\d:\d\d .*3\/78 +DEMO RECORDING PAUSED/);
});
