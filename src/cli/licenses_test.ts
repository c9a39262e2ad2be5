import assert from "node:assert/strict";
import deno from "../../deno.json" with { type: "json" };
import { licensesText, versionJson } from "./licenses.ts";

const LIBELF = {
  file: "libelf.so.1",
  version: "0.183",
  origin: "Debian-11:libelf1=0.183-1",
  sha256: "bc72a7c0",
};

Deno.test("licensesText() names every embedded component and appends each text once", () => {
  const asked: string[] = [];
  const read = (name: string) => {
    asked.push(name);
    return `<text of ${name}>\n`;
  };
  const text = licensesText({ read, libraries: [] });
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

Deno.test("licensesText() gives version, origin and checksum of each embedded library, and none before a build", () => {
  const read = () => "";
  assert.match(
    licensesText({ read, libraries: [LIBELF] }),
    /^libelf of elfutils\n(?: {2}.*\n)* {2}version: 0\.183 \(Debian-11:libelf1=0\.183-1\)\n {2}sha256: {2}bc72a7c0\n/m,
  );
  assert.doesNotMatch(licensesText({ read, libraries: [] }), /sha256/);
});

Deno.test("versionJson() is one line with the version, and licence, source and checksum of each library", () => {
  const json = versionJson([LIBELF]);
  assert.match(json, /^[^\n]+\n$/);
  const { version, libraries } = JSON.parse(json);
  assert.equal(version, deno.version);
  const [{ source, ...rest }] = libraries;
  assert.match(source, /elfutils/);
  assert.deepEqual(rest, {
    name: "libelf of elfutils",
    license: "LGPL-3.0-or-later (offered as GPL-2.0-or-later OR LGPL-3.0-or-later)",
    ...LIBELF,
  });
});
