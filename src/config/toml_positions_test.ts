import assert from "node:assert/strict";
import { findPositions, lineOf } from "./toml_positions.ts";

const TEXT = `# a comment = with an equals sign
a = 1 # after

b.c = "x # no comment \\" = "
[t]
  d = [ # one
    "]", # two
  ]
"e \\u0066" = '''
[no.table]
g = 1'''''
[ "t.u" . v ] # end
h = { i = 1, j = [2] }
long = """
\\""" still
"""
quoted = """x""""
last = 1
`;

Deno.test("findPositions() finds each statement once when values hold what looks like syntax", () => {
  const { statements, headers } = findPositions(TEXT);
  const found = statements.map(({ path, line, valueStart, valueEnd }) =>
    [path.join("/"), line, TEXT.slice(valueStart, valueEnd)] as const
  );
  assert.deepEqual(found, [
    ["a", 2, "1"],
    ["b/c", 4, '"x # no comment \\" = "'],
    ["t/d", 6, '[ # one\n    "]", # two\n  ]'],
    ["t/e f", 9, "'''\n[no.table]\ng = 1'''''"],
    ["t.u/v/h", 13, "{ i = 1, j = [2] }"],
    ["t.u/v/long", 14, '"""\n\\""" still\n"""'],
    ["t.u/v/quoted", 17, '"""x""""'],
    ["t.u/v/last", 18, "1"],
  ]);
  assert.deepEqual(headers.map(({ path, line }) => [path.join("/"), line]), [["t", 5], ["t.u/v", 12]]);
});

Deno.test("lineOf() returns the line of the enclosing table or value if a value has no statement", () => {
  const positions = findPositions(TEXT);
  assert.equal(lineOf(positions, ["t.u", "v", "h", "i"]), 13);
  assert.equal(lineOf(positions, ["t.u", "v"]), 12);
  assert.equal(lineOf(positions, ["t.u"]), 12);
  assert.equal(lineOf(positions, ["t", "missing"]), 5);
  assert.equal(lineOf(positions, ["missing"]), 1);
});
