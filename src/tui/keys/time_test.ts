import { LIVE } from "../../../tests/support/test_screen.ts";
import { type Context, initialUi, paneContent, shownModel, type Ui, viewOf } from "../state/mod.ts";
import { handleEvent } from "./handle.ts";
import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import type { Model } from "../../model/mod.ts";

/** A person at a screen that has run for some seconds. */
class Person {
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
      this.ui = handleEvent(this.context(), { kind: "key", key, ...text }).ui;
    }
    return this;
  }

  /** Seconds by which what is shown is older than what is newest. */
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
  const person = new Person(30);
  assert.equal(person.press("[").age, 1);
  assert.equal(person.press("[", "[", "[").age, 4);
  assert.deepEqual(person.column("reads"), person.models[25]?.tools[0]?.tick?.rows.map(({ reads }) => reads));
  assert.equal(person.press("]").age, 3);
  assert.equal(person.press("]", "]", "]", "]", "]").age, 0);
  assert.notEqual(person.ui.paused, null);
  assert.equal(person.press(" ").ui.paused, null);
});

Deno.test("handleEvent() shows all panes of the same moment, and keeps it while time goes on", () => {
  const person = new Person(30).press("[", "[");
  const then = person.models[27] as Model;
  const shown = (): (number | undefined)[] =>
    shownModel(person.ui, person.monitor.model()).tools.map(({ tick }) => tick?.time);
  assert.deepEqual(shown(), then.tools.map(({ tick }) => tick?.time));
  for (let i = 0; i < 40; i++) person.tick();
  assert.deepEqual(shown(), then.tools.map(({ tick }) => tick?.time));
  assert.equal(person.age, 42);
  assert.equal(person.press("[").age, 43);
});

Deno.test("handleEvent() goes a minute with { and }, and stays at the oldest and the newest moment", () => {
  const person = new Person(150);
  assert.equal(person.press("{").age, 60);
  assert.equal(person.press("{").age, 120);
  assert.equal(person.press("{").age, 149);
  assert.equal(person.press("[").age, 149);
  assert.equal(person.press("}").age, 89);
  assert.equal(person.press("}", "}").age, 0);
});

Deno.test("handleEvent() goes on from where a pause without a step began", () => {
  const person = new Person(30).press(" ");
  for (let i = 0; i < 5; i++) person.tick();
  assert.equal(person.press("[").age, 6);
});

Deno.test("handleEvent() sorts and filters rows of the past", () => {
  const person = new Person(30).press("[", "[", ">", ">", ">");
  const reads = person.column("reads").map(Number);
  assert.equal(person.age, 2);
  assert.deepEqual(reads, reads.toSorted((a, b) => b - a));
  assert.deepEqual(new Set(person.press("/", ..."nginx", "Enter").column("comm")), new Set(["nginx"]));
  assert.equal(person.press("]").column("comm").length, 3);
});

Deno.test("handleEvent() ignores ] and } while nothing is paused, and [ while nothing is kept", () => {
  assert.equal(new Person(5).press("]", "}").ui.paused, null);
  assert.equal(new Person(0).press("[", "{").ui.paused, null);
});

Deno.test("handleEvent() goes back in what is held, and no further forward, when the history is cleared meanwhile", () => {
  const person = new Person(30).press("[", "[");
  person.monitor.clear();
  assert.equal(person.press("[").age, 3);
  const held = person.ui.paused;
  assert.equal(person.press("]", "}").ui.paused, held);
});

Deno.test("handleEvent() goes back from a pause that has lasted longer than anything is kept", () => {
  const person = new Person(30).press(" ");
  for (let i = 0; i < 1300; i++) person.tick();
  assert.equal(person.age, 1300);
  assert.equal(person.press("[").age, 1301);
  assert.deepEqual(person.column("reads"), person.models[28]?.tools[0]?.tick?.rows.map(({ reads }) => reads));
  assert.equal(person.press("{").age, 1329);
});

Deno.test("jumpMinutes() goes a tick at least when ticks are further apart than a minute", () => {
  const person = new Person(4);
  const { model } = person.context();
  const snapshots = model.snapshots.map((moment, i) => ({ ...moment, time: model.time - (3 - i) * 300_000 }));
  const context = { ...person.context(), model: { ...model, snapshots } };
  const { ui } = handleEvent(context, { kind: "key", key: "{", text: "{" });
  assert.equal(ui.paused?.time, snapshots[2]?.time);
  const { ui: after } = handleEvent({ ...context, ui }, { kind: "key", key: "}", text: "}" });
  assert.equal(after.paused?.time, snapshots[3]?.time);
});

Deno.test("handleEvent() changes the view of a zoomed pane with v, and only there", () => {
  const person = new Person(5);
  const view = (): string => {
    const { ui, model } = person.context();
    return viewOf(model.tools[ui.focus]!, ui.panes[ui.focus]!, ui.zoom);
  };
  assert.equal(person.press("v").ui.panes[0]?.view, 0);
  person.press("2");
  assert.equal(view(), "plain");
  assert.deepEqual([person.press("z") && view(), person.press("v") && view(), person.press("v") && view()], [
    "graph",
    "plain",
    "graph",
  ]);
  person.press("4");
  assert.deepEqual([view(), person.press("v") && view(), person.press("v") && view()], [
    "heat",
    "bars",
    "table",
  ]);
  person.press("1");
  assert.deepEqual([view(), person.press("v") && view()], ["graph", "table"]);
});
