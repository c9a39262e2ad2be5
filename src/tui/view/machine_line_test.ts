import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { drawScreen, gridText, LIVE, pressKeys } from "../../../tests/support/test_screen.ts";
import type { MachineFigures, Model } from "../../model/mod.ts";
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

Deno.test("the second line is shorter at 80 columns, and has no network and disks in the first interval", () => {
  assert.equal(
    lines(model(3), 80, 24)[1],
    " load 0.42  psi cpu 3% io 12/<0.1% mem 0/0%  net/s 3K/1.5K  disk/s 0B/6K",
  );
  assert.equal(
    lines(model(0), 80, 24)[1],
    " load 0.42 0.38 0.30  pressure cpu 0% io 12/<0.1% mem 0/0%  tasks 2/318",
  );
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
