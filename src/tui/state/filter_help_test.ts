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
