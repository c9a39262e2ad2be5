import assert from "node:assert/strict";
import { replacementText } from "./replacements.ts";

Deno.test("replacementText() names every replaced tool in one line", () => {
  assert.equal(replacementText([]), null);
  assert.equal(
    replacementText([{ tool: "dcstat", by: "biolatency" }]),
    "dcstat cannot run on this kernel: biolatency replaces it (t: all tools)",
  );
  assert.equal(
    replacementText([{ tool: "a", by: "b" }, { tool: "c", by: "d" }]),
    "a, c cannot run on this kernel: b, d replace them (t: all tools)",
  );
});
