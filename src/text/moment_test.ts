import assert from "node:assert/strict";
import { type MomentBase, parseMoment } from "./moment.ts";
import { useZone, zoneOf } from "./time.ts";

/** New York, whose summer time ends on 1 November 2026 at 06:00 UTC. */
const NEW_YORK = zoneOf([
  { fromMs: 0, zone: { name: "EDT", offsetS: -14_400 } },
  { fromMs: Date.parse("2026-11-01T06:00:00Z"), zone: { name: "EST", offsetS: -18_000 } },
]);

/** Parses in New York; the second of the result as ISO 8601, or the problem. */
function parsed(text: string, base: Partial<MomentBase> = {}): string {
  const before = useZone(NEW_YORK);
  const now = Date.parse("2026-11-20T18:00:00Z"); // 13:00 there
  const moment = parseMoment(text, { now, from: now, day: "last", ...base });
  useZone(before);
  return "ms" in moment ? new Date(moment.ms).toISOString().slice(0, 19) : moment.problem;
}

Deno.test("parseMoment() counts -90m and similar texts from the given moment", () => {
  const from = Date.parse("2026-11-20T10:00:00Z");
  const lengths = ["-5s", "-90m", "-1h30m", "- 2d", "+1.5h", "-0.5s"];
  assert.deepEqual(lengths.map((text) => parsed(text, { from })), [
    "2026-11-20T09:59:55",
    "2026-11-20T08:30:00",
    "2026-11-20T08:30:00",
    "2026-11-18T10:00:00",
    "2026-11-20T11:30:00",
    "2026-11-20T09:59:59",
  ]);
});

Deno.test("parseMoment() takes the last, the next or the nearest day of a local time", () => {
  assert.equal(parsed("12:05"), "2026-11-20T17:05:00");
  assert.equal(parsed("12:05:30"), "2026-11-20T17:05:30");
  assert.equal(parsed("14:05"), "2026-11-19T19:05:00");
  assert.equal(parsed("14:05", { day: "next" }), "2026-11-20T19:05:00");
  assert.equal(parsed("12:05", { day: "next" }), "2026-11-21T17:05:00");
  assert.equal(parsed("13:00", { day: "next" }), "2026-11-20T18:00:00");
  assert.equal(parsed("14:05", { day: "nearest" }), "2026-11-20T19:05:00");
  assert.equal(parsed("0:30", { day: "nearest" }), "2026-11-21T05:30:00");
});

Deno.test("parseMoment() takes days, dates and UTC", () => {
  assert.equal(parsed("yesterday 14:00"), "2026-11-19T19:00:00");
  assert.equal(parsed("Today 09:00"), "2026-11-20T14:00:00");
  assert.equal(parsed("2026-07-01 14:05"), "2026-07-01T18:05:00");
  assert.equal(parsed("2026-07-01T14:05:06Z"), "2026-07-01T14:05:06");
  // The day before the end of summer time.
  const now = Date.parse("2026-11-01T17:00:00Z");
  assert.equal(parsed("yesterday 14:00", { now }), "2026-10-31T18:00:00");
});

Deno.test("parseMoment() includes the whole second that a clock shows", () => {
  const moment = parseMoment("2026-07-01T14:05:06Z", { now: 0, from: 0, day: "last" });
  assert.deepEqual(moment, { ms: Date.parse("2026-07-01T14:05:06.999Z") });
});

Deno.test("parseMoment() takes a date with a zone, a fraction of a second, and either end of a second", () => {
  const moment = (text: string, edge?: MomentBase["edge"]) =>
    parseMoment(text, { now: 0, from: 0, day: "last", edge });
  const ms = (iso: string) => ({ ms: Date.parse(iso) });
  assert.deepEqual(moment("2026-07-01T14:05:06.25Z"), ms("2026-07-01T14:05:06.250Z"));
  assert.deepEqual(moment("2026-07-01 14:05:06+02:00", "start"), ms("2026-07-01T12:05:06.000Z"));
  assert.deepEqual(moment("2026-07-01T00:05-0930", "end"), ms("2026-07-01T09:35:00.999Z"));
  assert.deepEqual(moment("2026-07-01T14:05:06Z", "start"), ms("2026-07-01T14:05:06.000Z"));
  assert.match(parsed("14:05+02:00"), /a time zone needs a date/);
});

Deno.test("parseMoment() reports why a text is invalid", () => {
  assert.match(parsed("24:00"), /00:00 to 23:59:59/);
  assert.match(parsed("12:60"), /00:00 to 23:59:59/);
  assert.match(parsed("2026-02-30 12:00"), /there is no 2026-02-30/);
  assert.match(parsed("14:05Z"), /needs a date/);
  for (const text of ["-90", "noon", "", "5m", "-5x", "yesterday", "1:2"]) {
    assert.match(parsed(text), /^not a time: 14:05/);
  }
});
