/**
 * What offcputime reports for sleeps.c.
 *
 * @module
 */
import { type Row, sumColumn } from "../support/ticks.ts";

/** The sleeps of each length, and their least microseconds together. */
const SHORT_US = 101 * 3000;
export const LONG = { waits: 11, us: 11 * 50_000 } as const;

/** What the workload printed. */
export interface Measured {
  /** Microseconds that its calls took. */
  readonly short_us: number;
  readonly long_us: number;
  readonly pipe_us: number;
  /** How often its thread went to sleep. */
  readonly switches: number;
}

/** The mask of the states in which a thread sleeps, not those in which it is preempted. */
export const ASLEEP = "3";

const isSleep = ({ stack }: Row): boolean => /nanosleep/.test(String(stack));
const isPipeRead = ({ stack }: Row): boolean => /pipe_read|pipe_wait/.test(String(stack));

/** A part of the time of the calls: a thread leaves its CPU after the call starts, and goes on before it ends. */
const TOLERANCE = 0.01;

/** What is wrong with the rows of a run with the mask {@linkcode ASLEEP}; empty if they are right. */
export function wrongWaits(rows: readonly Row[], measured: Measured): string[] {
  const us = (passes: (row: Row) => boolean): number => sumColumn(rows, "time_us", passes);
  const slept = us(isSleep), read = us(isPipeRead);
  const least = (SHORT_US + LONG.us) * (1 - TOLERANCE), most = measured.short_us + measured.long_us;
  const waits = sumColumn(rows, "waits");
  return [
    ...waits === measured.switches ? [] : [`${waits} waits, but the kernel counts ${measured.switches}`],
    ...slept >= least && slept <= most ? [] : [`the sleeps took ${slept} us, not ${least} to ${most}`],
    ...read > 0 && read <= measured.pipe_us
      ? []
      : [`reads of the pipe took ${read} us, not up to ${measured.pipe_us}`],
  ];
}

/** Whether rows name the function that calls the one that sleeps. */
export const areNamed = (rows: readonly Row[]): boolean =>
  rows.some(({ stack }) => String(stack).split(";").includes("long_sleeps"));

/** The numbers that the workload printed. */
export const measuredOf = (number: (word: string) => number): Measured => ({
  short_us: number("short_us"),
  long_us: number("long_us"),
  pipe_us: number("pipe_us"),
  switches: number("switches"),
});
