import assert from "node:assert/strict";
import { nameMatcher } from "./expand.ts";

Deno.test("nameMatcher() matches *, ? and classes, and a leading dot only by a dot", () => {
  const cases: [pattern: string, names: string[], others: string[]][] = [
    ["*", ["a", "a.b", "ü"], [".a", ""]],
    ["a*", ["a", "ab"], ["b", "ba"]],
    ["*a*b*", ["ab", "xaxbx", "aab"], ["ba", "a"]],
    ["?", ["a", "🧨"], ["ab", "."]],
    [".*", [".a", "."], ["a"]],
    ["[ab]x", ["ax", "bx"], ["cx", "x"]],
    ["[a-c]", ["b"], ["d", "-"]],
    ["[!a-c]", ["d"], ["b"]],
    ["[^a]", ["b"], ["a"]],
    ["[]a]", ["]", "a"], ["b"]],
    ["[a", ["[a"], ["a"]],
    ["(a|b)+", ["(a|b)+"], ["a"]],
  ];
  for (const [pattern, names, others] of cases) {
    const matches = nameMatcher(pattern);
    for (const name of names) assert.ok(name === "" || matches(name), `${pattern} matches ${name}`);
    for (const name of others) assert.ok(!matches(name) || name === "", `${pattern} does not match ${name}`);
  }
});

Deno.test("nameMatcher() compares a long name with many stars in a number of steps that does not explode", () => {
  assert.equal(nameMatcher("*a".repeat(100) + "*b")("a".repeat(255)), false);
});
