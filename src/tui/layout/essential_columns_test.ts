import assert from "node:assert/strict";
import { ALL_TOOLS } from "../../../tests/support/tool_infos.ts";
import { type Column, isList, UNITS } from "../../model/mod.ts";
import { tableColumns } from "./columns.ts";

const NONE: ReadonlySet<string> = new Set();

/** What each list is opened for, and its other essential columns, those hidden last first. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  filetop: ["read_bytes", "write_bytes", "reads", "writes", "file", "comm"],
  dirtop: ["read_bytes", "write_bytes", "reads", "writes", "path"],
  runqslower: ["lat_us", "comm"],
  fileslower: ["lat_ms", "file", "comm"],
  fsslower: ["lat_ms", "file", "comm"],
  opensnoop: ["err", "path", "comm"],
  execsnoop: ["args", "comm", "ret"],
  statsnoop: ["err", "path", "comm"],
  syscount: ["count", "syscall", "errors"],
  mountsnoop: ["call", "comm"],
  biosnoop: ["lat_ms", "comm", "disk"],
  biotop: ["bytes", "avg_ms", "comm", "ios", "type", "disk"],
  filelife: ["age_s", "file", "comm", "dir"],
  filegone: ["file", "action", "comm", "dir"],
  dcsnoop: ["file", "comm"],
  vfscount: ["count", "func"],
  readpath: ["time_pct", "func", "calls", "avg_us"],
  profile: ["samples", "samples_pct", "comm", "stack"],
  nettop: ["rx_bytes", "tx_bytes", "comm", "raddr"],
  tcplife: ["life_ms", "comm", "tx_bytes", "rx_bytes", "raddr"],
  tcpretrans: ["raddr", "rport", "comm", "state"],
  offcputime: ["time_us", "comm", "stack", "waits"],
  tcpconnect: ["daddr", "dport", "comm", "ret"],
  tcpaccept: ["raddr", "lport", "comm"],
  probes: ["cpu_pct", "program", "tool", "ns_per_event"],
};

const priority = (column: Column): number => column.priority ?? 0;

/** The columns that are seen in a width: placed with enough cells for a name or for a number with a suffix. */
function seen(columns: readonly Column[], width: number): string[] {
  return tableColumns(columns, width, { kept: NONE, skip: 0 }).placed
    .filter(({ column, width }) =>
      width >= Math.min(column.width, UNITS[column.unit].kind === "text" ? 6 : 5)
    )
    .map(({ column }) => column.key);
}

for (const tool of ALL_TOOLS.filter(isList)) {
  const expected = EXPECTED[tool.aliasOf ?? tool.name] ?? [];

  Deno.test(`${tool.name} names its essential columns, and one that it is opened for`, () => {
    const essential = tool.columns.filter((column) => priority(column) > 0)
      .filter(({ shown = "always" }) => shown !== "data")
      .toSorted((a, b) => priority(b) - priority(a));
    assert.deepEqual(essential.map(({ key }) => key), expected);
  });

  Deno.test(`${tool.name} shows its essential columns in 40, 58 and 78 cells, and what it is opened for in 20`, () => {
    for (const width of [40, 58, 78]) {
      const keys = seen(tool.columns, width);
      for (const key of expected) assert.ok(keys.includes(key), `${key} at ${width}: ${keys}`);
    }
    const keys = seen(tool.columns, 20);
    assert.ok(keys.includes(expected[0]!), `20: ${keys}`);
    assert.ok(keys.length > 1, `20: ${keys}`);
  });

  Deno.test(`${tool.name} hides a column only while no less important one is shown`, () => {
    for (let width = 6; width < 140; width++) {
      const { placed, hidden } = tableColumns(tool.columns, width, { kept: NONE, skip: 0 });
      const least = Math.min(...placed.map(({ column }) => priority(column)));
      for (const column of hidden) {
        // A wide column is shown only if everything fits.
        if (column.shown !== "wide") assert.ok(priority(column) <= least, `${column.key} at ${width}`);
      }
    }
  });
}

Deno.test("biosnoop shows whether a request reads or writes in 40 cells, before pid and time", () => {
  const { columns } = ALL_TOOLS.find(({ name }) => name === "biosnoop")!;
  const keys = seen(columns, 40);
  assert.deepEqual(["comm", "disk", "type", "bytes", "lat_ms"], keys);
});

Deno.test("filegone and filelife show 12 cells of a file's name and 16 of its directory in a quarter of 120 cells, before pid and time", () => {
  for (const name of ["filegone", "filelife"]) {
    const { columns } = ALL_TOOLS.find((tool) => tool.name === name)!;
    const { placed, hidden } = tableColumns(columns, 58, { kept: NONE, skip: 0 });
    const cells = (key: string): number => placed.find(({ column }) => column.key === key)!.width;
    assert.ok(cells("file") >= 12 && cells("dir") >= 16, name);
    assert.ok(hidden.some(({ key }) => key === "pid"), name);
  }
});

/** Cells inside a pane: of two beside each other at 120 columns, at 80 columns, and on a narrow screen. */
const PANES = { half: 56, stacked: 80, narrow: 41 };

/** Width of each column that is shown in a pane. */
function widths(name: string, width: number): Readonly<Record<string, number>> {
  const { columns } = ALL_TOOLS.find((tool) => tool.name === name)!;
  const { placed } = tableColumns(columns, width, { kept: NONE, skip: 0 });
  return Object.fromEntries(placed.map(({ column, width }) => [column.key, width]));
}

Deno.test("every address that is shown has room for IPv4, down to 41 cells", () => {
  const IPV4 = "255.255.255.255".length;
  for (const name of ["nettop", "tcplife", "tcpretrans", "tcpconnect", "tcpaccept"]) {
    for (const width of Object.values(PANES)) {
      const shown = widths(name, width);
      const addresses = Object.entries(shown).filter(([key]) => key.endsWith("addr"));
      assert.ok(addresses.length > 0, `${name} at ${width}`);
      for (const [key, cells] of addresses) {
        assert.ok(cells >= IPV4, `${key} of ${name} at ${width}: ${cells}`);
      }
    }
  }
});

Deno.test("half of 120 cells shows the ports of connections, and what was sent again", () => {
  const keys = (name: string): string[] => Object.keys(widths(name, PANES.half));
  assert.deepEqual(keys("nettop"), ["pid", "comm", "lport", "raddr", "rport", "rx_bytes", "tx_bytes"]);
  assert.deepEqual(keys("tcplife"), ["comm", "raddr", "rport", "tx_bytes", "rx_bytes", "life_ms"]);
  assert.deepEqual(keys("tcpretrans"), ["time", "comm", "type", "raddr", "rport", "state"]);
});

Deno.test("half of 120 cells shows functions, paths and arguments rather than ids, and what an operation was", () => {
  const shown = (name: string): Readonly<Record<string, number>> => widths(name, PANES.half);
  assert.ok(shown("profile").stack! >= 28);
  assert.ok(shown("offcputime").stack! >= 28);
  assert.ok(shown("execsnoop").args! >= 28);
  assert.ok(shown("opensnoop").path! >= 32);
  assert.equal(shown("readpath").func, 28);
  assert.equal(shown("fileslower").direction, 1);
  assert.equal(shown("fsslower").operation, 1);
  assert.deepEqual(Object.keys(shown("biotop")), ["pid", "comm", "type", "disk", "ios", "bytes", "avg_ms"]);
});
