import { LIVE, REPLAY } from "../../../tests/support/test_screen.ts";
import { type Context, initialUi } from "../state/mod.ts";
import { arrangeScreen, bindingsFor, MODES } from "./bindings.ts";
import { handleEvent } from "./handle.ts";
import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import type { ReplayStatus } from "../../model/mod.ts";

const status: ReplayStatus = { position: 3, total: 9, speed: 1, state: "playing", demo: false };

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
  assert.match(help("main") ?? "", /counted in the kernel/);
  assert.match(help("replay") ?? "", /stay as recorded/);
});
