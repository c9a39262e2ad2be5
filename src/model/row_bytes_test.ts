import assert from "node:assert/strict";
import { rowBytes, rowsBytes } from "./row_bytes.ts";

Deno.test("rowBytes() counts short texts that repeat once, and each copy of a long one", () => {
  const short = { comm: "c".repeat(60), pid: 7 };
  const again = { ...short };
  assert.ok(rowBytes(again, short) < rowBytes(short, undefined));
  assert.equal(rowBytes({ ...short, comm: "d".repeat(60) }, short), rowBytes(short, undefined));
  const long = { path: "p".repeat(4020) };
  assert.ok(rowsBytes(Array.from({ length: 100 }, () => ({ ...long }))) > 100 * 4020);
});
