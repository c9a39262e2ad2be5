import assert from "node:assert/strict";
import { Pattern, PatternError } from "./pattern.ts";

/** Patterns that JavaScript reads the same way, without regard to case and by code points. */
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

Deno.test("Pattern.test() finds what JavaScript's regular expressions find, for the syntax it knows", () => {
  for (const source of PATTERNS) {
    const own = new Pattern(source);
    const reference = new RegExp(source.replaceAll("_-]", "_\\-]"), "iu");
    for (const text of TEXTS) assert.equal(own.test(text), reference.test(text), `/${source}/ in "${text}"`);
  }
});

Deno.test("Pattern() refuses what is no pattern, and what it cannot do, in words", () => {
  const refused: readonly [string, RegExp][] = [
    ["(", /\) is missing/],
    [")", /\) too many/],
    ["[a", /\] is missing/],
    ["*a", /nothing before \*/],
    ["a\\", /nothing after/],
    ["[z-a]", /backwards/],
    ["x{3,2}", /backwards/],
    ["(?=a)", /\(\?:/],
    ["(a)\\1", /\\1 is not known/],
    ["\\u00g1", /hexadecimal/],
    ["x{3000}", /too long/],
    ["(((){1000}){1000}){1000}", /too long/],
  ];
  for (const [source, says] of refused) {
    assert.throws(
      () => new Pattern(source),
      (error) => error instanceof PatternError && says.test(error.message),
    );
  }
});

Deno.test("Pattern.test() follows patterns that take JavaScript forever, by following all ways at once", () => {
  const text = "a".repeat(5000);
  for (const source of ["(a+)+b", "(a|a)*b", "(a|aa)+$b", "a*a*a*a*a*a*b", "(.*)*x", "(a?){200}a{200}b"]) {
    const pattern = new Pattern(source);
    assert.equal(pattern.test(text), false);
    assert.equal(pattern.spent, false, source);
  }
});

Deno.test("Pattern.test() gives up when its allowance is spent, and begins anew after refill()", () => {
  const pattern = new Pattern(`(a|b)*a${"(a|b)".repeat(40)}c`);
  let state = 1;
  const letters = (): string =>
    Array.from({ length: 8000 }, () => {
      state = Math.imul(state, 1103515245) + 12345 >>> 0;
      return state >>> 20 & 1 ? "a" : "b";
    }).join("");
  for (let i = 0; i < 400 && !pattern.spent; i++) assert.equal(pattern.test(letters()), false);
  assert.equal(pattern.spent, true);
  assert.equal(pattern.test("ac"), false);
  pattern.refill();
  assert.equal(pattern.test(`a${"b".repeat(40)}c`), true);
});
