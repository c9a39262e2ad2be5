import assert from "node:assert/strict";
import { OneTool } from "../../../tests/support/one_tool.ts";
import { useZone, utcAt } from "../../text/mod.ts";
import { drawScreen, gridText, TestScreen } from "../../../tests/support/test_screen.ts";
import type { Row } from "../../model/mod.ts";
import { relatedBy, withOlderSamples } from "../state/mod.ts";

Deno.test("d shows the whole row, its process, and its numbers in each interval that is kept and since", () => {
  const screen = new TestScreen([100, 60]).press("d").tick(4);
  const text = screen.text();
  assert.match(text, /FILE +\/|FILE +evil/);
  assert.match(text, /INODE +\d+ +What INODE says/);
  assert.match(text, /Command +\/usr\/sbin\/nginx -g 'daemon off;'/);
  assert.match(text, /Parent +1 systemd\n?/);
  assert.match(text, /User +33\(www-data\)/);
  assert.match(text, /Started +2026-11-20 /);
  assert.doesNotMatch(text, /Ended/);
  assert.match(text, /Over time +5 intervals[^]*READS +\d+, max \d+/);
  const details = screen.ui.overlay;
  assert.ok(details?.kind === "details");
  assert.deepEqual(details.samples.map((row) => row?.["tid"]), Array(5).fill(details.row["tid"]));
  assert.deepEqual(screen.press("Esc").commands.map(({ kind }) => kind), ["watchProcess", "watchProcess"]);
});

Deno.test("d shows what started the process, and the container with its limits instead of the columns of the cgroup", () => {
  for (const [width, height] of [[100, 60], [40, 12], [20, 5]] as const) {
    const screen = new TestScreen([width, height]).press("d");
    const model = screen.monitor.model();
    const watched = {
      ...model.watched!,
      ancestors: [{ pid: 12, comm: "sh", command: "sh /backup.sh" }, {
        pid: 11,
        comm: "long",
        command: `long ${"x".repeat(200)}`,
      }, {
        pid: 2,
        comm: "kthreadd",
        command: "",
      }],
      cgroup: {
        path: "/libpod-0123",
        name: "podman:db",
        containerId: "0123",
        image: "registry/db:1",
        limits: { memoryBytes: 512 * 1024 ** 2, cpus: 1.5, pids: null },
      },
    };
    const lines = gridText(drawScreen({ ...screen.context(), model: { ...model, watched } }));
    assert.ok(lines.split("\n").every((line) => line.length <= width));
    if (width < 100) continue;
    assert.match(lines, /Started by +12 sh \/backup\.sh[^]* 11 long x+\.\.\. [^]* 2 kthreadd/);
    assert.match(
      lines,
      /Container[^]*Name +podman:db[^]*ID +0123[^]*Image +registry\/db:1[^]*Path +\/libpod-0123/,
    );
    assert.match(lines, /Limits +memory 512M, CPUs 1\.5, processes unlimited/);
    assert.doesNotMatch(lines, /Cgroup|CONTAINER/);
  }
});

Deno.test("d reads the numbers of a row from the past: 60 intervals at once, then the rest", () => {
  const screen = new TestScreen().tick(149).press("d");
  const { pastTicks } = screen.monitor.model().tools[0]!;
  let { overlay } = screen.ui;
  assert.ok(overlay?.kind === "details");
  assert.equal(overlay.samples.length, 61);
  while (overlay.unread !== null) overlay = withOlderSamples(overlay);
  const { tid } = overlay.row;
  const rows = Array.from(
    { length: pastTicks.length },
    (_, i) => pastTicks.at(i)?.tick.rows.find((row) => row["tid"] === tid) ?? null,
  );
  assert.ok(rows.length >= 150);
  assert.deepEqual(overlay.samples, rows);
});

Deno.test("d shows between which times a process has ended, and what is known of it", () => {
  const before = useZone(utcAt);
  const screen = new TestScreen([100, 60]).press("d");
  const model = screen.monitor.model();
  const end = { afterMs: Date.UTC(2026, 10, 20, 14, 5, 1), beforeMs: Date.UTC(2026, 10, 20, 14, 5, 9) };
  const watched = { ...model.watched!, ended: true, end };
  const text = gridText(drawScreen({ ...screen.context(), model: { ...model, watched } }));
  assert.match(text, /Process +ended[^]*Command +\/usr\/sbin\/nginx[^]*Ended +between 14:05:01 and 14:05:09/);
  useZone(before);
});

