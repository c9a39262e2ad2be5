/**
 * Floods of events: memory stays bounded, and each event is received, lost or dropped.
 *
 * @module
 */
import assert from "node:assert/strict";
import { probeFeatures } from "../../src/bpf/mod.ts";
import { defaultToolOptions } from "../../src/cli/options.ts";
import { Monitor, type ToolRequest } from "../../src/monitor/mod.ts";
import { TOOLS } from "../../src/tools/mod.ts";
import { RUN_KTOP, RunningKtop } from "../support/ktop.ts";
import { peakMb } from "../support/process_memory.ts";
import { shellCommand } from "../support/shell.ts";
import { losses, rowsOf } from "../support/ticks.ts";
import { Tmux } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";

// libbpf is opened once and never closed: open it before Deno looks for leaks in a test.
await probeFeatures();

/** Peak resident set of ktop from source, MB: 100 before a flood; unbounded, these floods took 500 to 1100. */
const MAX_PEAK_MB = 200;

/** Options of a tool that watches one process. */
function requestFor(name: string, pid: number): ToolRequest {
  const tool = TOOLS.find((tool) => tool.name === name)!;
  return { tool, options: defaultToolOptions(tool, { pid }) };
}

for (const shownEventsOnly of [true, false]) {
  Deno.test(`Monitor counts each event of two floods as received, lost or dropped${shownEventsOnly ? ", for a screen" : ""}`, async () => {
    const made = 150_001;
    const floods = [
      await Workload.start("flood", [String(made), "0", "open"]),
      await Workload.start("flood", [String(made), "0", "stat"]),
    ] as const;
    const requests = [requestFor("opensnoop", floods[0].pid), requestFor("statsnoop", floods[1].pid)];
    const monitor = new Monitor(requests, 3600, [], { maxMemory: 16, shownEventsOnly });
    try {
      await monitor.attach();
      await Promise.all(floods.map((flood) => flood.run()));
      await monitor.tick();
      for (const { tool, tick, events, eventsDropped, lost, droppedRows } of monitor.model().tools) {
        assert.equal(events.length + eventsDropped + lost.events, made, tool.name);
        assert.equal(tick!.rows.length + droppedRows + lost.events, made, tool.name);
        assert.ok(droppedRows > 0);
        if (shownEventsOnly) assert.equal(events.length, 1000);
      }
    } finally {
      monitor.close();
    }
  });
}

Deno.test("The screen's memory stays bounded in a flood of long control characters, and it answers keys", async () => {
  const work = await Workload.start("flood", ["200003", "0", "control"]);
  const ktop = shellCommand([Deno.execPath(), ...RUN_KTOP]);
  const command = `exec ${ktop} --no-config --panes opensnoop,statsnoop`;
  await using tmux = await Tmux.start(120, 40, command);
  await tmux.shows(/opensnoop[^]*tracepoint[^]*statsnoop[^]*tracepoint/);
  const pid = Number(await tmux.format("#{pane_pid}"));
  const flood = work.run();
  await tmux.shows(/rows dropped/);
  await tmux.keys("?");
  await tmux.shows(/Shift-Tab/);
  await flood;
  assert.ok(peakMb(pid) < MAX_PEAK_MB, `${peakMb(pid)} MB`);
});

Deno.test("Monitor counts each event of a flood in a group or as lost, also those that it does not keep", async () => {
  const made = 150_001;
  const work = await Workload.start("flood", [String(made), "0", "open"]);
  const monitor = new Monitor([requestFor("opensnoop", work.pid)], 3600, [], {
    maxMemory: 16,
    shownEventsOnly: true,
  });
  try {
    await monitor.attach();
    monitor.perform({
      kind: "selectRows",
      selections: [{ tool: "opensnoop", filter: "", test: null, by: "comm", order: null }],
    });
    await work.run();
    let grouped = 0;
    // A tick leaves events in the ring when decoding them would take too long.
    for (let i = 0, before = -1; grouped > before; i++) {
      before = grouped;
      await monitor.tick();
      const { tick } = monitor.model().tools[0]!;
      for (const { count } of tick!.counted!.groups!.values()) grouped += count;
    }
    const { events, eventsDropped, lost } = monitor.model().tools[0]!;
    assert.equal(grouped + lost.events, made);
    assert.deepEqual([events.length, eventsDropped], [1000, grouped - 1000]);
  } finally {
    monitor.close();
  }
});

Deno.test("A filter of the screen keeps a rare event in a flood, in bounded memory", async () => {
  const work = await Workload.start("flood", ["60013", "20000", "open"]);
  const file = await Deno.makeTempFile({ prefix: "ktop-rare-" });
  const ktop = shellCommand([Deno.execPath(), ...RUN_KTOP]);
  await using tmux = await Tmux.start(120, 40, `exec ${ktop} --no-config --panes opensnoop`);
  await tmux.shows(/opensnoop[^]*tracepoint/);
  const pid = Number(await tmux.format("#{pane_pid}"));
  await tmux.keys("/");
  await tmux.keys("ktop-rare-", "Enter");
  await tmux.shows(/\/ktop-rare- ─/);
  const flood = work.run();
  await tmux.shows(/ of \d+k\/s/);
  await new Deno.Command("cat", { args: [file] }).output();
  await tmux.shows(/cat .*ktop-rare-/);
  await flood;
  await tmux.shows(/cat .*ktop-rare-[^]* in 1k kept of [\d.]+[kM] /);
  assert.ok(peakMb(pid) < MAX_PEAK_MB, `${peakMb(pid)} MB`);
  await Deno.remove(file);
});

Deno.test("opensnoop --json stays within --max-memory while its reader does not read, and counts what it drops", async () => {
  const made = 400_003;
  const work = await Workload.start("flood", [String(made)]);
  const run = new RunningKtop(["opensnoop", "--json", "--max-memory", "16", "-p", String(work.pid)]);
  await run.tick();
  await work.run();
  const peak = peakMb(run.pid);
  const { ticks, code } = await run.finish();
  assert.deepEqual([rowsOf(ticks).length + losses(ticks).events, code], [made, 0]);
  assert.ok(peak < MAX_PEAK_MB, `${peak} MB`);
});

for (
  const format of [["opensnoop", "--json"], ["opensnoop", "--csv"], ["opensnoop"], [
    "record",
    "-",
    "--tools",
    "opensnoop",
  ]]
) {
  Deno.test(`ktop ${format.join(" ")} takes bounded memory in a flood of long control characters`, async () => {
    const work = await Workload.start("flood", ["60013", "0", "control"]);
    const run = new RunningKtop([...format, "-p", String(work.pid)]);
    await run.line();
    const flood = work.run();
    let peak = 0;
    let ended = false;
    flood.then(() => ended = true);
    while (!ended) {
      // Long lines: the reader is as fast as the writer.
      await run.line();
      peak = peakMb(run.pid);
    }
    assert.equal((await run.end()).code, 0);
    assert.ok(peak > 0 && peak < MAX_PEAK_MB, `${peak} MB`);
  });
}
