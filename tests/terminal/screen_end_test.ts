import { Tmux } from "../support/tmux.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

for (const how of ["--duration 1.5", "--count 3 -i 0.5"]) {
  Deno.test(`ktop ${how} shows the screen for that long, and gives the terminal back by itself`, async () => {
    const ktop = `${Deno.execPath()} run -A --quiet ${MAIN} --panes vfsstat ${how}`;
    await using tmux = await Tmux.start(80, 24, `${ktop}; echo ended with $?; exec cat`);
    await tmux.shows(/1 vfsstat/);
    await tmux.shows(/^ended with 0$/m);
  });
}
