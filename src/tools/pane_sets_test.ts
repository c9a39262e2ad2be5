import assert from "node:assert/strict";
import { DEFAULT_PANES, PANE_SETS, TOOLS } from "./mod.ts";
import { MAX_SET_PANES } from "../model/mod.ts";
import { paneSetsOf } from "./pane_sets.ts";

const named = (...names: string[]) => names.map((name) => ({ name }));

Deno.test("every set has one to six panes of tools that exist, each once", () => {
  const known = new Set(TOOLS.map(({ name }) => name));
  assert.ok(PANE_SETS.length >= 3);
  for (const { name, tools, spares } of PANE_SETS) {
    const all = [...tools, ...spares];
    assert.ok(tools.length >= 1 && tools.length <= MAX_SET_PANES, name);
    assert.deepEqual(all.filter((tool) => !known.has(tool)), [], name);
    assert.equal(new Set(all).size, all.length, name);
  }
});

Deno.test("there are five sets, and the default screen is none of them", () => {
  assert.deepEqual(PANE_SETS.map(({ name }) => name), ["files", "disk", "net", "cpu", "memory"]);
  assert.deepEqual(DEFAULT_PANES, ["filetop", "vfsstat", "dcstat", "runqslower"]);
});

Deno.test("a set whose tools do not exist is not offered; it appears with the first of them", () => {
  const namesOf = (...tools: string[]): string[] => paneSetsOf(named(...tools)).map(({ name }) => name);
  assert.deepEqual(namesOf("filetop", "dcstat", "runqlat"), ["files", "disk", "cpu"]);
  assert.ok(namesOf("tcpretrans").includes("net"));
  assert.ok(!namesOf("filetop", "dcstat").includes("memory"));
  assert.ok(namesOf("filetop", "dcstat", "cachestat").includes("memory"));
});

Deno.test("the tools of a set are shown in the order of preference, the others are its spares", () => {
  const [net] = paneSetsOf(named("tcpaccept", "tcpconnect", "tcplife", "tcpretrans", "nettop"));
  assert.deepEqual(net?.tools, ["nettop", "tcplife", "tcpretrans", "tcpconnect"]);
  assert.deepEqual(net?.spares, ["tcpaccept"]);
});
