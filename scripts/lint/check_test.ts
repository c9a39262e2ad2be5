import assert from "node:assert/strict";
import { check, cycles, roomOf } from "./check.ts";
import { ROOMS } from "./rooms.ts";

/** Violations of a tree with these files, as "rule path: text". */
function violations(files: Record<string, string>): string[] {
  return check(new Map(Object.entries(files))).map(({ rule, path, text }) => `${rule} ${path}: ${text}`);
}

Deno.test("ROOMS allows a room only rooms above it in the table", () => {
  const names = Object.keys(ROOMS);
  for (const [index, name] of names.entries()) {
    for (const allowed of ROOMS[name]!) {
      assert.ok(names.indexOf(allowed) !== -1 && names.indexOf(allowed) < index, `${name} → ${allowed}`);
    }
  }
});

Deno.test("roomOf() finds the room of a file by its folder", () => {
  const rooms = {
    "main.ts": "main.ts",
    "src/errors.ts": "errors",
    "src/text/width.ts": "text",
    "src/tools/filetop/mod.ts": "tools",
    "src/tui/app.ts": "tui",
    "src/tui/mod.ts": "tui",
    "src/tui/canvas/themes/dark.ts": "tui/canvas",
    "tests/support/ktop.ts": null,
    "scripts/demo.ts": null,
  };
  for (const [path, room] of Object.entries(rooms)) assert.equal(roomOf(path), room, path);
});

Deno.test("check() accepts imports that go down through mod.ts, and support for tests", () => {
  assert.deepEqual(
    violations({
      "main.ts": 'import { main } from "./src/cli/mod.ts";',
      "src/tools/mod.ts":
        'import { KtopError } from "../errors.ts";\nimport { escape } from "../text/mod.ts";',
      "src/tools/filetop/mod.ts":
        'import { layout } from "./layout.gen.ts";\nimport { records } from "../lib/records.ts";',
      "src/tools/filetop/mod_test.ts": 'import { fake } from "../../../tests/support/fake.ts";',
      "src/tui/view/mod.ts":
        'import { Region } from "../canvas/mod.ts";\nimport type { Model } from "../../monitor/mod.ts";',
      "src/tui/app.ts": 'import { view } from "./view/mod.ts";',
      "src/cli/version.ts": 'import configuration from "../../deno.json" with { type: "json" };',
      "tests/terminal/look_test.ts": 'import { arrange } from "../../src/tui/layout/arrange.ts";',
    }),
    [],
  );
});

Deno.test("check() reports each form of an import that goes up", () => {
  const forms = [
    'import { tools } from "../tools/mod.ts";',
    'import {\n  type A,\n  b,\n} from "../tools/mod.ts";',
    'import type { Tool } from "../tools/mod.ts";',
    'import * as tools from "../tools/mod.ts";',
    'import "../tools/mod.ts";',
    'export { tools } from "../tools/mod.ts";',
    'export * from "../tools/mod.ts";',
    'const tools = await import("../tools/mod.ts");',
    'type Tool = import("../tools/mod.ts").Tool;',
    'new Worker(new URL("../tools/mod.ts", import.meta.url), { type: "module" });',
  ];
  for (const form of forms) {
    assert.deepEqual(violations({ "src/text/width.ts": form }), [
      "edge src/text/width.ts: text → tools: src/tools/mod.ts",
    ], form);
  }
});

Deno.test("check() ignores imports in comments", () => {
  assert.deepEqual(
    violations({
      "src/text/width.ts":
        '/** Use it so:\n *     import { tools } from "../tools/mod.ts";\n */\nconst a = "//"; // import "../cli/mod.ts";',
    }),
    [],
  );
});

Deno.test("check() reports an upward import between the rooms of tui, and one from a room into its app", () => {
  assert.deepEqual(
    violations({
      "src/tui/state/ui.ts": 'import { view } from "../view/mod.ts";',
      "src/tui/canvas/grid.ts": 'import { run } from "../mod.ts";',
    }),
    [
      "edge src/tui/state/ui.ts: tui/state → tui/view: src/tui/view/mod.ts",
      "edge src/tui/canvas/grid.ts: tui/canvas → tui: src/tui/mod.ts",
    ],
  );
});

Deno.test("check() reports a room that is not in the table", () => {
  assert.deepEqual(violations({ "src/fleet/mod.ts": 'import { main } from "../cli/mod.ts";' }), [
    "edge src/fleet/mod.ts: fleet → cli: src/cli/mod.ts",
  ]);
});

Deno.test("check() reports imports of another room's files behind its mod.ts", () => {
  assert.deepEqual(
    violations({
      "src/tools/tool.ts": 'import { RingBuffer } from "../bpf/ring_buffer.ts";',
      "src/config/keys.ts": 'import { bindings } from "../tui/state/mod.ts";',
      "src/tui/app.ts": 'import { Grid } from "./canvas/grid.ts";',
    }),
    [
      "door src/tools/tool.ts: src/bpf/ring_buffer.ts",
      "door src/config/keys.ts: src/tui/state/mod.ts",
      "door src/tui/app.ts: src/tui/canvas/grid.ts",
    ],
  );
});

