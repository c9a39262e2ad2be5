/**
 * Runs of the screen that end by themselves.
 *
 * @module
 */
import { Tmux } from "../support/tmux.ts";
import { KTOP } from "./session.ts";

for (const how of ["--duration 1.5", "--count 3 -i 0.5"]) {
  Deno.test(`ktop ${how} shows the screen for that long and exits with 0`, async () => {
    const command = `${KTOP} --panes vfsstat ${how}; echo ended with $?; exec cat`;
    await using tmux = await Tmux.start(80, 24, command);
    await tmux.shows(/1 vfsstat/);
    await tmux.shows(/^ended with 0$/m);
  });
}
