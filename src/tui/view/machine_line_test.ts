import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { drawScreen, gridText, LIVE, pressKeys } from "../../../tests/support/test_screen.ts";
import type { MachineFigures, Model, ReplayStatus } from "../../model/mod.ts";
import { initialUi } from "../state/mod.ts";

function model(ticks: number, figures = true): Model {
  const monitor = new FakeMonitor({ figures });
  monitor.attach();
  for (let i = 0; i < ticks; i++) monitor.tick();
  return monitor.model();
}

function lines(model: Model, width: number, height: number, ...keys: string[]): string[] {
  const context = { model, size: { width, height }, ui: initialUi(4), capabilities: LIVE };
  return gridText(drawScreen(pressKeys(context, ...keys))).split("\n");
}

Deno.test("the second line of the header shows everything at 120 columns", () => {
  const [first, second, third] = lines(model(3), 120, 40);
  assert.match(first!, /^ ktop {2}web-01 {2}6\.18\.5-amd64 {2}up 12d04h .* self 3\.1ms\/s 59M {2}every 1s/);
  assert.equal(
    second,
    " load 0.42 0.38 0.30  pressure cpu 3% io 12/<0.1% mem 0/0%  net/s 3K in 1.5K out  disk/s 0B read 6K write  tasks 2/318",
  );
  assert.match(third!, /^╭─ 1 filetop /);
});

Deno.test("the second line is shorter at 80 columns, and network and disks are unknown in the first interval", () => {
  assert.equal(
    lines(model(3), 80, 24)[1],
    " load 0.42  psi cpu 3% io 12/<1% mem 0/0%     net/s 3K/1.5K    disk/s 0B/6K",
  );
  assert.equal(
    lines(model(0), 80, 24)[1],
    " load 0.42  psi cpu 0% io 12/<1% mem 0/0%     net/s -/-        disk/s -/-",
  );
  assert.match(lines(model(0), 160, 40)[1]!, / {2}net\/s - in - out {2}disk\/s - read - write {2}tasks /);
});

Deno.test("the figures stay in their places at 80 columns while they change", () => {
  const now = model(3);
  const places = (load: number, some: number, bytes: number): number[] => {
    const stall = { some, full: some / 2 };
    const traffic = { inBytes: bytes, outBytes: bytes / 3, intervalS: 1 };
    const figures: MachineFigures = {
      pressure: { cpu: { some, full: null }, io: stall, memory: stall },
      network: traffic,
      disks: traffic,
    };
    const host = { ...now.host, load: [load, 0, 0] as const, ...figures };
    const line = lines({ ...now, host }, 80, 24)[1]!;
    return ["load", "psi", "net/s", "disk/s"].map((name) => line.indexOf(name));
  };
  for (const load of [0, 9.99, 12.34, 123.4, 1234]) {
    for (const some of [0, 0.04, 0.6, 9.7, 33, 99]) {
      for (const bytes of [0, 9, 999, 9.4 * 1024, 999 * 1024, 2 ** 40]) {
        assert.deepEqual(places(load, some, bytes), [1, 12, 46, 63], `${load} ${some} ${bytes}`);
      }
    }
  }
});

Deno.test("the first line keeps its parts and their places while ktop's own cost changes", () => {
  const before = model(3);
  const now = { ...before, host: { ...before.host, host: "web-0001" } };
  for (const width of [80, 120]) {
    const rest = (cpuMsPerS: number | null, rssBytes: number): string => {
      const first = lines({ ...now, self: { ...now.self, cpuMsPerS, rssBytes } }, width, 40)[0]!;
      return first.replace(/ self [\d. ]*(ms\/s )?[\d.]+[KMG]/, (text) => " ".repeat(text.length));
    };
    const usual = rest(3.1, 59 * 2 ** 20);
    for (const cpu of [null, 0, 9.9, 12.3, 99.9]) {
      for (const mebibytes of [9.5, 59, 120, 999, 1500]) {
        assert.equal(rest(cpu, mebibytes * 2 ** 20), usual, `${width}: ${cpu} ${mebibytes}`);
      }
    }
    assert.match(usual, / web-0001 .*up 12d04h/);
  }
});