Deno.test("check() reports a unit test that imports terminal tests, and code that imports tests or scripts", () => {
  assert.deepEqual(
    violations({
      "src/tui/setup_test.ts": 'import { Emulator } from "../../tests/terminal/emulator.ts";',
      "src/tui/setup.ts": 'import { fake } from "../../tests/support/fake.ts";',
      "src/cli/demo.ts": 'import { demo } from "../../scripts/demo.ts";',
    }),
    [
      "outside src/tui/setup_test.ts: tests/terminal/emulator.ts",
      "outside src/tui/setup.ts: tests/support/fake.ts",
      "outside src/cli/demo.ts: scripts/demo.ts",
    ],
  );
});

Deno.test("check() reports an import cycle, also one of types only", () => {
  assert.deepEqual(
    violations({
      "src/text/a.ts": 'import type { B } from "./b.ts";',
      "src/text/b.ts": 'import { c } from "./c.ts";',
      "src/text/c.ts": 'import { a } from "./a.ts";\nimport { d } from "./d.ts";',
      "src/text/d.ts": 'import { d } from "./d.ts";',
    }),
    ["cycle src/text/a.ts: src/text/b.ts → src/text/c.ts", "cycle src/text/d.ts: itself"],
  );
});

Deno.test("cycles() finds no cycle if two paths only join", () => {
  assert.deepEqual(cycles(new Map([["a", ["b", "c"]], ["b", ["d"]], ["c", ["d"]], ["d", []]])), []);
});

Deno.test("check() reports each way to a pointer outside src/ffi", () => {
  const ways = {
    'Deno.dlopen("libc.so.6", {});': "Deno.dlopen",
    'Deno["dlopen"]("x", {});': "Deno.dlopen",
    "globalThis.Deno.dlopen;": "Deno.dlopen",
    "const { dlopen } = Deno;": "Deno.dlopen",
    "new Deno.UnsafePointerView(pointer);": "Deno.UnsafePointerView",
    "const c: Deno.UnsafeCallback | null = null;": "Deno.UnsafeCallback",
    "function f(p: Deno.PointerValue) {}": "Deno.PointerValue",
    'import { bpf, type Handle } from "../ffi/mod.ts";': "Handle",
  };
  for (const [source, text] of Object.entries(ways)) {
    assert.deepEqual(violations({ "src/bpf/map.ts": source }), [`pointer src/bpf/map.ts: ${text}`], source);
  }
  assert.deepEqual(
    violations({ "src/ffi/libc.ts": Object.keys(ways).join("\n"), "tests/kernel/a_test.ts": "Deno.dlopen;" }),
    [],
  );
  assert.deepEqual(
    violations({ "src/bpf/map.ts": "const { pid } = Deno; other.dlopen(); Deno.readFile(path);" }),
    [],
  );
});

Deno.test("check() reports byte offsets outside src/ffi, the base of the generated readers and tests", () => {
  const reads = "view.getUint32(4, true); view.getUint32(8, true); view.setBigInt64(0, 1n);";
  assert.deepEqual(
    violations({
      "src/ffi/memory.ts": reads,
      "src/tools/lib/struct.ts": reads,
      "src/tools/filetop/mod_test.ts": reads,
      "src/tools/filetop/mod.ts": reads,
    }),
    ["offset src/tools/filetop/mod.ts: 3 × getUint32, setBigInt64"],
  );
});

Deno.test("check() reports a BPF program that includes another tool's files", () => {
  const own =
    '#include "vmlinux.h"\n#include <bpf/bpf_helpers.h>\n#include "lib/maps.bpf.h"\n#include "filetop.h"\n';
  assert.deepEqual(
    violations({
      "bpf/filetop/filetop.bpf.c": own,
      "bpf/dirtop/dirtop.bpf.c": '#include "filetop/filetop.h"\n# include <stdio.h>\n',
    }),
    [
      'include bpf/dirtop/dirtop.bpf.c: "filetop/filetop.h"',
      "include bpf/dirtop/dirtop.bpf.c: <stdio.h>",
    ],
  );
});

Deno.test("check() reports a tool that imports another tool, but not one that imports tools/lib", () => {
  assert.deepEqual(
    violations({
      "src/tools/dirtop/mod.ts":
        'import { columns } from "../filetop/mod.ts";\nimport { a } from "../lib/a.ts";',
      "src/tools/lib/a.ts": 'import { b } from "../filetop/mod.ts";',
      "src/tools/mod.ts": 'import { filetop } from "./filetop/mod.ts";',
      "src/tools/lib/a_test.ts": 'import { filetop } from "../filetop/mod.ts";',
    }),
    [
      "tool src/tools/dirtop/mod.ts: src/tools/filetop/mod.ts",
      "tool src/tools/lib/a.ts: src/tools/filetop/mod.ts",
    ],
  );
});

Deno.test("check() reports registries' host names in any file, with their lines", () => {
  // In two parts, because this file is checked too.
  const host = "npmjs" + ".org";
  assert.deepEqual(violations({ "README.md": `text\nfrom https://registry.${host}/x\n` }), [
    `registry README.md:2: ${host}`,
  ]);
});

Deno.test("check() reports the path of a URL taken for the path of a file", () => {
  assert.deepEqual(
    violations({ "scripts/demo.ts": `const root = new URL("..", import.meta.url).${"pathname"};` }),
    ["path scripts/demo.ts: pathname"],
  );
});
