/**
 * Replays of recordings whose clock and timer the test moves.
 *
 * @module
 */
import type { MonitorCommand } from "../../src/model/mod.ts";
import type { Timers } from "../../src/monitor/mod.ts";
import { RecordingReader, Replay, type Source } from "../../src/recording/mod.ts";
import { TOOLS } from "./recordings.ts";

/** Manual time with at most one timer, which is all that a replay uses. */
export class OneTimer implements Timers {
  time = 0;
  delay: number | null = null;
  #callback: (() => void) | null = null;
  now = (): number => this.time;
  set = (callback: () => void, delayMs: number): number => {
    this.delay = delayMs;
    this.#callback = callback;
    return 1;
  };
  clear = (): void => {
    this.delay = null;
    this.#callback = null;
  };
  /** Advances the time and runs the timer. */
  run(ms: number = this.delay ?? 0): void {
    this.time += ms;
    const callback = this.#callback;
    this.clear();
    callback?.();
  }
}

/** Waits for pending promises. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Opens a recording and starts its replay; `send` performs commands and waits for their effect. */
export async function openReplay(
  source: Source,
  maxMemory?: number,
): Promise<{ replay: Replay; timers: OneTimer; send: (...commands: MonitorCommand[]) => Promise<void> }> {
  const timers = new OneTimer();
  const replay = new Replay(await RecordingReader.open(source, TOOLS), { demo: false, timers, maxMemory });
  await replay.start();
  await settle();
  const send = async (...commands: MonitorCommand[]): Promise<void> => {
    await Promise.all(commands.map((command) => replay.perform(command)));
    await settle();
  };
  return { replay, timers, send };
}

/** A step to the tick before. */
export const back: MonitorCommand = { kind: "stepPlayback", ticks: -1 };
/** A step to the next tick. */
export const forward: MonitorCommand = { kind: "stepPlayback", ticks: 1 };
