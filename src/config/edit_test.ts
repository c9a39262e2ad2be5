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

Deno.test("editToml() changes values in place and keeps comments, order and what it was not told of", () => {
  const { text, kept } = editToml(TEXT, [
    { path: ["panes"], value: ["vfsstat", "dcstat"] },
    { path: ["interval"], value: 0.5 },
    { path: ["tools", "filetop", "sort"], value: "comm" },
    { path: ["tools", "filetop", "reverse"], value: true },
    { path: ["tools", "filetop", "filter"], value: undefined },
    { path: ["tools", "vfsstat", "filter"], value: 'a "quoted" \\ one' },
    { path: ["tools", "dcstat", "filter"], value: undefined },
  ]);
  assert.equal(kept, true);
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

Deno.test("editToml() leaves the text as it is when nothing changes", () => {
  const changes = [{ path: ["panes"], value: ["filetop"] }, { path: ["theme"], value: undefined }];
  assert.deepEqual(editToml(TEXT, changes), { text: TEXT, kept: true });
});

Deno.test("editToml() begins a file, and ends a last line that had no end", () => {
  assert.equal(editToml("", [{ path: ["a"], value: 1 }]).text, "a = 1\n");
  assert.equal(editToml("a = 1", [{ path: ["b"], value: 2 }]).text, "a = 1\nb = 2\n");
  assert.equal(editToml("# only this", [{ path: ["t", "x"], value: 2 }]).text, "# only this\n\n[t]\nx = 2\n");
});

Deno.test("editToml() writes the whole anew when a value cannot be changed where it stands", () => {
  const inline = 'a = 1 # one\ntools = { filetop = { sort = "reads", filter = "x" } }\n';
  for (
    const [value, wanted] of [["comm", { sort: "comm", filter: "x" }], [undefined, { filter: "x" }]] as const
  ) {
    const { text, kept } = editToml(inline, [{ path: ["tools", "filetop", "sort"], value }]);
    assert.equal(kept, false);
    assert.deepEqual(structuredClone(parse(text)), { a: 1, tools: { filetop: wanted } });
  }
});

Deno.test("editToml() puts a value into the table that is there when others follow it", () => {
  const text = "[a]\nx = 1\n\n[b]\ny = 2\n";
  assert.equal(editToml(text, [{ path: ["a", "z"], value: 3 }]).text, "[a]\nx = 1\nz = 3\n\n[b]\ny = 2\n");
  assert.equal(editToml(text, [{ path: ["top"], value: 3 }]).text, "top = 3\n\n[a]\nx = 1\n\n[b]\ny = 2\n");
});
