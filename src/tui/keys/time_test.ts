import { LIVE } from "../../../tests/support/test_screen.ts";
import { type Context, initialUi, paneContent, shownModel, type Ui, viewOf } from "../state/mod.ts";
import { handleEvent } from "./handle.ts";
import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { useZone, utcAt } from "../../text/mod.ts";
import type { Model } from "../../model/mod.ts";

/** A screen that has run for some seconds, and the model after each of them. */
class TimedScreen {
  readonly monitor = new FakeMonitor();
  /** The model after each second. */
  readonly models: Model[] = [];
  ui: Ui = initialUi(4);

  constructor(seconds: number) {
    this.monitor.attach();
    for (let i = 0; i < seconds; i++) this.tick();
  }

  tick(): void {
    this.monitor.tick();
    this.models.push(this.monitor.model());
  }

  context(): Context {
    return { ui: this.ui, model: this.monitor.model(), size: { width: 120, height: 40 }, capabilities: LIVE };
  }

  press(...keys: string[]): this {
    for (const key of keys) {
      const text = key.length === 1 ? { text: key } : {};
      const { ui, command } = handleEvent(this.context(), { kind: "key", key, ...text });
      this.ui = ui;
      if (command?.kind === "setPivot") this.monitor.perform(command);
    }
    return this;
  }

  /** Age of the shown snapshot: seconds before the newest one. */
  get age(): number {
    const { model } = this.context();
    return (model.time - shownModel(this.ui, model).time) / 1000;
  }

  column(key: string): unknown[] {
    const { model } = this.context();
    const tool = shownModel(this.ui, model).tools[0]!;
    return paneContent(tool, this.ui.panes[0]!).rows.map((row) => row[key]);
  }
}

Deno.test("handleEvent() pauses and goes back an interval with each [, forward with each ]", () => {
  const screen = new TimedScreen(30);
  assert.equal(screen.press("[").age, 1);
  assert.equal(screen.press("[", "[", "[").age, 4);
  assert.deepEqual(screen.column("reads"), screen.models[25]?.tools[0]?.tick?.rows.map(({ reads }) => reads));
  assert.equal(screen.press("]").age, 3);
  assert.equal(screen.press("]", "]", "]", "]", "]").age, 0);
  assert.notEqual(screen.ui.paused, null);
  assert.equal(screen.press(" ").ui.paused, null);
});

Deno.test("handleEvent() shows all panes at the same tick, and keeps it while new ticks arrive", () => {
  const screen = new TimedScreen(30).press("[", "[");
  const then = screen.models[27] as Model;
  const shown = (): (number | undefined)[] =>
    shownModel(screen.ui, screen.monitor.model()).tools.map(({ tick }) => tick?.time);
  assert.deepEqual(shown(), then.tools.map(({ tick }) => tick?.time));
  for (let i = 0; i < 40; i++) screen.tick();
  assert.deepEqual(shown(), then.tools.map(({ tick }) => tick?.time));
  assert.equal(screen.age, 42);
  assert.equal(screen.press("[").age, 43);
});

Deno.test("handleEvent() goes a minute with { and }, and stays at the oldest and the newest moment", () => {
  const screen = new TimedScreen(150);
  assert.equal(screen.press("{").age, 60);
  assert.equal(screen.press("{").age, 120);
  assert.equal(screen.press("{").age, 149);
  assert.equal(screen.press("[").age, 149);
  assert.equal(screen.press("}").age, 89);
  assert.equal(screen.press("}", "}").age, 0);
});

Deno.test("keys that reach an end of the history or cannot go further say where it ends", () => {
  const screen = new TimedScreen(90);
  const message = (...keys: string[]): string | undefined => screen.press(...keys).ui.message?.text;
  assert.equal(message("{"), undefined);
  assert.match(message("{") ?? "", /^The history starts at \d\d:00:01$/);
  for (const key of ["{", "["]) {
    screen.ui = { ...screen.ui, message: null };
    assert.match(message(key) ?? "", /^The history starts at \d\d:00:01$/);
    assert.equal(screen.age, 89);
  }
  screen.ui = { ...screen.ui, message: null };
  assert.equal(message("}", "}"), "This is the newest interval");
  assert.equal(new TimedScreen(0).press("{").ui.message?.text, "The history has no interval yet");
});

Deno.test("handleEvent() steps from the moment of the pause", () => {
  const screen = new TimedScreen(30).press(" ");
  for (let i = 0; i < 5; i++) screen.tick();
  assert.equal(screen.press("[").age, 6);
});

Deno.test("handleEvent() sorts and filters rows of the past", () => {
  const screen = new TimedScreen(30).press("[", "[", ">", ">", ">");
  const reads = screen.column("reads").map(Number);
  assert.equal(screen.age, 2);
  assert.deepEqual(reads, reads.toSorted((a, b) => b - a));
  assert.deepEqual(new Set(screen.press("/", ..."nginx", "Enter").column("comm")), new Set(["nginx"]));
  assert.equal(screen.press("]").column("comm").length, 3);
});

Deno.test("handleEvent() narrows the rows of the paused moment and of all moments before with p, and widens them again", () => {
  const screen = new TimedScreen(30).press("[", "[");
  const all = screen.column("pid");
  const [pid] = all;
  const others = all.filter((other) => other !== pid);
  assert.ok(others.length > 0 && others.length < all.length);
  assert.deepEqual(new Set(screen.press("p").column("pid")), new Set([pid]));
  assert.equal(screen.age, 2);
  assert.ok(screen.press("[", "{").column("pid").every((shown) => shown === pid));
  assert.ok(screen.column("pid").length > 0);
  screen.press("]", "p");
  assert.ok(screen.column("pid").some((shown) => shown !== pid));
  assert.equal(screen.monitor.model().pivot, null);
});

