import assert from "node:assert/strict";
import deno from "../../deno.json" with { type: "json" };
import { licensesText } from "./licenses.ts";

Deno.test("licensesText() names every embedded component and appends each text once", () => {
  const asked: string[] = [];
  const text = licensesText((name) => {
    asked.push(name);
    return `<text of ${name}>\n`;
  });
  for (
    const part of [
      "ktop",
      "Deno 2.4.2",
      "V8",
      "libbpf",
      "libelf",
      "zlib",
      ...Object.keys(deno.imports),
    ]
  ) {
    assert.match(text, new RegExp(`^${part}`, "m"));
  }
  assert.equal(new Set(asked).size, asked.length);
  for (const name of asked) assert.equal(text.split(`<text of ${name}>`).length, 2);
  assert.ok(text.endsWith(">\n"));
});
