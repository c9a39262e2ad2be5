/**
 * Runs of the screen that end by themselves.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Tmux } from "../support/tmux.ts";
import { KTOP, Session } from "./session.ts";

for (const how of ["--duration 1.5", "--count 3 -i 0.5"]) {
  Deno.test(`ktop ${how} shows the screen for that long and exits with 0`, async () => {
    const command = `${KTOP} --panes vfsstat ${how}; echo ended with $?; exec cat`;
    await using tmux = await Tmux.start(80, 24, command);
    await tmux.shows(/1 vfsstat/);
    await tmux.shows(/^ended with 0$/m);
  });
}

Deno.test("ktop that cannot drop its capabilities restores the terminal, prints one sentence and exits with 1", async () => {
  // Reading /proc/PID/mem from its start fails with EIO, and so does reading the mounts.
  const start = `mount --bind /proc/$$/mem /proc/$$/mountinfo && exec ${KTOP} --no-config --panes vfsstat\n`;
  await using session = await Session.start('unshare -m sh "$dir/start"', { files: { start } });
  await session.assertRestored(1);
  assert.match(await session.file("stderr"), /^ktop: [^\n]*mountinfo[^\n]*\n$/);
});
