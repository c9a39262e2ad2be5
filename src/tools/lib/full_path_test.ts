import assert from "node:assert/strict";
import { textColumns } from "../../model/mod.ts";
import { filegone } from "../filegone/mod.ts";
import { filelife } from "../filelife/mod.ts";
import { fileslower } from "../fileslower/mod.ts";
import type { Tool } from "../tool.ts";
import { withColumnsFor } from "./columns_for.ts";
import { fullPathConstants } from "./full_path.ts";

/** Titles in text with the flag, and without. */
const shown = <S>(tool: Tool<S>, isFull: boolean): string[] =>
  textColumns(withColumnsFor(tool, { filters: { self: false }, flags: { "full-path": isFull } }), true)
    .map(({ title }) => title);

Deno.test("withFullPath() shows paths instead of names and directories", () => {
  assert.equal(shown(fileslower, false).at(-1), "FILENAME");
  assert.equal(shown(fileslower, true).at(-1), "PATH");
  assert.deepEqual(shown(filelife, false).slice(-2), ["FILE", "DIR"]);
  assert.deepEqual(shown(filelife, true).slice(-2), ["AGE(s)", "PATH"]);
  assert.deepEqual(shown(filegone, true).slice(-3), ["ACTION", "PATH", "NEW_PATH"]);
});

Deno.test("fullPathConstants() switches the walk on with the flag alone", () => {
  const constants = (isFull: boolean) =>
    fullPathConstants({ filters: { self: false }, flags: { "full-path": isFull } });
  assert.deepEqual(constants(false), {});
  assert.equal(constants(true).full_path, true);
});
