/**
 * What profile reports beside cpu_clock.c.
 *
 * @module
 */
import { type JsonTick, rowsOf, sumColumn } from "../support/ticks.ts";

/** Samples per second and CPU, of ktop and of the workload. */
export const HZ = 49;

/** How long the workload samples, seconds. */
export const SECONDS = 10;

/** Samples of the same time. */
export interface Samples {
  /** Of ktop. */
  readonly ktop: number;
  /** Of the workload: how many the kernel takes. */
  readonly judge: number;
  /** Frequency × CPUs × seconds: the most that there can be. */
  readonly most: number;
}

/** The samples of the ticks during which the workload sampled, by what it printed. */
export function samplesTogether(ticks: readonly JsonTick[], printed: string): Samples {
  const cpus = Number(/^cpus (\d+)$/m.exec(printed)?.[1]);
  const times = /^samples( .*)$/m.exec(printed)![1]!.trim().split(" ").map(Number);
  const first = Math.min(...times), last = Math.max(...times);
  const endOf = (tick: JsonTick): number => Date.parse(tick.time);
  const inside = ticks.filter((tick) => endOf(tick) >= first && endOf(tick) <= last);
  const [before, ...during] = inside;
  const start = endOf(before!), end = endOf(inside.at(-1)!);
  return {
    ktop: sumColumn(rowsOf(during), "samples"),
    judge: times.filter((time) => time > start && time <= end).length,
    most: HZ * cpus * during.reduce((sum, { interval_s }) => sum + interval_s, 0),
  };
}

/** Why these samples are wrong; empty if they are right. `tolerance`: a part of the most that there can be. */
export function wrongSamples({ ktop, judge, most }: Samples, tolerance: number): string[] {
  const room = tolerance * most;
  return [
    ...Math.abs(ktop - judge) <= room ? [] : [`${ktop} samples, but the kernel takes ${judge}`],
    ...ktop <= most + room ? [] : [`${ktop} samples, but there can be at most ${most}`],
    ...judge > 0 ? [] : ["the kernel takes no samples"],
  ];
}
