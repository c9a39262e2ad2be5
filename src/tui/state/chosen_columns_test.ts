import assert from "node:assert/strict";
import { OneTool } from "../../../tests/support/one_tool.ts";
import { ALL_TOOLS } from "../../../tests/support/tool_infos.ts";
import { textColumns } from "../../model/mod.ts";
import { isShown, screenTool, withColumns } from "./chosen_columns.ts";

const titles = (name: string): string[] =>
  textColumns(ALL_TOOLS.find((tool) => tool.name === name)!, false).map(({ title }) => title);

Deno.test("a pane shows the time of day where the text has BCC's seconds since the start", () => {
  for (const name of ["biosnoop", "fileslower", "dcsnoop"]) {
    assert.ok(titles(name).includes("TIME(s)") && !titles(name).includes("TIME"), name);
    const text = new OneTool(name).tick([{ comm: "dd", time_s: 67.06 }]).lines.join("\n");
    assert.match(text, / TIME▼? /, name);
    assert.doesNotMatch(text, /TIME\(s\)|67\.06/, name);
    assert.match(text, / \d\d:\d\d:00 /, name);
  }
});

Deno.test("a pane of execsnoop has the end of a program before its arguments", () => {
  const tool = ALL_TOOLS.find(({ name }) => name === "execsnoop")!;
  const keys = withColumns(tool, { exit: true, dur_ms: true }).columns.filter(isShown).map(({ key }) => key);
  assert.deepEqual(keys, ["comm", "pid", "ppid", "ret", "exit", "dur_ms", "args"]);
  assert.equal(screenTool(tool), screenTool(tool));
});
