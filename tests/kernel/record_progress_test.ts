/**
 * What `ktop record` shows on a terminal while it records and at its end.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { RUN_KTOP } from "../support/ktop.ts";
import { shellCommand } from "../support/shell.ts";
import { Tmux } from "../support/tmux.ts";

Deno.test("record on a terminal counts its ticks, and says at its end how to look at them", async () => {
  await using directory = await TemporaryDirectory.make();
  const file = `${directory.path}/ticks.gz`;
  const record = shellCommand([
    Deno.execPath(),
    ...RUN_KTOP,
    "record",
    file,
    "--tools",
    "vfsstat",
    "-i",
    "0.2",
  ]);
  await using tmux = await Tmux.start(120, 10, `${record}; echo "ended with $?"; read -r end`);
  await tmux.shows(/: [3-9] ticks, \S+, \S+\. Ctrl-C stops\./);
  await tmux.keys("C-c");
  const screen = await tmux.shows(/ended with \d+/);
  assert.match(screen, /ended with 0/);
  assert.ok(screen.includes(`\nktop: recorded. ktop replay ${file} shows it.\n`), screen);
});
