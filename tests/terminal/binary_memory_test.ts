/**
 * The screen of dist/ktop in a cgroup with a limit of memory, during a flood: it stays alive and answers keys.
 *
 * @module
 */
import assert from "node:assert/strict";
import { withMemoryCgroup } from "../support/cgroup.ts";
import { peakMb } from "../support/process_memory.ts";
import { Workload } from "../support/workload.ts";
import { COMPILED_KTOP, Session } from "./session.ts";
import { quoted } from "../support/shell.ts";

const LIMIT = 256 * 1024 * 1024;
/** Peak resident set of dist/ktop, MB: README.md states 130. */
const MAX_PEAK_MB = 150;

Deno.test("dist/ktop in 256 MB stays alive in a flood of opens and long names, answers keys, and restores the terminal", async () => {
  await withMemoryCgroup(LIMIT, async (procs) => {
    await using session = await Session.start(
      `sh -c 'echo $$ >"$1"; echo $$ >"$2/pid"; shift 2; exec "$@"' sh ${quoted(procs)} "$dir" ` +
        `${COMPILED_KTOP} --no-config --panes opensnoop,statsnoop`,
    );
    const { tmux } = session;
    await tmux.shows(/opensnoop[^]*tracepoint[^]*statsnoop[^]*tracepoint/);
    const floods = [
      await Workload.start("flood", ["200003", "0", "open"]),
      await Workload.start("flood", ["200003", "0", "stat"]),
      await Workload.start("flood", ["100003", "0", "control"]),
    ];
    const ends = floods.map((flood) => flood.run());
    await tmux.shows(/rows dropped/);
    await tmux.keys("?");
    await tmux.shows(/Shift-Tab/);
    await Promise.all(ends);
    const peak = peakMb(await session.pid());
    await tmux.keys("Escape");
    await tmux.shows(/\d\/1000/);
    await tmux.keys("q");
    await session.assertRestored(0);
    assert.ok(peak < MAX_PEAK_MB, `${peak} MB`);
  });
});
