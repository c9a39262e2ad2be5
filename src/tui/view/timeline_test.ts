import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { drawScreen, gridText, keyEvent, REPLAY } from "../../../tests/support/test_screen.ts";
import type { Model, PeakLine, Peaks } from "../../model/mod.ts";
import { useZone, utcAt } from "../../text/mod.ts";
import { handleEvent } from "../keys/mod.ts";
import { type Context, initialUi } from "../state/mod.ts";

const START = Date.UTC(2026, 10, 20, 18);
const MINUTE_MS = 60_000;
const at = (minute: number): number => START + minute * MINUTE_MS;

/** Two hours: a gap, many reads, a long latency, a loss. */
const PARTS: readonly (Peaks | null)[] = Array.from({ length: 120 }, (_, minute) => {
  if (minute >= 20 && minute < 30) return null;
  const reads = { value: minute === 50 ? 1000 : 10, atMs: at(minute) };
  if (minute === 70) return { reads, latency: { value: 350_000, atMs: at(minute) } };
  return minute === 90 ? { reads, lost: { value: 31, atMs: at(minute) } } : { reads };
});

function contextAt(
  minute: number,
  [width, height]: [number, number],
  peaks: PeakLine | null = LINE,
): Context {
  const monitor = new FakeMonitor();
  monitor.attach();
  monitor.tick();
  const model: Model = {
    ...monitor.model(),
    time: at(minute),
    replay: {
      position: minute,
      total: 120,
      range: { from: START, to: at(119) },
      peaks,
      speed: 1,
      state: "paused",
      demo: false,
    },
  };
  return { ui: initialUi(4), model, size: { width, height }, capabilities: REPLAY };
}

const LINE: PeakLine = { fromMs: START, partMs: MINUTE_MS, parts: PARTS };

const inUtc = (run: () => void) => () => {
  const before = useZone(utcAt);
  try {
    run();
  } finally {
    useZone(before);
  }
};

/** The line above the footer. */
const timelineOf = (context: Context, ascii = false): string =>
  gridText(drawScreen({ ...context, ascii })).split("\n").at(-2)!;

Deno.test(
  "the timeline shows what is recorded, what stands out, and both ends",
  inUtc(() => {
    const line = timelineOf(contextAt(0, [150, 40]));
    assert.match(line, /^ 18:00 ▁+ +▁+█▁*▲▁+!▁+ 19:59 {2}1k reads\/s {2}LAT 350ms {2}31 lost$/);
    assert.match(timelineOf(contextAt(0, [150, 40]), true), /^ 18:00 \.+ +\.+@\.*\^\.+!\.+ 19:59 /);
    assert.match(timelineOf(contextAt(0, [80, 24])), /^ 18:00 ▁+ +▁+█▁*▲▁+!▁+ 19:59$/);
  }),
);

Deno.test(
  "the timeline has the dates of days that differ, and is absent on small screens and without a recording's peaks",
  inUtc(() => {
    const long = { ...LINE, partMs: 60 * MINUTE_MS };
    const { model, ...rest } = contextAt(0, [120, 40], long);
    const days = {
      ...model,
      replay: { ...model.replay!, range: { from: START, to: START + 119 * 60 * MINUTE_MS } },
    };
    assert.match(timelineOf({ ...rest, model: days }), /^ 11-20 18:00 .* 11-25 17:00 /);
    assert.doesNotMatch(gridText(drawScreen(contextAt(0, [79, 24]))), /18:00 ▁/);
    assert.equal(timelineOf(contextAt(0, [120, 40], null)), "");
  }),
);

Deno.test("( and ) go to what stands out, and say when there is nothing more", () => {
  const press = (minute: number, key: string) => handleEvent(contextAt(minute, [120, 40]), keyEvent(key));
  assert.deepEqual(press(0, ")").command, { kind: "goToTime", time: at(50) });
  assert.deepEqual(press(50, ")").command, { kind: "goToTime", time: at(70) });
  assert.deepEqual(press(90, "(").command, { kind: "goToTime", time: at(70) });
  assert.equal(press(90, ")").ui.message?.text, "Nothing stands out after this");
  assert.equal(press(50, "(").ui.message?.text, "Nothing stands out before this");
  const { ui } = handleEvent(contextAt(0, [120, 40], null), keyEvent(")"));
  assert.equal(ui.message?.text, "The recording is still being read");
});

Deno.test("a click on the timeline goes to its time", () => {
  const context = contextAt(0, [80, 24]);
  const line = timelineOf(context);
  const click = (x: number) =>
    handleEvent(context, { kind: "mouse", button: "left", pressed: true, x, y: 22 }).command;
  const command = click(line.indexOf("!"));
  assert.ok(command?.kind === "goToTime");
  assert.ok(Math.abs(command.time - at(91)) <= 2 * MINUTE_MS, new Date(command.time).toISOString());
  assert.equal(click(0), undefined);
  assert.equal(click(79), undefined);
});
