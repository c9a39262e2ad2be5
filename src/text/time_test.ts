import assert from "node:assert/strict";
import {
  clockTime,
  localDate,
  momentOf,
  useZone,
  utcAt,
  type ZoneAt,
  type ZoneChange,
  zoneChanges,
  zonedTime,
  zoneOf,
} from "./time.ts";

const CHANGES: readonly ZoneChange[] = [
  { fromMs: Date.parse("2026-01-01T00:00:00Z"), zone: { name: "CET", offsetS: 3600 } },
  { fromMs: Date.parse("2026-03-29T01:00:00Z"), zone: { name: "CEST", offsetS: 7200 } },
  { fromMs: Date.parse("2026-10-25T01:00:00Z"), zone: { name: "CET", offsetS: 3600 } },
];

/** Runs a test in a zone. */
function inZone(at: ZoneAt, test: () => void): void {
  const before = useZone(at);
  try {
    test();
  } finally {
    useZone(before);
  }
}

const berlin = zoneOf(CHANGES);

Deno.test("clockTime() reads milliseconds and ISO text alike, in the zone of that moment", () => {
  inZone(berlin, () => {
    const [winter, summer] = ["2026-03-29T00:59:59.999Z", "2026-03-29T01:00:00.000Z"] as const;
    assert.deepEqual([clockTime(winter), clockTime(Date.parse(winter))], ["01:59:59", "01:59:59"]);
    assert.deepEqual([zonedTime(Date.parse(winter)), zonedTime(Date.parse(summer))], [
      "01:59:59 CET",
      "03:00:00 CEST",
    ]);
    assert.equal(localDate("2026-12-31T23:30:00Z"), "2027-01-01");
  });
});

Deno.test("clockTime() and localDate() return dashes for invalid times", () => {
  for (const time of ["", "yesterday", NaN, Infinity, 8.64e15 + 1]) {
    assert.deepEqual([localDate(time), clockTime(time)], ["----------", "--------"]);
  }
  inZone(berlin, () => assert.equal(clockTime(8.64e15), "--------"));
});

Deno.test("zoneChanges() finds each change of a year to the second", () => {
  inZone(berlin, () => {
    const from = Date.parse("2026-02-03T04:05:06.789Z");
    assert.deepEqual(zoneChanges(from), [{ ...CHANGES[0]!, fromMs: from }, ...CHANGES.slice(1)]);
  });
  inZone(utcAt, () => assert.equal(zoneChanges(0).length, 1));
});

Deno.test("zoneOf() takes the first zone before the first change", () => {
  assert.equal(berlin(0).name, "CET");
});

Deno.test("momentOf() finds the moment of a local time, also around the changes to and from summer time", () => {
  const at = (text: string): string => {
    const [year, month, day, hour, minute, second] = text.split(/[-T:]/).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return new Date(momentOf({ year, month, day, hour, minute, second })).toISOString().slice(0, 19);
  };
  inZone(berlin, () => {
    assert.equal(at("2026-03-29T01:59:59"), "2026-03-29T00:59:59");
    assert.equal(at("2026-03-29T02:30:00"), "2026-03-29T01:30:00"); // skipped
    assert.equal(at("2026-03-29T03:00:00"), "2026-03-29T01:00:00");
    assert.equal(at("2026-10-25T02:30:00"), "2026-10-25T00:30:00"); // twice
    assert.equal(at("2026-10-25T03:00:00"), "2026-10-25T02:00:00");
    assert.equal(at("2026-11-00T12:00:00"), "2026-10-31T11:00:00");
  });
});
