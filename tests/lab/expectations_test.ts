import assert from "node:assert/strict";
import { listedTools, tableCases, type ToolExpectation, works } from "./expectations.ts";

const dcstat: ToolExpectation = {
  default: "fentry",
  fentry: "works",
  kprobe: "works",
  tracepoint: "cannot: no tracepoint",
};

Deno.test("works() is false only if the table has a reason", () => {
  assert.deepEqual([works(dcstat, "default"), works(dcstat, "kprobe"), works(dcstat, "tracepoint")], [
    true,
    true,
    false,
  ]);
});

Deno.test("tableCases() checks the list of tools, the chosen tier and each reason", () => {
  assert.deepEqual(
    tableCases({ release: "6.1.", tools: { dcstat } }).map(({ name, cells }) => `${cells} ${name}`),
    [
      "default the table has every tool of ktop list",
      "default chooses fentry",
      "tracepoint cannot: no tracepoint",
    ],
  );
});

Deno.test("listedTools() returns the tools with their aliases", () => {
  const tools = [{ tool: "filetop", aliases: [] }, {
    tool: "fsslower",
    aliases: ["ext4slower", "xfsslower"],
  }];
  assert.deepEqual(listedTools(JSON.stringify({ v: 1, tools })), [
    "filetop",
    "fsslower",
    "ext4slower",
    "xfsslower",
  ]);
});
