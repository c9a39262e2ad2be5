import assert from "node:assert/strict";
import { ALL_TOOLS } from "../../tests/support/tool_infos.ts";
import { UsageError } from "../errors.ts";
import { collectGroups, groupRows, groupTick, mergeGroups } from "./group_counts.ts";
import { groupableColumns, groupingNamed, groupingsNamed } from "./grouping.ts";
import type { Row } from "./tick.ts";
import type { ToolInfo } from "./tool_info.ts";

const toolOf = (name: string): ToolInfo => ALL_TOOLS.find((tool) => tool.name === name)!;

const grouped = (name: string, by: string, rows: readonly Row[], seconds = 1): readonly Row[] => {
  const grouping = groupingNamed(toolOf(name), by);
  return groupRows(collectGroups(rows, grouping), grouping, seconds);
};

const open = (comm: string, pid: number, path: string | null, err = 0): Row => ({ comm, pid, path, err });

const OPENS = [
  open("cat", 11, "/a"),
  open("sh", 7, "/b", 2),
  open("cat", 11, "/b", 2),
  open("cat", 12, "/a"),
  open("sh", 7, null, 14),
];

Deno.test("groups of events have a count and a rate per second, the largest first", () => {
  assert.deepEqual(grouped("opensnoop", "comm", OPENS, 2), [
    { events: 3, events_per_s: 1.5, comm: "cat" },
    { events: 2, events_per_s: 1, comm: "sh" },
  ]);
  assert.deepEqual(grouped("opensnoop", "PATH", OPENS, 3).map(({ events, path }) => [events, path]), [
    [2, "/a"],
    [2, "/b"],
    [1, null],
  ]);
  assert.deepEqual(grouped("opensnoop", "err", OPENS).map(({ events, err }) => [events, err]), [
    [2, 0],
    [2, 2],
    [1, 14],
  ]);
});

Deno.test("groups by pid have the comm of their last event", () => {
  const rows = [...OPENS, open("exec'd", 7, "/c")];
  assert.deepEqual(grouped("opensnoop", "pid", rows).map(({ events, pid, comm }) => [events, pid, comm]), [
    [3, 7, "exec'd"],
    [2, 11, "cat"],
    [1, 12, "cat"],
  ]);
});

Deno.test("groups add counts and bytes, and have the sum and the maximum of durations", () => {
  const call = (operation: string, bytes: number | null, lat_ms: number): Row => ({
    operation,
    bytes,
    lat_ms,
    offset_bytes: 4096,
  });
  const rows = [call("R", 100, 0.1), call("R", null, 0.2), call("R", 28, 11), call("O", null, 5.5)];
  assert.deepEqual(grouped("fsslower", "operation", rows, 4), [
    { events: 3, events_per_s: 0.75, bytes: 128, sum_lat_ms: 11.3, max_lat_ms: 11, operation: "R" },
    { events: 1, events_per_s: 0.25, bytes: null, sum_lat_ms: 5.5, max_lat_ms: 5.5, operation: "O" },
  ]);
});

Deno.test("groups of a table have sums, no rate, and the order of its graph", () => {
  const file = (comm: string, reads: number, read_bytes: number): Row => ({
    comm,
    reads,
    writes: 1,
    read_bytes,
    write_bytes: 10,
    file: "f",
  });
  const rows = [file("cat", 3, 100), file("cat", 4, 23), file("dd", 1, 4096), file("cat", 2, 0)];
  assert.deepEqual(grouped("filetop", "comm", rows), [
    { rows: 1, reads: 1, writes: 1, read_bytes: 4096, write_bytes: 10, comm: "dd" },
    { rows: 3, reads: 9, writes: 3, read_bytes: 123, write_bytes: 30, comm: "cat" },
  ]);
});

Deno.test("groups leave out columns that cannot be added", () => {
  const keys = (name: string, by: string): string[] =>
    groupingNamed(toolOf(name), by).tool.columns.map(({ key }) => key);
  assert.deepEqual(keys("readpath", "stack"), ["rows", "stack"]);
  assert.deepEqual(keys("filelife", "comm"), ["events", "events_per_s", "comm"]);
  assert.deepEqual(keys("execsnoop", "ppid"), ["events", "events_per_s", "ppid"]);
  assert.deepEqual(keys("probes", "tool"), ["rows", "cpu_pct", "events", "run_time_ns", "missed", "tool"]);
  assert.deepEqual(keys("runqslower", "tid"), [
    "events",
    "events_per_s",
    "sum_lat_us",
    "max_lat_us",
    "tid",
    "comm",
  ]);
});

Deno.test("mergeGroups() of several intervals equals the groups of all their rows", () => {
  for (const [name, by] of [["opensnoop", "comm"], ["opensnoop", "pid"], ["opensnoop", "path"]] as const) {
    const grouping = groupingNamed(toolOf(name), by);
    const parts = [OPENS.slice(0, 2), [], OPENS.slice(2)].map((rows) => collectGroups(rows, grouping));
    assert.deepEqual(
      groupRows(mergeGroups(parts, grouping), grouping, 3),
      groupRows(collectGroups(OPENS, grouping), grouping, 3),
    );
  }
});

