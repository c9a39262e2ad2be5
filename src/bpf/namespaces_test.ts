import assert from "node:assert/strict";
import { cgroupDepth } from "./namespaces.ts";

Deno.test("cgroupDepth() counts from the root of the namespace, upwards too", () => {
  const depths = ["/", "/a", "/a/b.slice", "/..", "/../..", "/../sibling", "/../../a"].map(cgroupDepth);
  assert.deepEqual(depths, [0, 1, 2, -1, -2, 0, -1]);
});
