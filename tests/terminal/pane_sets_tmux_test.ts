/**
 * Named sets of panes, in a terminal.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Session } from "./session.ts";

for (const size of [[120, 40], [80, 24]] as const) {
  Deno.test(`T shows a named set; the header names the panes that cannot run, at ${size.join("×")}`, async () => {
    await using session = await Session.startDemo("--figures --every 30000 --history 9", size);
    const { tmux } = session;
    await tmux.shows(/4 runqslower[^]*q Quit/);
    await tmux.keys("T");
    await tmux.shows(/─ Panes ─[^]* files +filetop, vfsstat, opensnoop[^]* cpu +runqlat/);
    await tmux.keys("Down", "Enter");
    await tmux.shows(
      /^ ktop .*\n dcstat, vfscount cannot run on this kernel: execsnoop, vfsstat replace them .*\n.*1 runqlat[^]*2 execsnoop[^]*3 vfsstat/,
    );
    await tmux.shows(/^ ktop .*\n load /);
    await tmux.keys("T", "Up", "Enter");
    await tmux.shows(/1 filetop[^]*2 vfsstat[^]*3 opensnoop/);
    await tmux.keys("q");
    await session.assertRestored();
    assert.match(
      await session.file("stderr"),
      /setTools runqlat dcstat vfscount execsnoop vfsstat, [^]*setTools filetop vfsstat opensnoop, /,
    );
  });
}

Deno.test("on a small terminal the message is above the footer, and the menu takes the screen", async () => {
  await using session = await Session.startDemo("--figures --every 30000 --history 9", [40, 12]);
  const { tmux } = session;
  await tmux.shows(/1 filetop[^]*q Quit/);
  await tmux.keys("T");
  await tmux.shows(/files[^]*cpu/);
  await tmux.keys("Down", "Enter");
  await tmux.shows(/^ ktop .*\n.*1 runqlat[^]*dcstat, vfscount cannot run/);
  await tmux.keys("q");
  await session.assertRestored();
});
