/**
 * `ktop replay` as text.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ktop } from "../support/ktop.ts";

/** The panes in a text, each with its title. */
const panesOf = (text: string): string[] => text.split(/\n\n+/).filter((part) => part.startsWith("== "));

Deno.test("ktop replay FILE TOOL prints what -b prints of this tool, and of no other", async () => {
  const all = panesOf((await ktop(["replay", "--demo", "-b"])).stdout);
  const ofFiletop = all.filter((pane) => pane.startsWith("== filetop "));
  assert.ok(ofFiletop.length > 10 && ofFiletop.length < all.length);
  for (const args of [["filetop"], ["filetop", "-b"]]) {
    const { code, stdout, stderr } = await ktop(["replay", "--demo", ...args]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(panesOf(stdout), ofFiletop);
  }
});
