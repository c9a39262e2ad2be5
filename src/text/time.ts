/**
 * Times of day, in the time zone that was chosen when the program started.
 *
 * @module
 */

/** The name and offset of a time zone at one moment. */
export interface Zone {
  /** Abbreviation as date(1) prints it, escaped: `CET`, `-03`; empty if unknown. */
  readonly name: string;
  /** Seconds east of UTC. */
  readonly offsetS: number;
}

/** The zone at a moment, milliseconds since the epoch. */
export type ZoneAt = (ms: number) => Zone;

/** A zone, and the moment from which it applies. */
export interface ZoneChange {
  /** Milliseconds since the epoch. */
  readonly fromMs: number;
  readonly zone: Zone;
}

const UTC: Zone = { name: "UTC", offsetS: 0 };

/** UTC at every moment. */
export const utcAt: ZoneAt = () => UTC;

/** The JavaScript runtime's zone, the default. The runtime reads only zone names from TZ, and has no abbreviations. */
const runtimeZoneAt: ZoneAt = (ms) => ({ name: "", offsetS: -60 * new Date(ms).getTimezoneOffset() });

let chosen = runtimeZoneAt;
/** Caches the zone of the last second: most events of a tick are in the same second as the one before. */
let last = { second: NaN, zone: UTC };

/** Sets the zone in which times of day are shown. Returns the previous one. */
export function useZone(at: ZoneAt): ZoneAt {
  const before = chosen;
  chosen = at;
  last = { second: NaN, zone: UTC };
  return before;
}

/** The zone of the times of day at a moment, milliseconds since the epoch. */
export const zoneAt: ZoneAt = (ms) => {
  const second = Math.floor(ms / 1000);
  if (second !== last.second) last = { second, zone: chosen(ms) };
  return last.zone;
};

/** Returns a lookup in a list of changes, oldest first, at least one. The first zone also applies before its change. */
export function zoneOf(changes: readonly ZoneChange[]): ZoneAt {
  return (ms) => (changes.findLast(({ fromMs }) => fromMs <= ms) ?? changes[0]!).zone;
}

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;
/** How far {@linkcode zoneChanges} looks ahead, days: a year and the first change after it. */
const DAYS_AHEAD = 400;
/** A zone changes at most four times a year: where summer time is suspended during Ramadan. */
const MAX_CHANGES = 8;

const same = (a: Zone, b: Zone): boolean => a.name === b.name && a.offsetS === b.offsetS;

/** The zone at a moment, and its changes in the {@linkcode DAYS_AHEAD} days after it, to the second. */
export function zoneChanges(fromMs: number): ZoneChange[] {
  const changes: ZoneChange[] = [{ fromMs, zone: chosen(fromMs) }];
  const start = Math.floor(fromMs / SECOND_MS) * SECOND_MS;
  for (let day = 0; day < DAYS_AHEAD && changes.length < MAX_CHANGES; day++) {
    const { zone } = changes.at(-1)!;
    let before = start + day * DAY_MS;
    let after = before + DAY_MS;
    if (same(chosen(after), zone)) continue;
    while (after - before > SECOND_MS) {
      const middle = before + Math.floor((after - before) / (2 * SECOND_MS)) * SECOND_MS;
      if (same(chosen(middle), zone)) before = middle;
      else after = middle;
    }
    changes.push({ fromMs: after, zone: chosen(after) });
  }
  return changes;
}

/** Local date and time of day as in ISO 8601; dashes for a time that Date cannot represent, which a recording may contain. */
function localIso(time: number | string): readonly [date: string, time: string] {
  const ms = typeof time === "number" ? time : Date.parse(time);
  const fields = new Date(Number.isFinite(ms) ? ms + zoneAt(ms).offsetS * 1000 : NaN);
  if (Number.isNaN(fields.getTime())) return ["----------", "--------"];
  const [date, clock] = fields.toISOString().split("T");
  return [date!, clock!.slice(0, 8)];
}

/** Local time of day, `HH:MM:SS`. */
export function clockTime(time: number | string): string {
  return localIso(time)[1];
}

/** Local date, `YYYY-MM-DD`. */
export function localDate(time: number | string): string {
  return localIso(time)[0];
}

/** Local time of day with the zone's abbreviation, if known: `HH:MM:SS CET`. */
export function zonedTime(time: number): string {
  return `${clockTime(time)} ${zoneAt(time).name}`.trimEnd();
}

/**
 * The moment of a local date and time, milliseconds since the epoch. A time that the change to summer time skips is converted
 * with the offset before the change; of a time that occurs twice, the first is returned.
 */
export function momentOf(local: {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  /** May be outside the month: 0 is the last day of the previous month. */
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}): number {
  const { year, month, day, hour, minute, second } = local;
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  const offsets = [chosen(utc - DAY_MS).offsetS, chosen(utc + DAY_MS).offsetS];
  const moments = offsets.map((offsetS) => utc - offsetS * 1000);
  return moments.find((ms, i) => chosen(ms).offsetS === offsets[i]) ?? moments[0]!;
}
