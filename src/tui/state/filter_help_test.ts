import assert from "node:assert/strict";
import { ALL_TOOLS } from "../../../tests/support/tool_infos.ts";
import { loadPatterns } from "../../text/mod.ts";
import { parseToolFilter } from "./filter.ts";
import { filterHelp } from "./filter_help.ts";

for (const tool of ALL_TOOLS) {
  Deno.test(`the help for filters of ${tool.name} has only filters that this tool accepts`, async () => {
    await loadPatterns();
    const forms = filterHelp(tool).map(([form]) => form);
    assert.ok(forms.length >= 3);
    for (const form of forms) assert.equal(parseToolFilter(form, tool).problem, null, form);
    assert.equal(new Set(forms).size, forms.length, forms.join("  "));
  });
}

Deno.test("the help for filters compares durations with a duration, not with the time of an event", () => {
  const form = (name: string): string | undefined => {
    const tool = ALL_TOOLS.find((one) => one.name === name)!;
    return filterHelp(tool).map(([text]) => text).find((text) => /^[a-z_]+>/.test(text));
  };
  assert.equal(form("biosnoop"), "lat_ms>10ms");
  assert.equal(form("runqslower"), "lat_us>10ms");
  assert.equal(form("offcputime"), "time_us>10ms");
  for (const { name } of ALL_TOOLS) assert.doesNotMatch(form(name) ?? "", /^time(_s)?>/);
});
