import { LIVE, REPLAY } from "../../../tests/support/test_screen.ts";
import { type Context, initialUi } from "../state/mod.ts";
import { arrangeScreen, bindingsFor, MODES } from "./bindings.ts";
import { handleEvent } from "./handle.ts";
import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { useZone, utcAt } from "../../text/mod.ts";
import { contextAt } from "../../../tests/support/timelines.ts";
import type { ReplayStatus } from "../../model/mod.ts";

const status: ReplayStatus = {
  position: 3,
  total: 9,
  range: { from: 1000, to: 9000 },
  peaks: null,
  speed: 1,
  state: "playing",
  demo: false,
};

function context(replay?: ReplayStatus): Context {
  const monitor = new FakeMonitor();
  monitor.attach();
  monitor.tick();
  const model = replay ? { ...monitor.model(), replay } : monitor.model();
  return { ui: initialUi(4), model, size: { width: 120, height: 40 }, capabilities: replay ? REPLAY : LIVE };
}

Deno.test("handleEvent() moves in recorded time in a replay", () => {
  const commands = [" ", "[", "]", "{", "}", "0", "$", "+", "-"].map((key) => {
    const { ui, command } = handleEvent(context(status), { kind: "key", key, text: key });
    assert.equal(ui.paused, null);
    return command;
  });
  assert.deepEqual(commands, [
    { kind: "togglePlayback" },
    { kind: "stepPlayback", ticks: -1 },
    { kind: "stepPlayback", ticks: 1 },
    { kind: "jumpPlayback", seconds: -60 },
    { kind: "jumpPlayback", seconds: 60 },
    { kind: "jumpToStart" },
    { kind: "jumpToEnd" },
    { kind: "changeSpeed", direction: 1 },
    { kind: "changeSpeed", direction: -1 },
  ]);
});

Deno.test("handleEvent() goes to the time that is typed after @, within the recording", () => {
  const before = useZone(utcAt);
  const start = Date.UTC(2026, 10, 20, 22);
  const replay = { ...status, range: { from: start, to: start + 4 * 3_600_000 } };
  const base = context(replay);
  const opened = { ...base, model: { ...base.model, time: start + 60_000 } };
  const enter = (text: string) => {
    let ui = handleEvent(opened, { kind: "key", key: "@", text: "@" }).ui;
    for (const key of text) ui = handleEvent({ ...opened, ui }, { kind: "key", key, text: key }).ui;
    return handleEvent({ ...opened, ui }, { kind: "key", key: "Enter" });
  };
  const goes = (text: string) => {
    const { ui, command } = enter(text);
    assert.equal(ui.overlay, null);
    assert.equal(command?.kind, "goToTime");
    return command?.kind === "goToTime" ? new Date(command.time).toISOString() : "";
  };
  assert.equal(goes("01:30"), "2026-11-21T01:30:00.999Z");
  assert.equal(goes("2026-11-20 23:00:05"), "2026-11-20T23:00:05.999Z");
  assert.equal(goes("-30s"), "2026-11-20T22:00:30.000Z");
  const problem = (text: string) => {
    const { ui, command } = enter(text);
    assert.equal(command, undefined);
    return ui.overlay?.kind === "time" ? ui.overlay.problem : null;
  };
  assert.equal(problem("-2m"), "the recording starts at 22:00:00");
  assert.equal(problem("2026-11-21 02:00:01"), "the recording ends at 2026-11-21 02:00:00");
  assert.match(problem("soon")!, /^not a time/);
  useZone(before);
});

Deno.test("bindingsFor() offers the keys of a replay in a replay only, and no key twice", () => {
  const names = (replay?: ReplayStatus) =>
    bindingsFor(arrangeScreen(context(replay))).map(({ name }) => name);
  assert.ok(names(status).includes("replay-pause") && !names(status).includes("pause"));
  assert.ok(!names(status).some((name) => name.endsWith("-interval")));
  assert.deepEqual(names().filter((name) => name.startsWith("replay")), []);
  const keys = bindingsFor(arrangeScreen(context(status))).flatMap((binding) => binding.keys);
  assert.deepEqual(keys.filter((key, i) => keys.indexOf(key) !== i), []);
});

Deno.test("the help of p in a replay says that counters stay as recorded", () => {
  const help = (mode: "main" | "replay"): string | undefined =>
    MODES[mode].find(({ name }) => name === "process")?.help;
  assert.match(help("main") ?? "", /The kernel then counts only this process/);
  assert.match(help("replay") ?? "", /stay as recorded/);
});

Deno.test("handleEvent() starts every list at its first row after a jump in a replay, and keeps the row at a step", () => {
  const below = (key: string) => {
    let before = contextAt(70, [120, 40]);
    for (const name of ["Down", "PgDn", "PgDn", "Tab"]) {
      before = { ...before, ui: handleEvent(before, { kind: "key", key: name }).ui };
    }
    assert.notEqual(before.ui.panes[0]!.top, 0);
    const { ui, command } = handleEvent(before, { kind: "key", key, text: key });
    assert.ok(command, key);
    return ui.panes[0]!;
  };
  for (const key of ["{", "}", "0", "$", "(", ")"]) {
    const { selected, top, followed } = below(key);
    assert.deepEqual([key, selected, top, followed], [key, 0, 0, null]);
  }
  for (const key of ["[", "]", " "]) assert.notEqual(below(key).top, 0, key);
});
