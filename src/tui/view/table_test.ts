import assert from "node:assert/strict";
import { DEMO_COLUMNS } from "../../../tests/support/demo_columns.ts";
import { ALL_TOOLS } from "../../../tests/support/tool_infos.ts";
import { groupableColumns, groupingBy, isList, type Row } from "../../model/mod.ts";
import { Grid, Region, Style } from "../canvas/mod.ts";
import { scrollTop, tableColumns } from "../layout/mod.ts";
import { symbolsFor } from "./symbols.ts";
import { drawTable, type TableInput } from "./table.ts";

const ROWS: Row[] = [
  { tid: 1, comm: "nginx", reads: 12, writes: 0, cpu: 1, file: "/var/log/nginx/access.log" },
  { tid: 22, comm: "日本語日本語", reads: 1234567, writes: null, cpu: 0, file: "short" },
];

function table(
  width: number,
  height: number,
  input: Partial<TableInput> = {},
): { grid: Grid; lines: string[] } {
  const grid = new Grid(width, height);
  const { rows = ROWS } = input;
  const selected = Math.min(input.selected ?? 0, rows.length - 1);
  drawTable(new Region(grid), {
    placed: tableColumns(DEMO_COLUMNS, width, { kept: new Set(input.sort?.keys ?? []), skip: 0 })
      .placed,
    rows,
    intervalS: 1,
    sort: null,
    first: scrollTop(0, selected, { height: height - 1, count: rows.length }),
    focused: false,
    shift: 0,
    symbols: symbolsFor(false),
    ...input,
    selected,
  });
  const lines = Array.from(
    { length: height },
    (_, y) => Array.from({ length: width }, (_, x) => grid.text(y * width + x)).join("").trimEnd(),
  );
  return { grid, lines };
}

Deno.test("drawTable() aligns, shortens numbers, marks what is cut, and shows unknown values as a dash", () => {
  assert.deepEqual(table(44, 3).lines, [
    "   TID COMM      READS WRITES FILE",
    "     1 nginx        12      0 /var/log/ngin…",
    "    22 日本語…    1.2M      - short",
  ]);
});

Deno.test("drawTable() puts the arrow of the sorted column beside its title", () => {
  assert.match(
    table(44, 1, { sort: { keys: ["reads"], descending: true, isOwn: false } }).lines[0] as string,
    /COMM {5}▼READS WRITES/,
  );
  assert.match(
    table(44, 1, { sort: { keys: ["comm"], descending: false, isOwn: false } }).lines[0] as string,
    /COMM▲ /,
  );
});

Deno.test("drawTable() marks the sorted column also if it is the last one, before its title if there is no room after it", () => {
  const columns = [
    { ...DEMO_COLUMNS[0]!, width: 6 },
    {
      key: "lat_us",
      title: "LAT(us)",
      description: "",
      unit: "us" as const,
      width: 7,
      align: "right" as const,
    },
  ];
  const header = (width: number, shown = columns): string =>
    table(width, 1, {
      placed: tableColumns(shown, width, { kept: new Set(), skip: 0 }).placed,
      sort: { keys: [shown.at(-1)!.key], descending: true, isOwn: false },
    }).lines[0]!;
  assert.equal(header(14), "   TID LAT(us▼");
  assert.equal(header(15, [columns[0]!, { ...columns[1]!, width: 8 }]), "   TID ▼LAT(us)");
  assert.equal(header(15), "   TID LAT(us)▼");
  assert.equal(header(7, columns.slice(1)), "LAT(us▼");
  const file = DEMO_COLUMNS.find(({ key }) => key === "file")!;
  assert.equal(header(4, [{ ...file, width: 4 }]), "FIL▼");
});

for (const tool of ALL_TOOLS.filter(isList)) {
  Deno.test(`drawTable() keeps a blank between the sorted title of ${tool.name}, its mark and the other titles`, () => {
    const groups = groupableColumns(tool).map((by) => groupingBy(tool, by).tool);
    for (const { columns } of [tool, ...groups]) {
      for (const { key, title } of columns) {
        // The mark touches the next title rather than cover a short one: T, IP.
        if (title.length < 3) continue;
        for (const width of [38, 58, 62, 78, 118]) {
          const { placed } = tableColumns(columns, width, { kept: new Set([key]), skip: 0 });
          const input = { placed, sort: { keys: [key], descending: true, isOwn: false } };
          const header = table(width, 1, input).lines[0]!;
          const plain = table(width, 1, { placed }).lines[0]!;
          const at = header.indexOf("▼");
          const { x, width: cells, column } = placed.find(({ column }) => column.key === key)!;
          const length = Math.min(cells, title.length);
          const start = column.align === "right" ? x + cells - length : x;
          const isBlank = (i: number): boolean => (plain[i] ?? " ") === " ";
          const isAfter = at === start + length && isBlank(at) && isBlank(at + 1);
          const isBefore = at === start - 1 && isBlank(at) && isBlank(at - 1);
          assert.ok(isAfter || isBefore || at === start + length - 1, `${key} at ${width}: ${header}`);
        }
      }
    }
  });
}

Deno.test("drawTable() marks none of several columns whose sum orders the rows, and says that it is a sum", () => {
  const words = ["by READS+WRITES", "by sum"];
  const sort = { keys: ["reads", "writes"], descending: true, isOwn: true, words };
  assert.match(
    table(44, 1, { sort: { ...sort, words: words.slice(0, 1) } }).lines[0]!,
    / READS WRITES FILE$/,
  );
  assert.match(table(44, 1, { sort }).lines[0]!, / READS WRITES FILE {2}by sum$/);
  assert.match(table(60, 1, { sort }).lines[0]!, / READS WRITES .*FILE {2}by READS\+WRITES$/);
});

Deno.test("drawTable() moves long text sideways up to its end, and leaves short text where it is", () => {
  const { lines } = table(44, 3, { shift: 400 });
  assert.match(lines[1] as string, / inx\/access\.log$/);
  assert.match(lines[2] as string, /short$/);
});

Deno.test("drawTable() shows the end of long text in a column that cuts the start, and moves it sideways to its start", () => {
  const file = { ...DEMO_COLUMNS.find(({ key }) => key === "file")!, cut: "start" as const };
  const cells = (width: number, shift: number): string[] =>
    table(width, 3, { placed: tableColumns([file], width, { kept: new Set(), skip: 0 }).placed, shift }).lines
      .slice(1);
  assert.deepEqual(cells(12, 0), ["…/access.log", "short"]);
  assert.deepEqual(cells(12, 5), ["…nginx/acce…", "short"]);
  assert.deepEqual(cells(12, 400), ["/var/log/ng…", "short"]);
  assert.deepEqual(cells(25, 0), ["/var/log/nginx/access.log", "short"]);
});

Deno.test("drawTable() shows the selected row, and marks it only in the focused pane", () => {
  const rows = Array.from({ length: 50 }, (_, i): Row => ({ tid: i, comm: "x", file: "f" }));
  const focused = table(44, 11, { rows, selected: 30, focused: true });
  assert.match(focused.lines[10] as string, /^ {4}30 /);
  assert.equal(focused.grid.style(10 * 44), Style.selected);
  assert.equal(focused.grid.style(9 * 44), Style.text);
  assert.equal(table(44, 11, { rows, selected: 30 }).grid.style(10 * 44), Style.text);
  assert.match(table(44, 11, { rows, selected: 1e9 }).lines[10] as string, /^ {4}49 /);
});
