/**
 * The figures of the whole machine in the header, in a terminal.
 *
 * @module
 */
import { Session } from "./session.ts";

Deno.test("the header has a second line with pressure, network and disks, also of the past", async () => {
  await using session = await Session.startDemo("--figures --every 30000 --history 9");
  const { tmux } = session;
  await tmux.shows(
    /^ ktop .*\n load .* pressure cpu 9% io 12\/<0\.1% mem 0\/0% {2}net\/s 9K in 4\.5K out {2}disk\/s 0B read 18K/m,
  );
  await tmux.keys("[", "[");
  await tmux.shows(/^ ktop .* PAUSED .*\n load .* pressure cpu 7% .* net\/s 7K in 3\.5K out /m);
  await tmux.keys("?", "/", "psi");
  await tmux.shows(/pressure stall information/);
  await tmux.keys("C-c");
  await session.assertRestored();
});

Deno.test("a narrow terminal keeps pressure, network and disks; a small one has one line", async () => {
  await using narrow = await Session.startDemo("--figures --every 30000 --history 9", [80, 24]);
  await narrow.tmux.shows(
    /^ load 0\.42 {2}psi cpu 9% io 12\/<1% mem 0\/0% {5}net\/s 9K\/4\.5K {4}disk\/s 0B\/18K$/m,
  );
  await narrow.tmux.keys("q");
  await narrow.assertRestored();
  await using small = await Session.startDemo("--figures --every 30000 --history 9", [40, 12]);
  await small.tmux.shows(/^ ktop .*\n.*1 filetop/);
  await small.tmux.keys("q");
  await small.assertRestored();
});
