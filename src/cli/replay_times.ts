/**
 * The times that `ktop replay` is given: `--at`, `--from`, `--to`.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { type Recording, recordingRange } from "../recording/mod.ts";
import {
  isRelative,
  localDate,
  type MomentBase,
  parseMoment,
  shownValue,
  startOfSecond,
  zonedTime,
} from "../text/mod.ts";

/** The options, as typed. */
export interface ReplayTimes {
  readonly at?: string;
  readonly from?: string;
  readonly to?: string;
}

/** How the times are read. */
export interface ReplayTimesOptions {
  /** The day of a time of day without a date: the last one of a directory, the first one of a file. */
  readonly day: "first" | "last";
}

/** Times of the first tick and of the last, milliseconds since the epoch. */
interface Bounds {
  readonly start: number;
  readonly end: number;
}

async function boundsOf(recording: Recording, option: string): Promise<Bounds> {
  if (!recording.source.seekable) {
    throw new UsageError(`${option} needs a recording in a file or a directory.`);
  }
  const start = recording.header.startedMs;
  let end = start;
  for await (const { lastTime } of recording.offsets()) end = lastTime;
  return { start, end };
}

const shown = (ms: number): string => `${localDate(ms)} ${zonedTime(ms)}`;

/** Parses a time. Throws UsageError. */
function moment(
  wanted: string,
  text: string,
  { start, end }: Bounds,
  options: ReplayTimesOptions & Pick<MomentBase, "edge">,
): number {
  const isLast = options.day === "last";
  const found = parseMoment(text, {
    now: Date.now(),
    from: isLast || isRelative(text) ? end : start,
    day: isLast ? "last" : "next",
    edge: options.edge,
  });
  if ("problem" in found) throw new UsageError(`${wanted}: ${found.problem}.`);
  return found.ms;
}

/** The time of `--at`, milliseconds since the epoch. Throws UsageError. */
export async function startTime(
  recording: Recording,
  text: string,
  options: ReplayTimesOptions,
): Promise<number> {
  const wanted = `--at ${shownValue(text)}`;
  const bounds = await boundsOf(recording, wanted);
  const ms = moment(wanted, text, bounds, options);
  if (ms < bounds.start || startOfSecond(ms) > bounds.end) {
    throw new UsageError(
      `${wanted}: the recording is from ${shown(bounds.start)} to ${shown(bounds.end)}.`,
    );
  }
  return ms;
}

/** The part of a recording from `--from` to `--to`. Throws UsageError. */
export async function rangeOf(
  recording: Recording,
  { from: fromText, to: toText }: ReplayTimes,
  options: ReplayTimesOptions,
): Promise<Recording> {
  if (fromText === undefined && toText === undefined) return recording;
  const wantedFrom = `--from ${shownValue(fromText ?? "")}`;
  const wantedTo = `--to ${shownValue(toText ?? "")}`;
  const bounds = await boundsOf(recording, fromText === undefined ? wantedTo : wantedFrom);
  const from = fromText === undefined
    ? undefined
    : moment(wantedFrom, fromText, bounds, { ...options, edge: "start" });
  // 22:00 to 02:00: the end is on the day that follows the start.
  const to = toText === undefined
    ? undefined
    : from === undefined
    ? moment(wantedTo, toText, bounds, options)
    : moment(wantedTo, toText, { ...bounds, start: from }, { day: "first" });
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError(`${wantedFrom} is after ${wantedTo}: ${shown(from)}, ${shown(to)}.`);
  }
  if ((from ?? bounds.start) > bounds.end || (to ?? bounds.end) < bounds.start) {
    throw new UsageError(
      `${fromText === undefined ? wantedTo : wantedFrom}: the recording is from ${shown(bounds.start)} to ${
        shown(bounds.end)
      }.`,
    );
  }
  return await recordingRange(recording, { from, to });
}
