import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import { assertUsed, parseSetting } from "./tool_settings.ts";

Deno.test("parseSetting() collects flags of tools, with values of their kind", () => {
  const texts = ["readpath.call=write", "runqslower.min-us=1000", "opensnoop.failed", "opensnoop.name=a=b"];
  const set = texts.reduce(
    (before, text) => parseSetting(text, before),
    parseSetting("dirtop.directories=/var"),
  );
  const values = [...set].map((
    [name, { flags }],
  ) => [name, [...flags].map(([flag, { value }]) => [flag, value])]);
  assert.deepEqual(values, [
    ["dirtop", [["directories", "/var"]]],
    ["readpath", [["call", "write"]]],
    ["runqslower", [["min-us", 1000]]],
    ["opensnoop", [["failed", true], ["name", "a=b"]]],
  ]);
  assertUsed(set, ["dirtop", "readpath", "runqslower", "opensnoop"], "recorded");
  assert.throws(() => assertUsed(set, ["readpath"], "recorded"), {
    message: "--set names dirtop, which is not recorded.",
  });
});

for (
  const [text, message] of [
    ["readpat.call=write", 'Unknown tool "readpat".'],
    ["readpath", 'Unknown flag of readpath "".'],
    ["readpath.cal=write", 'Unknown flag of readpath "cal".'],
    ["readpath.call=writ", 'Unknown value of readpath.call "writ".'],
    ["readpath.call", "--set readpath.call needs a value: readpath.call=VALUE."],
    ["readpath.folded", "--set readpath.folded changes only how rows are printed."],
    ["opensnoop.failed=1", "--set opensnoop.failed is a switch: true or false."],
  ] as const
) {
  Deno.test(`parseSetting() refuses ${text}`, () => {
    assert.throws(() => parseSetting(text), (error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.message, message);
      return true;
    });
  });
}
