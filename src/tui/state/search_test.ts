import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { ALL_TOOLS } from "../../../tests/support/tool_infos.ts";
import { foundOffers } from "./search.ts";

const offer = (name: string, summary: string, searchWords?: string) => ({
  name,
  summary,
  reason: "",
  ...(searchWords === undefined ? {} : { searchWords }),
});
const model = {
  ...new FakeMonitor().model(),
  offers: [
    offer("opensnoop", "open calls, with path and result", "missing enoent"),
    offer("filegone", "files that are removed", "delete unlink rm missing"),
    offer("missing", "a name"),
  ],
};
const found = (search: string): string[] => foundOffers(model, search).map(({ name }) => name);

Deno.test("foundOffers() finds tools by name, summary and search words, those with the word in their name first", () => {
  assert.deepEqual(found("RM"), ["filegone"]);
  assert.deepEqual(found("result"), ["opensnoop"]);
  assert.deepEqual(found("missing"), ["missing", "opensnoop", "filegone"]);
  assert.deepEqual(found("missing removed"), ["filegone"]);
  assert.deepEqual(found("nothing at all"), []);
  assert.equal(found("").length, 3);
});

Deno.test("foundOffers() lists tools by how early their search words have the first word", () => {
  const tools = {
    ...model,
    offers: ALL_TOOLS.map((tool) => offer(tool.name, tool.summary, tool.searchWords)),
  };
  const names = foundOffers(tools, "Delete").map(({ name }) => name);
  assert.deepEqual(names.slice(0, 2), ["filegone", "filelife"]);
});
