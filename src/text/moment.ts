/**
 * Moments as the user types them: `14:05`, `-90m`, `yesterday 14:00`.
 *
 * @module
 */
import { localDate, momentOf } from "./time.ts";

/** What the omitted parts of a moment are taken from. Milliseconds since the epoch. */
export interface MomentBase {
  /** What `today` and `yesterday` are relative to. */
  readonly now: number;
  /** `-90m` is counted from here, and a time without a date is on a day near this. */
  readonly from: number;
  /** Which day a time without a date is on: the last before `from`, the first after it, or the nearest. */
  readonly day: "last" | "next" | "nearest";
  /** Which end of the second of a time without a fraction is meant; the last millisecond if absent. */
  readonly edge?: "start" | "end";
}

/** A moment, or why the text is invalid. */
export type Moment = { readonly ms: number } | { readonly problem: string };

/** Examples for help and prompts. */
export const MOMENT_EXAMPLES = "14:05, 14:05:30, -90m, -5s, yesterday 14:00, 2026-11-20 14:05";

/** Examples of times in the last minutes. */
export const RECENT_EXAMPLES = "14:05, 14:05:30, -5m, -30s";

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LENGTH = /(\d+(?:\.\d+)?)([smhd])/g;
const RELATIVE = /^([+-])\s*((?:\d+(?:\.\d+)?[smhd])+)$/;
const ABSOLUTE =
  /^(?:(yesterday|today|\d{4}-\d{2}-\d{2})(?:\s+|t))?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(z|[+-]\d{2}:?\d{2})?$/;
/** `14:05:30` means the end of that second, so that the ticks within it are included. */
const END_OF_SECOND_MS = 999;

/** The first millisecond of the second of a moment. */
export const startOfSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

interface Clock {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The time of day on the local date of `day`, some days later. */
function onDay(day: number, clock: Clock, later = 0): number {
  const [year, month, date] = localDate(day).split("-").map(Number) as [number, number, number];
  return momentOf({ year, month, day: date + later, ...clock });
}

function nearestDay({ from, day }: MomentBase, clock: Clock): number {
  const moments = [-1, 0, 1].map((later) => onDay(from, clock, later));
  if (day === "last") return moments.findLast((ms) => ms <= from)!;
  if (day === "next") return moments.find((ms) => ms + END_OF_SECOND_MS >= from)!;
  return moments.reduce((best, ms) => Math.abs(ms - from) < Math.abs(best - from) ? ms : best);
}

/** Minutes east of UTC of `z`, `+02:00` or `-0530`. */
function zoneMinutes(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

/** Milliseconds of `YYYY-MM-DD` with a time of day, local without a zone; null if there is no such day. */
function onDate(text: string, clock: Clock, zone: string | undefined): number | null {
  const [year, month, day] = text.split("-").map(Number) as [number, number, number];
  const fields = new Date(Date.UTC(year, month - 1, day));
  if (fields.getUTCMonth() !== month - 1 || fields.getUTCDate() !== day) return null;
  if (zone !== undefined) {
    return Date.UTC(year, month - 1, day, clock.hour, clock.minute - zoneMinutes(zone), clock.second);
  }
  return momentOf({ year, month, day, ...clock });
}

function absolute(parts: readonly (string | undefined)[], base: MomentBase): Moment {
  const [, day, hour, minute, second = "0", fraction, zone] = parts;
  const clock = { hour: Number(hour), minute: Number(minute), second: Number(second) };
  if (clock.hour > 23 || clock.minute > 59 || clock.second > 59) {
    return { problem: "a time of day is 00:00 to 23:59:59" };
  }
  const isDate = day !== undefined && /^\d/.test(day);
  if (zone !== undefined && !isDate) return { problem: "a time zone needs a date: 2026-11-20T14:05Z" };
  const ms = day === undefined
    ? nearestDay(base, clock)
    : isDate
    ? onDate(day, clock, zone)
    : onDay(base.now, clock, day === "yesterday" ? -1 : 0);
  if (ms === null) return { problem: `there is no ${day}` };
  if (fraction !== undefined) return { ms: ms + Math.floor(Number(`0.${fraction}`) * 1000) };
  return { ms: base.edge === "start" ? ms : ms + END_OF_SECOND_MS };
}

/** Whether a moment is counted from `from`: `-90m`. */
export const isRelative = (text: string): boolean => RELATIVE.test(text.trim().toLowerCase());

/** Parses a moment. Dates and times of day are local; a date may have a zone: `2026-11-20T14:05Z`, `2026-11-20 14:05+01:00`. */
export function parseMoment(text: string, base: MomentBase): Moment {
  const typed = text.trim().toLowerCase();
  const relative = RELATIVE.exec(typed);
  if (relative) {
    const sign = relative[1] === "-" ? -1 : 1;
    const lengths = [...relative[2]!.matchAll(LENGTH)].map(([, count, unit]) =>
      Number(count) * UNITS_MS[unit!]!
    );
    return { ms: base.from + sign * lengths.reduce((sum, ms) => sum + ms, 0) };
  }
  const parts = ABSOLUTE.exec(typed);
  return parts ? absolute(parts, base) : { problem: `not a time: ${MOMENT_EXAMPLES}` };
}
