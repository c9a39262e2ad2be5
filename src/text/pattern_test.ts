import assert from "node:assert/strict";
import { loadPatterns, Pattern, PatternError } from "./pattern.ts";

await loadPatterns();

/** Patterns that JavaScript reads the same way, by code points. */
const PATTERNS = [
  "nginx",
  "^/var/",
  "\\.log$",
  "a.c",
  "a*b+c?",
  "(?:ab|cd)+e",
  "x{2,3}y",
  "x{2}",
  "x{2,}z",
  "[a-c0-9_-]+$",
  "[^/]+\\.so(\\.\\d+)*",
  "\\bcat\\b",
  "\\Bcat",
  "^$",
  "^a|b$",
  "\\w+\\s\\W",
  "日+本?",
  "a+?b",
  "()*x",
  "(a*)*b",
  "(a|a)*$",
  "[\\d.]+",
  "\\x41\\u0062",
  "[\\]]",
  "e\\/f",
];
const TEXTS = [
  "",
  "nginx",
  "/usr/sbin/NGINX: worker",
  "/var/log/x.log",
  "abc",
  "aabbcc",
  "ababcde",
  "xxxy",
  "xxz",
  "libc.so.6",
  "the cat sat",
  "concat",
  "日日本",
  "a b",
  "10.0.0.1",
  "]",
  "E/F",
  "🙂a🙂c",
  "aaaaaaaaaaaaaaaaaaab",
];

Deno.test("Pattern.test() finds what JavaScript's regular expressions find, for the syntax both support", () => {
  for (const source of PATTERNS) {
    for (const ignoreCase of [true, false]) {
      const own = new Pattern(source, { ignoreCase });
      const reference = new RegExp(source.replaceAll("_-]", "_\\-]"), ignoreCase ? "isu" : "su");
      for (const text of TEXTS) {
        assert.equal(own.test(text), reference.test(text), `/${source}/ in "${text}"`);
      }
    }
  }
});

Deno.test("Pattern() respects case unless ignoreCase is set", () => {
  assert.equal(new Pattern("nginx").test("NGINX"), false);
  assert.equal(new Pattern("nginx", { ignoreCase: true }).test("NGINX"), true);
  assert.equal(new Pattern("ÄRGER", { ignoreCase: true }).test("ärger"), true);
});

Deno.test("Pattern() refuses a text that is not a pattern, or needs memory of the text, and names the part", () => {
  const refused: readonly [string, string][] = [
    ["(", "missing closing )"],
    [")", "unexpected )"],
    ["[a", "missing closing ]: [a"],
    ["*a", "missing argument to repetition operator: *"],
    ["a\\", "trailing backslash at end of expression"],
    ["[z-a]", "invalid character class range: z-a"],
    ["x{3,2}", "invalid repeat count: {3,2}"],
    ["(?=a)", "invalid or unsupported Perl syntax: (?="],
    ["(?<=a)b", "invalid named capture: (?<=a)b"],
    ["(a)\\1", "invalid escape sequence: \\1"],
    ["a**", "invalid nested repetition operator: **"],
    ["x{3000}", "invalid repeat count: {3000}"],
    ["(((){1000}){1000}){1000}", "expression too large"],
    ["x{1000}y{1000}", "expression too large"],
  ];
  for (const [source, message] of refused) {
    assert.throws(() => new Pattern(source), (error) => {
      assert.ok(error instanceof PatternError);
      assert.equal(error.message, message);
      return true;
    });
  }
});

Deno.test("Pattern.test() needs linear time for patterns that take JavaScript exponential time", () => {
  const text = "a".repeat(5000);
  for (const source of ["(a+)+b", "(a|a)*b", "(a|aa)+$b", "a*a*a*a*a*a*b", "(.*)*x", "(a?){200}a{200}b"]) {
    const pattern = new Pattern(source);
    pattern.beginEvaluation();
    assert.equal(pattern.test(text), false);
    assert.equal(pattern.exhausted, false, source);
  }
});

Deno.test("Pattern.test() finds the end of a command line, and searches only the start of a text beyond its bound", () => {
  const pattern = new Pattern("b$");
  assert.equal(pattern.test("a".repeat(100_000) + "b"), true);
  assert.equal(pattern.test("a".repeat(4_000_000) + "b"), false);
});

Deno.test("Pattern.test() stops when the evaluation is out of time, and beginEvaluation() allows the next one", () => {
  const pattern = new Pattern(`(a|b)*a${"(a|b)".repeat(40)}c`);
  let state = 1;
  const letters = (): string =>
    Array.from({ length: 8000 }, () => {
      state = Math.imul(state, 1103515245) + 12345 >>> 0;
      return state >>> 20 & 1 ? "a" : "b";
    }).join("");
  pattern.beginEvaluation();
  for (let i = 0; i < 400 && !pattern.exhausted; i++) assert.equal(pattern.test(letters()), false);
  assert.equal(pattern.exhausted, true);
  assert.equal(pattern.test("ac"), false);
  pattern.beginEvaluation();
  assert.equal(pattern.test(`a${"b".repeat(40)}c`), true);
});
