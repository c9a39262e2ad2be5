import { drawScreen } from "../../../tests/support/test_screen.ts";
import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import type { Model, ReplayStatus } from "../../model/mod.ts";
import { useZone } from "../../text/mod.ts";
import { modelAt } from "../../monitor/mod.ts";
import { initialUi } from "../state/mod.ts";

function header(replay: Partial<ReplayStatus>, width: number, pivot: Model["pivot"] = null): string {
  const status: ReplayStatus = {
    position: 43,
    total: 600,
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
  assert.match(line(at(0)), / pid 8 \w+: rows only {2}/);
  assert.match(line(at(1)), / only pid 7 \S+ was counted {2}/);
  assert.match(line(at(2)), / pid 8 \w+ {2}/);
  monitor.setPivot(null);
  assert.match(line(at(1)), / only pid 7 \S+ was counted {2}/);
  assert.doesNotMatch(line(at(0)), / pid /);
  monitor.setPivot(1);
  assert.match(line(null), / pid 1 has ended: not narrowed /);
  assert.match(line(at(0)), / pid 1 ended: rows only /);
});

Deno.test("view() leaves the day of a replay out of the header, but not the time, when a process takes the room", () => {
  const pivot = { pid: 24886, comm: "postgres", state: "narrowed" } as const;
  const shown = header({ demo: true, speed: 2 }, 80, pivot);
  assert.match(shown, /^ ktop .* 08:05:09 {2}2x {2}43\/600 {3}DEMO RECORDING +pid 24886 postgres/);
  assert.doesNotMatch(shown, /2026/);
});
