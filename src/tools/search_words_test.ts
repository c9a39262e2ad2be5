import assert from "node:assert/strict";
import { DISTINCT_TOOLS } from "./mod.ts";

Deno.test("tools are found by the words of someone who does not know their names", () => {
  for (
    const [word, name] of [
      ["delete", "filegone"],
      ["rm", "filegone"],
      ["unlink", "filelife"],
      ["enoent", "opensnoop"],
      ["not found", "statsnoop"],
      ["slowest", "biosnoop"],
      ["iostat", "biolatency"],
      ["fork", "execsnoop"],
      ["short", "execsnoop"],
      ["iotop", "filetop"],
      ["connection refused", "tcpconnect"],
      ["who connects", "tcpaccept"],
      ["bandwidth", "nettop"],
      ["nethogs", "nettop"],
      ["hit ratio", "cachestat"],
    ] as const
  ) {
    const tool = DISTINCT_TOOLS.find((tool) => tool.name === name)!;
    assert.ok(tool.searchWords?.includes(word), `${name}: ${word}`);
  }
});

Deno.test("each tool has search words in lower case", () => {
  for (const { name, searchWords } of DISTINCT_TOOLS) assert.match(searchWords ?? "", /^[a-z0-9 -]+$/, name);
});
