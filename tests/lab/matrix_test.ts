import assert from "node:assert/strict";
import type { Result } from "./case.ts";
import { failures, matrix, shortMatrix, summary } from "./matrix.ts";

const result = (cell: Result["cell"], name: string, failures: string[] = []): Result => ({
  kernel: "6.1",
  tool: "filetop",
  cell,
  name,
  failures,
});
const results = [
  result("default", "chooses fentry"),
  result("fentry", "reads are counted"),
  result("fentry", "writes are counted"),
  result("kprobe", "reads are counted", ["reads is 1428, not 714"]),
  result("kprobe", "writes are counted"),
  result("tracepoint", "cannot: dcache"),
];

Deno.test("matrix() returns a row for each kernel and tool with the result of each cell", () => {
  assert.deepEqual(matrix(results).split("\n")[2]!.split("|").map((word) => word.trim()).slice(1, -1), [
    "6.1",
    "filetop",
    "2 passed",
    "FAILED 1 of 2",
    "cannot: dcache",
    "1 passed (fentry)",
  ]);
});

Deno.test("matrix() aligns its columns", () => {
  assert.equal(new Set(matrix(results).split("\n").map((line) => line.length)).size, 1);
});

Deno.test("failures() names kernel, tool, tier and case of each failure", () => {
  assert.equal(
    failures(results),
    "FAILED 6.1 filetop kprobe: reads are counted\n       reads is 1428, not 714",
  );
});

Deno.test("summary() counts cases, not failures", () => {
  assert.equal(summary([...results, result("kprobe", "x", ["a", "b"])]), "5 passed, 2 failed");
});

Deno.test("shortMatrix() joins the rows of kernels with equal cells, and only those", () => {
  const one = (kernel: string, cell: Result["cell"], name: string): Result => ({
    kernel,
    cell,
    name,
    tool: "dcstat",
    failures: [],
  });
  const text = shortMatrix([
    one("6.1", "fentry", "hits"),
    one("6.12", "fentry", "hits"),
    one("6.12", "fentry", "misses"),
    one("native", "fentry", "cannot: no ftrace"),
  ]);
  assert.deepEqual(text.split("\n").slice(2).map((line) => line.replace(/ +/g, " ")), [
    "| dcstat | 6.1, 6.12 | works | - | - | - |",
    "| dcstat | native | cannot: no ftrace | - | - | - |",
  ]);
});