Deno.test("at 80 columns the largest figures leave out the load, not each other", () => {
  const traffic = { inBytes: 1023e3, outBytes: 1023e3, intervalS: 1 };
  const stall = { some: 100, full: 100 };
  const figures: MachineFigures = {
    pressure: { cpu: { some: 100, full: null }, io: stall, memory: stall },
    network: traffic,
    disks: traffic,
  };
  const now = model(1);
  const busy = { ...now, host: { ...now.host, load: [1234.5, 1000, 999] as const, ...figures } };
  assert.equal(
    lines(busy, 80, 24)[1],
    " psi cpu 100% io 100/100% mem 100/100%  net/s 999K/999K  disk/s 999K/999K",
  );
});

Deno.test("what the kernel does not report is left out, and without any figure there is no second line", () => {
  const now = model(1, false);
  const network = { inBytes: 1024, outBytes: 0, intervalS: 1 };
  const without = { ...now, host: { ...now.host, network } };
  assert.equal(lines(without, 120, 40)[1], " load 0.42 0.38 0.30  net/s 1K in 0B out  tasks 2/318");
  assert.match(lines(now, 120, 40)[0]!, / load 0\.42 0\.38 0\.30 /);
  assert.match(lines(now, 120, 40)[1]!, /^╭─ 1 filetop /);
});

Deno.test("a replay shows no figures of the machine and of ktop before the first tick", () => {
  const start = model(1, false);
  const replay: ReplayStatus = {
    position: 0,
    total: 9,
    range: { from: 0, to: null },
    peaks: null,
    speed: 1,
    state: "playing",
    demo: false,
  };
  const [first] = lines({ ...start, replay }, 120, 40);
  assert.match(first!, /^ ktop {2}web-01 {2}6\.18\.5-amd64 .* every 1s/);
  assert.doesNotMatch(first!, /load|tasks|up |self/);
  const [next] = lines({ ...start, replay: { ...replay, position: 1 } }, 120, 40);
  assert.match(next!, /self .*every 1s/);
  assert.match(next!, / up .* load /);
});

Deno.test("a small screen has one line, with the load", () => {
  for (const [width, height] of [[40, 12], [79, 40], [120, 23], [20, 5]] as const) {
    const screen = lines(model(3), width, height);
    assert.match(screen[0]!, /^ ktop /, `${width}×${height}`);
    assert.doesNotMatch(screen.join("\n"), /psi|pressure|net\/s/, `${width}×${height}`);
    assert.match(screen[1]!, /1 filetop/, `${width}×${height}`);
  }
});

Deno.test("the past has its own figures", () => {
  const screen = lines(model(9), 120, 40, "[", "[");
  assert.match(screen[0]!, /PAUSED/);
  assert.match(screen[1]!, / cpu 7% .* net\/s 7K in 3\.5K out /);
});

Deno.test("a message for the header is in its second line, and above the footer if there is none", () => {
  const text = "dcstat cannot run on this kernel: biolatency replaces it (t: all tools)";
  const ui = { ...initialUi(4), message: { text, kind: "info", inHeader: true } as const };
  for (const [width, height] of [[120, 40], [80, 24]] as const) {
    const screen = gridText(drawScreen({ ui, model: model(3), size: { width, height } })).split("\n");
    assert.equal(screen[1], ` ${text}`);
    assert.doesNotMatch(screen.slice(2).join("\n"), /cannot run on this kernel: biolatency/);
  }
  const small = gridText(drawScreen({ ui, model: model(3), size: { width: 40, height: 12 } })).split("\n");
  assert.match(small.slice(-3).join("\n"), /dcstat cannot run on this kernel:/);
});
