/**
 * Writes the matrix of README.md from the table of expectations and the cases, and the table of root file systems from
 * ../roots/table.ts; `--check` only compares. A run of all cases fails when a cell of that matrix is wrong, the tests of
 * ../roots when one of that table is.
 *
 * @module
 */
import { join } from "node:path";
import { cases } from "./cases/mod.ts";
import { expectations } from "./expectations.ts";
import { shortMatrix } from "./matrix.ts";
import { plan, resultsOf, type Selection } from "./plan.ts";
import { rootsTable } from "../roots/table.ts";

const PATH = join(import.meta.dirname!, "README.md");
const MATRIX = /(<!-- matrix -->\n)[^]*?(\n<!-- end of matrix -->)/;
const ROOTS = /(<!-- roots -->\n)[^]*?(\n<!-- end of roots -->)/;

const everything: Selection = { kernels: Object.keys(expectations), tools: [], cells: [], names: [] };
const results = Object.entries(expectations).flatMap(([kernel, expectation]) =>
  plan(kernel, { expectation: expectation!, cases, selection: everything }).flatMap((job) =>
    resultsOf(job, [])
  )
);
// Cases about the table are of no tool.
const matrix = shortMatrix(results.filter(({ tool }) => tool !== "list"));

const before = await Deno.readTextFile(PATH);
const after = before.replace(MATRIX, (_, start, end) => `${start}\n${matrix}\n${end}`)
  .replace(ROOTS, (_, start, end) => `${start}\n${rootsTable()}\n${end}`);
if (Deno.args.includes("--check")) {
  if (before !== after) {
    console.error(
      "tests/lab/README.md: the matrix or the table of root file systems is stale. Run scripts/gen-docs.",
    );
    Deno.exit(1);
  }
} else await Deno.writeTextFile(PATH, after);
