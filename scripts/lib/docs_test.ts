import assert from "node:assert/strict";
import type { Column, ToolInfo } from "../../src/model/mod.ts";
import { DISTINCT_TOOLS } from "../../src/tools/mod.ts";
import { commandLines, questionTable, replaceGenerated, sections, toolSection } from "./docs.ts";

const column = (key: string, unit: Column["unit"], title: string): Column => ({
  key,
  title,
  description: `The a|b of ${key}.`,
  unit,
  width: 6,
  align: "right",
});

const tool: ToolInfo = {
  name: "demo",
  summary: "demonstrates <things>",
  view: "table",
  columns: [column("lat_us", "us", "LAT(us)"), column("read_bytes", "kb", "R_Kb")],
  flags: [],
  graph: [],
  caveats: {},
};

Deno.test("toolSection() lists the keys in order, with unit, title and an escaped meaning", () => {
  assert.equal(
    toolSection(tool, ["other"]),
    [
      "### demo",
      "",
      "Demonstrates <things>, also as `other`.",
      "",
      "| key | unit | title in text | meaning |",
      "| --- | --- | --- | --- |",
      "| `lat_us` | µs | `LAT(us)` | The a\\|b of lat_us. |",
      "| `read_bytes` | bytes | `R_Kb` | The a\\|b of read_bytes. |",
    ].join("\n"),
  );
});

Deno.test("sections() returns a section for every tool and for the probes pane", () => {
  const titles = sections().split("\n").filter((line) => line.startsWith("### ")).map((line) =>
    line.slice(4)
  );
  assert.deepEqual(titles, [...DISTINCT_TOOLS.map(({ name }) => name), "probes"]);
});

Deno.test("commandLines() and questionTable() show the questions of the help", () => {
  assert.match(
    commandLines(2),
    /^ {4}ktop +# What is this server doing\?\n {4}ktop filetop .* # Which .*\?$/,
  );
  assert.match(
    questionTable(),
    /\n\| Which program deletes files\? \| t filegone Enter\. .* \| `ktop filegone` \|\n/,
  );
});

Deno.test("replaceGenerated() changes only what is between the marks, and needs both", () => {
  const [before, start, end, after] = [
    "before\n",
    "<!-- Made by scripts/gen-docs from the tools' columns; do not edit. -->",
    "<!-- End of the generated part. -->",
    "\nafter\n",
  ];
  const first = replaceGenerated(`${before}${start}${end}${after}`, "new");
  assert.equal(first, `${before}${start}\n\nnew\n\n${end}${after}`);
  assert.equal(replaceGenerated(first, "new"), first);
  assert.throws(() => replaceGenerated(`${before}${start}`, "new"), /missing/);
  assert.throws(() => replaceGenerated(`${end}${start}`, "new"), /missing/);
});
