/**
 * What profile reports beside cpu_clock.c.
 *
 * @module
 */
import { type JsonTick, rowsOf, sumColumn } from "../support/ticks.ts";

/** Samples per second and CPU, of ktop and of the workload. */
export const HZ = 49;

/** Options of profile: the samples of everything that runs, without what takes long on a slow machine: names, and long lines. */
export const OPTIONS: readonly string[] = ["--self", "-I", "-K", "-F", String(HZ), "--fields", "samples"];

/** How long the workload samples, seconds. */
export const SECONDS = 15;

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
  if (before === undefined) throw new Error(`no tick ended between ${first} and ${last}`);
  const start = endOf(before), end = endOf(inside.at(-1)!);
  return {
    ktop: sumColumn(rowsOf(during), "samples"),
    judge: times.filter((time) => time > start && time <= end).length,
    most: HZ * cpus * during.reduce((sum, { interval_s }) => sum + interval_s, 0),
  };
}

/** A part of the most that there can be: what two timers may differ by. */
const TOLERANCE = 0.02;

/**
 * Why these samples are wrong; empty if they are right. On a host that does not always run the guest's CPUs the kernel misses samples,
 * and not the same ones of both timers: they may then differ by as many as it missed.
 */
export function wrongSamples({ ktop, judge, most }: Samples): string[] {
  const room = TOLERANCE * most;
  const missed = Math.max(0, most - judge);
  return [
    ...Math.abs(ktop - judge) <= room + missed
      ? []
      : [`${ktop} samples, but the kernel takes ${judge} of ${most}`],
    ...ktop <= most + room ? [] : [`${ktop} samples, but there can be at most ${most}`],
    ...most > SECONDS / 2 * HZ ? [] : [`the ticks have only room for ${most} samples`],
  ];
}