Deno.test("d says that a process had ended before it could be read, and what the row has of it", () => {
  const shown = (values: Row): string => {
    const screen = new TestScreen([100, 60]).press("d");
    const { overlay } = screen.ui;
    assert.ok(overlay?.kind === "details");
    const row = { ...overlay.row, pid: 77, comm: "true", ...values };
    const watched = { id: 77, ended: true, details: null };
    const model = { ...screen.monitor.model(), watched };
    const ui = { ...screen.ui, overlay: { ...overlay, row } };
    return gridText(drawScreen({ ...screen.context(), ui, model })).replaceAll(/[│ ]*\n[│ ]*/g, " ");
  };
  const ended =
    / Process +ended PID +77 true Parent +unknown +The process ended before ktop could read it from \/proc: only/;
  assert.match(shown({}), ended);
  assert.match(shown({}), /While a pane shows execsnoop, the command and the parent/);
  assert.match(shown({ ppid: 5, parent_comm: "make" }), / PID +77 true Parent +5 make +The process ended/);
  assert.doesNotMatch(shown({ ppid: 5 }), /execsnoop/);
});

Deno.test("d reports that the row is not in the last interval, and counts it as zero", () => {
  const screen = new TestScreen().press("d");
  screen.monitor.mapTools((tool) => ({ ...tool, tick: tool.tick && { ...tool.tick, time: 1, rows: [] } }));
  assert.match(screen.text(), /filetop +not in the last interval/);
  const details = screen.ui.overlay;
  assert.ok(
    details?.kind === "details" && details.samples.at(-1) === null && details.row["tid"] !== undefined,
  );
});

Deno.test("d opened while paused shows that moment, and no later ticks", () => {
  const screen = new TestScreen().press(" ", "d");
  const before = screen.ui.overlay;
  screen.tick(3);
  assert.deepEqual(screen.ui.overlay, before);
  assert.match(screen.text(), /Over time +1 interval, with the history/);
});

Deno.test("relatedBy() is the thread if the row names one, else the process", () => {
  assert.equal(relatedBy({ tid: 7, pid: 3 }), "tid");
  assert.equal(relatedBy({ tid: null, pid: 3 }), "pid");
  assert.equal(relatedBy({ pid: 3 }), "pid");
});

Deno.test("d keeps an event as it was, and graphs the events of its thread", () => {
  const screen = new TestScreen().tick(40).press("4", "d");
  const before = screen.ui.overlay;
  screen.tick(5);
  assert.deepEqual(screen.ui.overlay, before);
  assert.match(screen.text(), /the (only event kept|last \d+ events) of the same thread[^]*LAT\(us\) +\d+/);
});

Deno.test("d shows every cell of a long path, however narrow the screen", () => {
  const path = `/${"deep/".repeat(60)}the end`;
  for (const size of [[20, 5], [40, 12], [120, 40]] as const) {
    const screen = new TestScreen([...size]);
    screen.monitor.mapTools((tool) =>
      tool.tick ? { ...tool, tick: { ...tool.tick, rows: [{ ...tool.tick.rows[0], file: path }] } } : tool
    );
    let text = screen.press("d").text();
    for (let i = 0; i < 60; i++) text += screen.press("Down").text();
    for (const piece of ["/deep/", "the end"]) {
      assert.ok(text.replaceAll("\n", "").includes(piece), `${size}`);
    }
  }
});

Deno.test("d numbers the samples of a table's row by its ticks, so that its graphs keep their groups", () => {
  const screen = new TestScreen().tick(9).press("d").tick(5);
  const newest = (screen.arranged().text?.lines ?? []).flatMap((line) =>
    "newest" in line ? [line.newest] : []
  );
  assert.deepEqual([...new Set(newest)], [screen.monitor.model().tools[0]!.tickCount]);
  assert.equal(newest[0], 15);
});

Deno.test("the graphs of a row reach the top at their maximum, and are blank where the row was not", () => {
  const row = (reads: number) => ({
    tid: 7,
    pid: 7,
    comm: "dd",
    reads,
    writes: 0,
    file: "f",
    dev: 1,
    inode: 1,
  });
  const screen = new OneTool("filetop", [120, 40]).tick([row(63)]).tick([]).tick([row(0)]).tick([row(18)]);
  const line = screen.press("d").lines.find((text) => /READS +18, max 63/.test(text));
  assert.match(line ?? "", /max 63 +█ ▁▂/);
});
