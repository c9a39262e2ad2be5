import assert from "node:assert/strict";
import { TOOLS } from "../tools/mod.ts";
import { restrictionsOf } from "./restrictions.ts";

Deno.test("restrictionsOf() returns the filters and the tier of the command line, escaped", () => {
  const filters = {
    self: false,
    pid: 7,
    ppid: "!8",
    user: "www",
    cgroup: ["/web\x1b", "!/db"],
    comm: "nginx",
  } as const;
  const options = { filters, flags: {}, tier: "kprobe" as const };
  assert.deepEqual(restrictionsOf(TOOLS.slice(0, 2).map((tool) => ({ tool, options }))), {
    pid: 7,
    ppid: "!8",
    user: "www",
    cgroup: ["/web\\x1b", "!/db"],
    comm: "nginx",
    tier: "kprobe",
  });
  const none = { tool: TOOLS[0]!, options: { filters: { self: false }, flags: {} } };
  assert.deepEqual(restrictionsOf([none]), {});
});