Deno.test("mergeGroups() keeps the largest maximum and does not change its arguments", () => {
  const grouping = groupingNamed(toolOf("runqslower"), "comm");
  const delays = (...values: number[]) =>
    collectGroups(values.map((lat_us) => ({ comm: "a", lat_us })), grouping);
  const [first, second] = [delays(5, 90), delays(7)];
  const merged = groupRows(mergeGroups([first, second], grouping), grouping, 1);
  assert.deepEqual(merged, [{ events: 3, events_per_s: 3, sum_lat_us: 102, max_lat_us: 90, comm: "a" }]);
  assert.equal(first.get("a")?.count, 2);
});

Deno.test("groupTick() keeps the other fields of a tick", () => {
  const lost = { events: 4, keys: 0, runs: 0 };
  const tick = {
    tool: "opensnoop",
    time: 5,
    intervalS: 2,
    tier: "fentry",
    lost,
    droppedRows: 3,
    rows: OPENS,
  };
  const grouping = groupingNamed(toolOf("opensnoop"), "comm");
  assert.deepEqual(groupTick(tick, grouping), { ...tick, rows: grouped("opensnoop", "comm", OPENS, 2) });
});

const problem = (run: () => unknown): [string, string] => {
  try {
    run();
  } catch (error) {
    if (error instanceof UsageError) return [error.message, error.remedy];
  }
  throw new Error("no UsageError");
};

Deno.test("groupingNamed() names the nearest column, and refuses numbers and tools without a list", () => {
  const opensnoop = toolOf("opensnoop");
  const columns =
    "Columns to group by: uid, process, pid, tid, comm, fd, err, flags, mode, path, user, cgroup_id, container, unit.";
  assert.deepEqual(problem(() => groupingNamed(opensnoop, "pth")), [
    'opensnoop has no column "pth".',
    `Did you mean path? ${columns}`,
  ]);
  assert.deepEqual(problem(() => groupingNamed(opensnoop, "time")), [
    "opensnoop cannot be grouped by time, only by names and ids.",
    columns,
  ]);
  assert.deepEqual(problem(() => groupingNamed(toolOf("vfsstat"), "read")), [
    "vfsstat counted everything in one row: there is nothing to group.",
    "",
  ]);
  assert.deepEqual(problem(() => groupingNamed(toolOf("cachestat"), "process")), [
    "cachestat counted everything in one row: there is nothing to group.",
    "Divide while measuring: ktop cachestat --by process, ktop cachestat --by file.",
  ]);
  assert.deepEqual(problem(() => groupingNamed(toolOf("runqlat"), "comm")), [
    "runqlat has no rows to group.",
    "",
  ]);
});

Deno.test("groupingsNamed() groups the tools that have the column, at least one", () => {
  const tools = ["filetop", "vfsstat", "runqslower"].map(toolOf);
  assert.deepEqual([...groupingsNamed(tools, "COMM").keys()], ["filetop", "runqslower"]);
  assert.deepEqual([...groupingsNamed(tools, "file").keys()], ["filetop"]);
  assert.equal(
    problem(() => groupingsNamed(tools, "coom"))[0],
    'None of these tools can be grouped by "coom".',
  );
  assert.match(problem(() => groupingsNamed(tools, "coom"))[1], /^Did you mean comm\? /);
  assert.match(
    problem(() => groupingsNamed(["cachestat", "vfsstat"].map(toolOf), "process"))[1],
    /Divide while measuring: ktop cachestat --by process, ktop cachestat --by file\.$/,
  );
});

for (const tool of ALL_TOOLS) {
  Deno.test(`every grouping of ${tool.name} has columns with different keys and the values of its rows`, () => {
    for (const by of groupableColumns(tool)) {
      const grouping = groupingNamed(tool, by.key);
      const keys = grouping.tool.columns.map(({ key }) => key);
      assert.deepEqual(keys, [...new Set(keys)], by.key);
      const row = Object.fromEntries(tool.columns.map(({ key }) => [key, 3]));
      const [group] = groupRows(collectGroups([row], grouping), grouping, 1);
      assert.deepEqual(Object.keys(group!).toSorted(), keys.toSorted(), by.key);
    }
  });
}

Deno.test("rows of every tool with a process are grouped by user, and groups of user ids are named", () => {
  for (const name of ["opensnoop", "filetop", "biotop", "profile"]) {
    assert.equal(groupingNamed(toolOf(name), "user").by.key, "user");
    assert.equal(groupingNamed(toolOf(name), "uid").named?.key, "user");
  }
});

Deno.test("rows are grouped by process id also under the name process", () => {
  assert.equal(groupingNamed(toolOf("nettop"), "process").by.key, "pid");
  assert.equal(groupingNamed(toolOf("opensnoop"), "Process").by.key, "pid");
  assert.throws(() => groupingNamed(toolOf("vfscount"), "process"), /has no column/);
});
