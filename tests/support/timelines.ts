/**
 * The screen of a replay with a timeline of two hours.
 *
 * @module
 */
import type { Model, PeakLine, Peaks } from "../../src/model/mod.ts";
import { type Context, initialUi } from "../../src/tui/state/mod.ts";
import { FakeMonitor } from "./fake_monitor.ts";
import { drawScreen, gridText, REPLAY } from "./test_screen.ts";

export const START = Date.UTC(2026, 10, 20, 18);
export const MINUTE_MS = 60_000;
/** The start of a minute, milliseconds since the epoch. */
export const at = (minute: number): number => START + minute * MINUTE_MS;

/** A gap, many reads, a long latency, a loss. */
const PARTS: readonly (Peaks | null)[] = Array.from({ length: 120 }, (_, minute) => {
  if (minute >= 20 && minute < 30) return null;
  const reads = { value: minute === 50 ? 1000 : 10, atMs: at(minute) };
  if (minute === 70) return { reads, latency: { value: 350_000, atMs: at(minute) } };
  return minute === 90 ? { reads, lost: { value: 31, atMs: at(minute) } } : { reads };
});

/** The screen at a minute of the recording. */
export function contextAt(
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

export const LINE: PeakLine = { fromMs: START, partMs: MINUTE_MS, parts: PARTS };

/** The line above the footer. */
export const timelineOf = (context: Context, ascii = false): string =>
  gridText(drawScreen({ ...context, ascii })).split("\n").at(-2)!;
