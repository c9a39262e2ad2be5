import assert from "node:assert/strict";
import { parse } from "smol-toml";
import { editToml } from "./edit.ts";

const TEXT = `# my screen
panes = ["filetop"]   # the one I need

[colors]
title = "#6cb6ff" # blue

# for the database
[tools.filetop]
sort = "reads"
filter = "log"
`;

Deno.test("editToml() changes values in place and keeps comments, order and all other values", () => {
  const { text, inPlace } = editToml(TEXT, [
    { path: ["panes"], value: ["vfsstat", "dcstat"] },
    { path: ["interval"], value: 0.5 },
    { path: ["tools", "filetop", "sort"], value: "comm" },
    { path: ["tools", "filetop", "reverse"], value: true },
    { path: ["tools", "filetop", "filter"], value: undefined },
    { path: ["tools", "vfsstat", "filter"], value: 'a "quoted" \\ one' },
    { path: ["tools", "dcstat", "filter"], value: undefined },
  ]);
  assert.equal(inPlace, true);
  assert.equal(
    text,
    `# my screen
panes = ["vfsstat", "dcstat"]   # the one I need
interval = 0.5

[colors]
title = "#6cb6ff" # blue

# for the database
[tools.filetop]
sort = "comm"
reverse = true

[tools.vfsstat]
filter = "a \\"quoted\\" \\\\ one"
`,
  );
});

Deno.test("editToml() returns the same text when nothing changes", () => {
  const changes = [{ path: ["panes"], value: ["filetop"] }, { path: ["theme"], value: undefined }];
  assert.deepEqual(editToml(TEXT, changes), { text: TEXT, inPlace: true });
});

Deno.test("editToml() starts an empty file, and adds a missing newline at the end", () => {
  assert.equal(editToml("", [{ path: ["a"], value: 1 }]).text, "a = 1\n");
  assert.equal(editToml("a = 1", [{ path: ["b"], value: 2 }]).text, "a = 1\nb = 2\n");
  assert.equal(editToml("# only this", [{ path: ["t", "x"], value: 2 }]).text, "# only this\n\n[t]\nx = 2\n");
});

Deno.test("editToml() rewrites the whole file when a value is in an inline table", () => {
  const inline = 'a = 1 # one\ntools = { filetop = { sort = "reads", filter = "x" } }\n';
  for (
    const [value, wanted] of [["comm", { sort: "comm", filter: "x" }], [undefined, { filter: "x" }]] as const
  ) {
    const { text, inPlace } = editToml(inline, [{ path: ["tools", "filetop", "sort"], value }]);
    assert.equal(inPlace, false);
    assert.deepEqual(structuredClone(parse(text)), { a: 1, tools: { filetop: wanted } });
  }
});

Deno.test("editToml() adds a value to an existing table before the next header", () => {
  const text = "[a]\nx = 1\n\n[b]\ny = 2\n";
  assert.equal(editToml(text, [{ path: ["a", "z"], value: 3 }]).text, "[a]\nx = 1\nz = 3\n\n[b]\ny = 2\n");
  assert.equal(editToml(text, [{ path: ["top"], value: 3 }]).text, "top = 3\n\n[a]\nx = 1\n\n[b]\ny = 2\n");
});
