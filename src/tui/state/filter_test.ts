import assert from "node:assert/strict";
import type { Column, Row, Unit } from "../../model/mod.ts";
import { loadPatterns } from "../../text/mod.ts";
import { filterProblem, nameTest, parseFilter, rowTest } from "./filter.ts";

await loadPatterns();

const column = (key: string, title: string, unit: Unit, extra: Partial<Column> = {}): Column => ({
  key,
  title,
  description: "",
  unit,
  width: 8,
  align: "left",
  ...extra,
});
const COLUMNS = [
  column("time", "TIME", "time"),
  column("tid", "TID", "id"),
  column("comm", "COMM", "text"),
  column("writes", "WRITES", "count"),
  column("read_bytes", "R_Kb", "kb"),
  column("lat_us", "LAT(us)", "us"),
  column("lat_ms", "LAT(ms)", "ms"),
  column("calls", "CALLS/s", "count", { perSecond: true }),
  column("err", "ERR", "id", { names: "error" }),
  column("dev", "DEV", "id", { shown: "data" }),
  column("file", "FILE", "text"),
];
const clock = (hour: number): string => new Date(2026, 10, 20, hour, 30, 0).toISOString();
const ROWS: readonly Row[] = [
  {
    time: clock(8),
    tid: 1,
    err: 0,
    comm: "nginx",
    writes: 5,
    read_bytes: 4096,
    lat_us: 900,
    lat_ms: 0.9,
    calls: 10,
    dev: "8:1",
    file: "/var/log/nginx/access.log",
  },
  {
    time: clock(9),
    tid: 22,
    err: 2,
    comm: "NGINX-2",
    writes: 2000,
    read_bytes: 3_000_000,
    lat_us: 12_000,
    lat_ms: 12,
    calls: 300,
    dev: "8:17",
    file: "/tmp/a=b",
  },
  {
    time: clock(10),
    tid: 333,
    err: 13,
    comm: "cat",
    writes: null,
    read_bytes: 0,
    lat_us: 2_500_000,
    lat_ms: 2500,
    calls: 0,
    dev: "0:5",
    file: null,
  },
];

/** Thread ids of the rows a filter lets through, over an interval of two seconds. */
function through(text: string): (number | string | null | undefined)[] {
  const filter = parseFilter(text, COLUMNS);
  const shown = COLUMNS.filter((column) => column.shown !== "data");
  return ROWS.filter(rowTest(filter, shown, 2)).map(({ tid }) => tid);
}

const ALL = [1, 22, 333];
const CASES: readonly (readonly [text: string, tids: readonly number[]])[] = [
  ["", ALL],
  ["!", ALL],
  ["NGinx", [1, 22]],
  ["!nginx", [333]],
  ["/^nginx$/", [1]],
  ["!/^nginx$/", [22, 333]],
  ["/VAR|cat/", [1, 333]],
  ["/var/log", [1]],
  ["writes>5", [22]],
  ["writes>=5", [1, 22]],
  ["WRITES < 2k", [1]],
  ["writes=2k", [22]],
  ["writes!=5", [22, 333]],
  ["!writes>5", [1, 333]],
  ["comm=nginx", [1]],
  ["comm!=nginx", [22, 333]],
  ["read_bytes>4095", [1, 22]],
  ["R_Kb>4", [22]],
  ["R_Kb>=4", [1, 22]],
  ["r_kb>2M", [22]],
  ["lat_us>10ms", [22, 333]],
  ["lat_us<1ms", [1]],
  ["LAT(us)>1000", [22, 333]],
  ["lat_ms>=2.5s", [333]],
  ["lat_ms<1000us", [1]],
  ["CALLS/s>=150", [22]],
  ["calls>=150", [22]],
  ["CALLS/s>=10", [22]],
  ["calls>=10", [1, 22]],
  ["dev=8:17", [22]],
  ["tid=22", [22]],
  ["err=2", [22]],
  ["err=ENOENT", [22]],
  ["err!=enoent", [1, 333]],
  ["eacces", [333]],
  ["time>=09:30:00", [22, 333]],
  ["a=b", [22]],
  ["file=/tmp/a=b", [22]],
  ["writes>", ALL],
];

for (const [text, tids] of CASES) {
  Deno.test(`rowTest() passes the matching rows when the filter is "${text}"`, () => {
    assert.deepEqual(through(text), tids);
    assert.equal(filterProblem(parseFilter(text, COLUMNS)), null);
  });
}

Deno.test("parseFilter() reports the problem and passes every row when the filter cannot be parsed", () => {
  for (
    const [text, says] of [
      ["/(/", /^not a pattern: missing closing \)$/],
      ["!/[/", /^not a pattern: missing closing \]: \[$/],
      ["/(a)\\1/", /^not a pattern: invalid escape sequence: \\1$/],
      ["writes>many", /WRITES is compared with a number/],
      ["writes>5ms", /WRITES is compared with a number/],
    ] as const
  ) {
    assert.match(filterProblem(parseFilter(text, COLUMNS)) ?? "", says);
    assert.deepEqual(through(text), ALL);
  }
});

Deno.test("filterProblem() reports a pattern that is too slow to test every row, and the next evaluation starts again", () => {
  let state = 9;
  const file = (): string =>
    Array.from(
      { length: 4000 },
      () => (state = Math.imul(state, 1103515245) + 12345 >>> 0) >>> 20 & 1 ? "a" : "b",
    )
      .join("");
  const filter = parseFilter(`/(a|b)*a${"(a|b)".repeat(40)}c/`, COLUMNS);
  const test = rowTest(filter, COLUMNS, 1);
  for (let i = 0; i < 400 && filterProblem(filter) === null; i++) test({ file: file() });
  assert.match(filterProblem(filter) ?? "", /is too slow/);
  rowTest(filter, COLUMNS, 1);
  assert.equal(filterProblem(filter), null);
});

Deno.test("nameTest() finds names by text and by pattern", () => {
  const names = ["READ/s", "MKDIR/s", "RMDIR/s"];
  const found = (text: string): string[] => names.filter(nameTest(parseFilter(text, [])));
  assert.deepEqual(found("dir"), ["MKDIR/s", "RMDIR/s"]);
  assert.deepEqual(found("!dir"), ["READ/s"]);
  assert.deepEqual(found("/^.m/"), ["RMDIR/s"]);
  assert.deepEqual(found("/(/"), names);
});
