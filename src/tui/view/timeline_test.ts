import assert from "node:assert/strict";
import { drawScreen, gridText } from "../../../tests/support/test_screen.ts";
import { contextAt, LINE, MINUTE_MS, START, timelineOf } from "../../../tests/support/timelines.ts";
import { useZone, utcAt } from "../../text/mod.ts";

const inUtc = (run: () => void) => () => {
  const before = useZone(utcAt);
  try {
    run();
  } finally {
    useZone(before);
  }
};

Deno.test(
  "the timeline shows what is recorded, its notable peaks, and both ends",
  inUtc(() => {
    const line = timelineOf(contextAt(0, [150, 40]));
    assert.match(line, /^ 18:00 ▁+ +▁+█▁*▲▁+!▁+ 19:59 {2}max 1k reads\/s {2}▲ LAT 350ms {2}! 31 lost$/);
    assert.match(timelineOf(contextAt(0, [150, 40]), true), /^ 18:00 \.+ +\.+@\.*\^\.+!\.+ 19:59 /);
    assert.match(timelineOf(contextAt(0, [80, 24])), /^ 18:00 ▁+ +▁+█▁*▲▁+!▁+ 19:59 {2}▲ LAT {2}! lost$/);
  }),
);

Deno.test(
  "the timeline marks where much was written, and says what the mark is",
  inUtc(() => {
    const written = { value: 64 * 2 ** 20, atMs: START + 40 * MINUTE_MS };
    const parts = LINE.parts.map((part, i) =>
      i === 40 ? { ...part, written } : part && { reads: part.reads! }
    );
    const line = { ...LINE, parts };
    assert.match(
      timelineOf(contextAt(0, [150, 40], line)),
      /▁W▁.* 19:59 {2}max 1k reads\/s {2}W 64M\/s written$/,
    );
    assert.match(timelineOf(contextAt(0, [80, 24], line)), /▁W▁.* 19:59 {2}W written$/);
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