Deno.test("handleEvent() narrows the past to a process that had ended, and not the present", () => {
  const screen = new TimedScreen(30);
  const rows = screen.column("pid").length;
  screen.monitor.setPivot(1);
  assert.equal(screen.column("pid").length, rows);
  assert.deepEqual(screen.press("[").column("pid"), []);
});

Deno.test("handleEvent() goes to the time that is typed after @, and explains why it cannot", () => {
  const before = useZone(utcAt);
  const screen = new TimedScreen(150); // until 18:02:30
  const problem = (): string | null => screen.ui.overlay?.kind === "time" ? screen.ui.overlay.problem : null;
  assert.equal(screen.press("@", ..."18:01", "Enter").age, 90);
  assert.deepEqual(screen.column("reads"), screen.models[59]?.tools[0]?.tick?.rows.map(({ reads }) => reads));
  assert.equal(screen.press("@", ..."18:01:07", "Enter").age, 83);
  assert.equal(screen.press("@", ..."-1m5s", "Enter").age, 65);
  for (let i = 0; i < 10; i++) screen.tick();
  assert.equal(screen.press("@", ..."-5s", "Enter").age, 5);
  assert.equal(screen.ui.overlay, null);
  screen.press("@", ..."17:59", "Enter");
  assert.deepEqual([problem(), screen.age], ["the history starts at 18:00:01", 5]);
  screen.press("Ctrl-U", ..."18:30", "Enter");
  assert.equal(problem(), "the history starts at 18:00:01"); // 18:30 of yesterday
  screen.press("Ctrl-U", ..."today 18:30", "Enter");
  assert.equal(problem(), "that is in the future");
  screen.press("Backspace");
  assert.equal(problem(), null);
  screen.press("Ctrl-U", ..."noon", "Enter");
  assert.match(problem()!, /^not a time: 14:05/);
  assert.deepEqual([screen.press("Esc").ui.overlay, screen.age], [null, 5]);
  assert.deepEqual([screen.press("@", "Enter").ui.overlay, screen.age], [null, 5]);
  useZone(before);
});

Deno.test("handleEvent() takes @, the time and Enter in one read, and a pasted time", () => {
  const before = useZone(utcAt);
  const screen = new TimedScreen(150);
  const paste = (text: string, bracketed: boolean): void => {
    screen.ui = handleEvent(screen.context(), { kind: "paste", text, bracketed }).ui;
  };
  paste("@18:01\n", false);
  assert.equal(screen.age, 90);
  screen.press("@");
  paste("18:00:30", true);
  assert.equal(screen.press("Enter").age, 120);
  useZone(before);
});

Deno.test("handleEvent() ignores ] and } unless paused, and [ without a history", () => {
  assert.equal(new TimedScreen(5).press("]", "}").ui.paused, null);
  assert.equal(new TimedScreen(0).press("[", "{").ui.paused, null);
});

Deno.test("handleEvent() goes back in the paused model, and not forward, when the history was cleared", () => {
  const screen = new TimedScreen(30).press("[", "[");
  screen.monitor.clear();
  assert.equal(screen.press("[").age, 3);
  const held = screen.ui.paused;
  assert.equal(screen.press("]", "}").ui.paused, held);
});

Deno.test("handleEvent() goes back from a pause that is older than the history", () => {
  const screen = new TimedScreen(30).press(" ");
  for (let i = 0; i < 1300; i++) screen.tick();
  assert.equal(screen.age, 1300);
  assert.equal(screen.press("[").age, 1301);
  assert.deepEqual(screen.column("reads"), screen.models[28]?.tools[0]?.tick?.rows.map(({ reads }) => reads));
  assert.equal(screen.press("{").age, 1329);
});

Deno.test("jumpMinutes() goes at least one tick when ticks are more than a minute apart", () => {
  const screen = new TimedScreen(4);
  const { model } = screen.context();
  const snapshots = model.snapshots.map((moment, i) => ({ ...moment, time: model.time - (3 - i) * 300_000 }));
  const context = { ...screen.context(), model: { ...model, snapshots } };
  const { ui } = handleEvent(context, { kind: "key", key: "{", text: "{" });
  assert.equal(ui.paused?.time, snapshots[2]?.time);
  const { ui: after } = handleEvent({ ...context, ui }, { kind: "key", key: "}", text: "}" });
  assert.equal(after.paused?.time, snapshots[3]?.time);
});

Deno.test("handleEvent() changes the view of a zoomed pane with v, and only there", () => {
  const screen = new TimedScreen(5);
  const view = (): string => {
    const { ui, model } = screen.context();
    return viewOf(model.tools[ui.focus]!, ui.panes[ui.focus]!, ui.zoom);
  };
  assert.equal(screen.press("v").ui.panes[0]?.view, 0);
  screen.press("2");
  assert.equal(view(), "plain");
  assert.deepEqual([screen.press("z") && view(), screen.press("v") && view(), screen.press("v") && view()], [
    "graph",
    "plain",
    "graph",
  ]);
  screen.press("4");
  assert.deepEqual([view(), screen.press("v") && view(), screen.press("v") && view()], [
    "heat",
    "bars",
    "table",
  ]);
  screen.press("1");
  assert.deepEqual([view(), screen.press("v") && view()], ["graph", "table"]);
});
