import assert from "node:assert/strict";
import { keyEvent } from "../../../tests/support/test_screen.ts";
import { at, contextAt, MINUTE_MS, timelineOf } from "../../../tests/support/timelines.ts";
import { handleEvent } from "./handle.ts";

Deno.test("( and ) go to what stands out, and say when there is nothing more", () => {
  const press = (minute: number, key: string) => handleEvent(contextAt(minute, [120, 40]), keyEvent(key));
  assert.deepEqual(press(0, ")").command, { kind: "goToTime", time: at(50) });
  assert.deepEqual(press(50, ")").command, { kind: "goToTime", time: at(70) });
  assert.deepEqual(press(90, "(").command, { kind: "goToTime", time: at(70) });
  assert.equal(press(90, ")").ui.message?.text, "There is no peak after this");
  assert.equal(press(50, "(").ui.message?.text, "There is no peak before this");
  const first = press(50, "(");
  assert.equal(
    handleEvent({ ...contextAt(50, [120, 40]), ui: first.ui }, keyEvent(")")).ui.message,
    null,
  );
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
