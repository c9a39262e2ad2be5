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
  ['"a=b"', [22]],
  ["file=/tmp/a=b", [22]],
  ["nginx tmp", [22]],
  ["nginx && tmp", [22]],
  ["nginx&&tmp", [22]],
  ["nginx !tmp", [1]],
  ["! nginx", [333]],
  ["nginx writes>5", [22]],
  ["writes>1 lat_us<10 ms", [1]],
  ["writes>1 && comm=nginx && file~access", [1]],
  ["comm=nginx writes<100", [1]],
  ["!comm=nginx !comm=cat", [22]],
  ["file~LOG", [1]],
  ["file!~log", [22, 333]],
  ["!file~log", [22, 333]],
  ["file=/^.var/", [1]],
  ["file~/^.var/", [1]],
  ["file!=/^.var/", [22, 333]],
  ["file!~/^.var/ comm~cat", [333]],
  ["writes~00", [22]],
  ['"nginx/access"', [1]],
  ['"access nginx"', []],
  ['file="/tmp/a=b"', [22]],
  ['comm="nginx" tid=1', [1]],
  ["time=09:30", [22]],
  ["time>9:30:00", [333]],
  ["time=10", [333]],
  ["-", [22, 333]],
  ["/^-$/", [333]],
  ["LAT>1000", [22, 333]],
  ["lat >= 12ms", [22, 333]],
  ["CALLS/s >= 150", [22]],
  ['file=""', []],
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
      ["foo>3", /^no column foo; for text use quotes: "foo>3"$/],
      ["fil~x", /^no column fil; the nearest is file$/],
      ["wirtes>3", /^no column wirtes; the nearest is writes$/],
      ["nginx fil~x", /^no column fil/],
      ["a=b c>d", /^no column a; for text use quotes: "a=b"$/],
      ["&& nginx", /^&& needs a condition before it$/],
      ["nginx && && cat", /^&& needs a condition before it$/],
      ["nginx & cat", /&& joins conditions/],
      ["nginx || cat", /^\|\| is not supported; \/a\|b\/ matches either$/],
      ["file>/log/", /^patterns need = != ~ or !~$/],
      ["tid=nginx", /^TID is compared with a number$/],
      ["err=EFOO", /^ERR is compared with a number or the name of an error$/],
      ["err>ENOENT", /^a name is compared with = or !=$/],
      ["time>noon", /^TIME is compared with HH:MM:SS$/],
      ["comm=nginx file=/(/", /^not a pattern/],
      ["!", /^condition missing after !$/],
      ["nginx !", /^condition missing after !$/],
      ["! && nginx", /^condition missing after !$/],
      ["writes>", /^value missing after writes>$/],
      ["WRITES >= ", /^value missing after WRITES >=$/],
      ["!comm=", /^value missing after comm=$/],
      ["comm=nginx writes>", /^value missing after writes>$/],
      ["writes> && nginx", /^value missing after writes>$/],
      ['"abc', /^closing quote missing$/],
      ['comm="abc', /^closing quote missing$/],
      ['""', /^text missing between the quotes$/],
      ["nginx &&", /^&& needs a condition after it$/],
      ["la>3", /^no column la; the nearest is lat_us$/],
    ] as const
  ) {
    assert.match(parseFilter(text, COLUMNS).problem ?? "", says);
    assert.match(filterProblem(parseFilter(text, COLUMNS)) ?? "", /^not applied: /);
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

Deno.test("parseFilter() reports what is missing while a filter is typed", () => {
  const typed = "nginx && writes>5";
  const counts = Array.from(typed, (_, i) => {
    const text = typed.slice(0, i + 1);
    return parseFilter(text, COLUMNS).problem === null ? through(text).length : null;
  });
  // The name of the column is text until its operator is typed.
  assert.deepEqual(counts.slice(4), [2, 2, null, null, null, 0, 0, 0, 0, 0, 0, null, 1]);
  assert.deepEqual(through("&&"), ALL);
  assert.equal(parseFilter("&&", COLUMNS).problem, "&& needs a condition before it");
});

Deno.test("a name in a filter is that of a visible column rather than of a hidden one", () => {
  const columns = [column("time", "TIME", "time", { shown: "data" }), column("time_s", "TIME(s)", "s")];
  const rows = [{ time: clock(8), time_s: 1 }, { time: clock(9), time_s: 3 }];
  const seconds = (text: string): number[] =>
    rows.filter(rowTest(parseFilter(text, columns), columns, 1)).map(({ time_s }) => time_s);
  for (const text of ["TIME>2", "time>2", "TIME(s)>2", "time_s>2s"]) {
    assert.deepEqual(seconds(text), [3], text);
  }
  const shown = [{ ...columns[0]!, shown: "always" as const }, { ...columns[1]!, shown: "data" as const }];
  const clocks = rows.filter(rowTest(parseFilter("TIME>=09:00", shown), shown, 1));
  assert.deepEqual(clocks, [rows[1]]);
});

Deno.test("parseFilter() refuses comparisons in a filter for names", () => {
  for (const text of ["read>3", "read=3", "READ/s > 3", "a~b"]) {
    assert.match(parseFilter(text, null).problem ?? "", /^this pane has names, not columns; /, text);
  }
  assert.equal(parseFilter("disk = vda", null).problem, null);
});

Deno.test("nameTest() finds names by text and by pattern", () => {
  const names = ["READ/s", "MKDIR/s", "RMDIR/s"];
  const found = (text: string): string[] => names.filter(nameTest(parseFilter(text, null)));
  assert.deepEqual(found("dir"), ["MKDIR/s", "RMDIR/s"]);
  assert.deepEqual(found("!dir"), ["READ/s"]);
  assert.deepEqual(found("/^.m/"), ["RMDIR/s"]);
  assert.deepEqual(found("/(/"), names);
  assert.deepEqual(found("dir !rm"), ["MKDIR/s"]);
});

Deno.test("filters find a value by number or by name", () => {
  const columns = [
    column("uid", "UID", "id", { names: "user" }),
    column("flags", "FLAGS", "text", { names: "flags" }),
    column("mode", "MODE", "text", { names: "mode" }),
  ];
  const rows = [
    { uid: 0, uid_name: "root", flags: "00000101", flags_name: "O_WRONLY|O_CREAT", mode: "0644" },
    { uid: 33, uid_name: null, flags: "02000000", flags_name: "O_RDONLY|O_CLOEXEC", mode: null },
  ];
  const uids = (text: string): number[] =>
    rows.filter(rowTest(parseFilter(text, columns), columns, 1)).map(({ uid }) => uid);
  assert.deepEqual(uids("uid=root"), [0]);
  assert.deepEqual(uids("uid=0"), [0]);
  assert.deepEqual(uids("uid!=root"), [33]);
  assert.deepEqual(uids("uid=33"), [33]);
  assert.deepEqual(uids("root"), [0]);
  assert.deepEqual(uids("flags~cloexec"), [33]);
  assert.deepEqual(uids("flags=02000000"), [33]);
  assert.deepEqual(uids("flags=O_WRONLY|O_CREAT"), [0]);
  assert.deepEqual(uids("mode=rw-r--r--"), [0]);
  assert.deepEqual(uids("mode=0644"), [0]);
});
