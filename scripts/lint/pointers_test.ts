import assert from "node:assert/strict";
import plugin from "./pointers.ts";

/** Messages of the rule for a source file. */
function lint(path: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, path, source).map(({ message }) => message);
}

Deno.test("ktop/pointers reports each way to native code when a file is outside src/ffi", () => {
  const sources = {
    dlopen: [
      'Deno.dlopen("libc.so.6", {});',
      'Deno["dlopen"]("x", {});',
      "globalThis.Deno.dlopen;",
      "const { dlopen } = Deno;",
    ],
    UnsafePointer: ["Deno.UnsafePointer.of(new Uint8Array(1));"],
    UnsafePointerView: ["new Deno.UnsafePointerView(pointer);"],
    UnsafeCallback: ["const c: Deno.UnsafeCallback | null = null;"],
    PointerValue: ["function f(p: Deno.PointerValue) {}"],
  };
  for (const [member, texts] of Object.entries(sources)) {
    for (const text of texts) {
      for (const path of ["/work/src/tools/filetop.ts", "/work/src/bpf/map.ts"]) {
        assert.deepEqual(lint(path, text), [`Deno.${member} belongs to src/ffi`], text);
      }
    }
  }
});

Deno.test("ktop/pointers reports nothing when a file is inside src/ffi", () => {
  assert.deepEqual(
    lint("/work/src/ffi/libc.ts", 'Deno.dlopen("libc.so.6", {}); let p: Deno.PointerValue;'),
    [],
  );
});

Deno.test("ktop/pointers reports nothing when Deno is used otherwise", () => {
  assert.deepEqual(
    lint("/work/src/tools/filetop.ts", "Deno.readFileSync(path); const { pid } = Deno; other.dlopen();"),
    [],
  );
});
