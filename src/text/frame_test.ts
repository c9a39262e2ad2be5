import assert from "node:assert/strict";
import { foldedLine, frameText } from "./frame.ts";

Deno.test("frameText() and foldedLine() replace semicolons alike, and foldedLine() also spaces", () => {
  assert.equal(frameText("a;b c;"), "a:b c:");
  assert.equal(foldedLine(["a;b", "LFoo; bar"], 3), "a:b;LFoo:_bar 3");
});
