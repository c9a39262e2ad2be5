import { drawScreen, LIVE, pressKeys, TestScreen } from "../../../tests/support/test_screen.ts";
import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { CONTINUATION, type Grid, Style } from "../canvas/mod.ts";
import { initialUi } from "../state/mod.ts";

interface Wish {
  readonly monitor?: FakeMonitor;
  readonly size?: readonly [number, number];
  readonly keys?: readonly string[];
  readonly ascii?: boolean;
  readonly spare?: Grid;
}

function running(ticks = 3): FakeMonitor {
  const monitor = new FakeMonitor();
  monitor.attach();
  for (let i = 0; i < ticks; i++) monitor.tick();
  return monitor;
}

function draw({ monitor = running(), size = [120, 40], keys = [], ascii = false, spare }: Wish): Grid {
  const base = { model: monitor.model(), size: { width: size[0], height: size[1] } };
  return drawScreen({
    ...pressKeys({ ...base, ui: initialUi(4), capabilities: LIVE }, ...keys),
    ascii,
    ...(spare ? { spare } : {}),
  });
}

function text(grid: Grid): string {
  const line = (y: number): string =>
    Array.from({ length: grid.width }, (_, x) => grid.text(y * grid.width + x)).join("").trimEnd();
  return Array.from({ length: grid.height }, (_, y) => line(y)).join("\n");
}

Deno.test("view() fills every size without a control character or half a wide one", () => {
  const monitor = running(40);
  for (const keys of [[], ["4"], ["?"], ["s"], ["/", "日"], ["z"]]) {
    for (let width = 1; width < 140; width += 9) {
      for (let height = 1; height < 50; height += 4) {
        const grid = draw({ monitor, size: [width, height], keys });
        for (let i = 0; i < width * height; i++) {
          const code = grid.code(i);
          assert.ok(code === CONTINUATION ? i % width > 0 && grid.cells(i - 1) === 2 : code >= 0x20);
        }
      }
    }
  }
});

Deno.test("view() draws the same screen from the same model and choices, also into a grid that has another", () => {
  const monitor = running();
  const first = draw({ monitor });
  const spare = draw({ monitor, keys: ["/", "e\u0301日"] });
  const again = draw({ monitor, spare });
  assert.equal(again, spare);
  for (const grid of [draw({ monitor }), again]) {
    for (let i = 0; i < 120 * 40; i++) assert.ok(first.same(grid, i));
  }
  assert.notEqual(draw({ monitor, size: [80, 24], spare }), spare);
  assert.notEqual(draw({ monitor, ascii: true, spare }), spare);
});

Deno.test("view() shows that tools attach, and then that the first interval is being measured", () => {
  const monitor = new FakeMonitor();
  assert.equal(text(draw({ monitor })).match(/attaching …/g)?.length, 4);
  monitor.attach();
  assert.equal(text(draw({ monitor })).match(/measuring the first interval/g)?.length, 3);
});

Deno.test("view() shows why a pane cannot run and what would help, in the pane", () => {
  const screen = text(draw({ size: [80, 24], keys: ["3"] }));
  assert.match(screen, /3 dcstat ─+ unavailable/);
  assert.match(screen, /neither \(CONFIG_KPROBES is not\s+set\)/);
  assert.match(screen, /Use a kernel with CONFIG_KPROBES=y/);
});

Deno.test("view() shows losses, missing hooks and a map more than half full, and only then", () => {
  assert.doesNotMatch(text(draw({})), /lost|skipped|missing|map \d/);
  const monitor = running();
  monitor.mapTools((tool) => ({
    ...tool,
    lost: { events: 3, keys: 4, runs: 1200 },
    state: { kind: "running", tier: "fentry+kprobe", missing: ["vfs_create: not in this kernel"] },
    tick: tool.tick && { ...tool.tick, mapFill: 0.634 },
  }));
  const grid = draw({ monitor, keys: ["z"] });
  assert.match(text(grid), /map 63% full ─ 1 hook missing ─ fentry\+kprobe ─ 1\.2k skipped ─ 7 lost/);
  assert.equal(grid.style(120 + 113), Style.bad);
});

Deno.test("view() shows how long the screen has been paused", () => {
  const monitor = running();
  const base = { size: { width: 120, height: 40 } };
  const { ui } = pressKeys({ ...base, ui: initialUi(4), model: monitor.model(), capabilities: LIVE }, " ");
  for (let i = 0; i < 75; i++) monitor.tick();
  assert.match(
    text(drawScreen({ ...base, ui, model: monitor.model() })),
    /PAUSED -1m15s \d\d:\d\d:\d\d$/m,
  );
});

Deno.test("view() shows the machine of the paused moment, and the keys that go through time first", () => {
  const model = running().model();
  const host = { ...model.host, load: [9.99, 8.88, 7.77] as const };
  const ui = { ...initialUi(4), paused: { ...model, host } };
  const screen = text(
    drawScreen({ ui, model, size: { width: 120, height: 40 } }),
  );
  assert.match(screen, /load 9\.99 8\.88 7\.77/);
  assert.match(screen, /\n \? Help {2}Esc Back {2}Space Resume {2}\[ Past {2}\] Later /);
  assert.match(text(draw({})), /\n \? Help [^\n]*Space Pause {2}\[ Past/);
});

Deno.test("view() shows how many rows of a past tick were dropped, or that all were", () => {
  const monitor = new FakeMonitor({ rows: 150 });
  monitor.attach();
  for (let i = 0; i < 5; i++) monitor.tick();
  assert.doesNotMatch(text(draw({ monitor })), /dropped/);
  assert.match(text(draw({ monitor, keys: ["["] })), /1 filetop ─ 50 rows dropped ─/);
  const { pastTicks } = monitor.model().tools[0]!;
  monitor.mapTools((tool) =>
    tool.tool.name === "filetop" ? { ...tool, pastTicks: pastTicks.after(Infinity) } : tool
  );
  assert.match(
    text(draw({ monitor, keys: ["["] })),
    /1 filetop[^]*the history has nothing of this moment/,
  );
});

Deno.test("view() shows graphs when zoomed, and the plain view when they do not fit or v selects it", () => {
  const monitor = running(100);
  const shown = (keys: readonly string[], size: readonly [number, number]): string =>
    text(draw({ monitor, keys, size }));
  assert.match(shown(["2", "z"], [120, 40]), /READ\/s [^]*max [^]*│[^]*-1m +[^\n]*now/);
  assert.match(shown(["2", "z", "v"], [120, 40]), /READ\/s +\d+ [^]*max [\d.k]+ +[▁▂▃▄▅▆▇█]/);
  assert.doesNotMatch(shown(["2", "z"], [20, 5]), /now/);
  assert.match(shown(["4", "z"], [120, 40]), /COMM[^]*run-queue delay +· >0 ░ [^]*16us│[^]*now/);
  assert.match(shown(["4", "z", "v"], [120, 40]), /run-queue delay +\d[^]*16us - 32us/);
  assert.doesNotMatch(shown(["4", "z", "v", "v"], [120, 40]), /run-queue delay/);
  assert.match(shown(["z"], [80, 24]), /FILE[^]*read bytes\/s [^]*now/);
  assert.doesNotMatch(shown(["z", "v"], [80, 24]), /bytes\/s/);
  assert.doesNotMatch(shown(["z"], [40, 12]), /bytes\/s/);
});

Deno.test("view() shows clock time instead of now below graphs of the past", () => {
  const past = text(draw({ monitor: running(100), keys: ["2", "z", "["] }));
  assert.doesNotMatch(past, /now/);
  assert.match(past, /\d\d:\d\d:\d\d │/);
});

Deno.test("view() draws only ASCII on an ASCII terminal, also in names and help", () => {
  for (const keys of [[], ["?"], ["4", "z"], ["2", "z"], ["z", "["], ["/", "日"]]) {
    assert.match(text(draw({ ascii: true, keys, monitor: running(50) })), /^[\x20-\x7e\n]*$/);
  }
});

Deno.test("view() lists in the help the keys that work, the focused pane's columns and the tier's caveat", () => {
  const help = text(draw({ size: [120, 90], keys: ["?"] }));
  assert.match(help, /Space +Pause or resume the screen/);
  assert.match(help, /R_Kb +What R_Kb says/);
  assert.match(help, /Tier tracepoint/);
  const counters = text(draw({ size: [120, 70], keys: ["2", "?"] }));
  assert.doesNotMatch(counters, /Choose the column to sort by/);
});

Deno.test("view() keeps host and clock in the header when the rest does not fit", () => {
  assert.match(text(draw({ size: [40, 12] })), /^ ktop +web-01 .*\d\d:\d\d:\d\d\n/);
  assert.match(text(draw({ size: [120, 40] })), /^ ktop +web-01 +6\.18\.5.* load .* self 3\.1ms\/s 59M/);
});

Deno.test("view() shows the kernel memory of maps in the header while programs are measured", () => {
  const model = running().model();
  const header = (mapBytes: number | null): string => {
    const self = { ...model.self, probesMsPerS: 1.5, mapBytes };
    const ui = initialUi(model.tools.length);
    const grid = drawScreen({ ui, model: { ...model, self }, size: { width: 120, height: 40 } });
    return Array.from({ length: 120 }, (_, x) => grid.text(x)).join("");
  };
  assert.match(header(7.5 * 1024 * 1024), / probes 1\.5ms\/s 7\.5M /);
  assert.match(header(null), / probes 1\.5ms\/s /);
});

Deno.test("view() reports that nothing was measured yet in a pane without histograms", () => {
  const monitor = running();
  monitor.setTools(["runqlat"]);
  monitor.tick();
  monitor.mapTools((tool) => ({ ...tool, histograms: [] }));
  assert.match(text(draw({ monitor })), /nothing measured yet/);
});

Deno.test("view() shows a recording's moments as past: no interval is being measured", () => {
  const monitor = running();
  monitor.mapTools((tool) => ({ ...tool, tick: null }));
  const replay = {
    position: 1,
    total: 9,
    range: { from: 0, to: null },
    peaks: null,
    speed: 1,
    state: "playing",
    demo: false,
  } as const;
  const model = { ...monitor.model(), replay };
  const size = { width: 120, height: 40 };
  const shown = text(drawScreen({ ui: initialUi(4), model, size }));
  assert.match(shown, /the history has nothing of this moment/);
  assert.doesNotMatch(shown, /measuring/);
});

Deno.test("view() changes the end of sparklines from tick to tick, though intervals are never the same length", () => {
  const monitor = running(200);
  let before = draw({ monitor });
  const changes = Array.from({ length: 100 }, (_, i) => {
    monitor.tick();
    const intervalS = 1 + Math.sin(i) / 1000;
    monitor.mapTools((tool) => tool.tick ? { ...tool, tick: { ...tool.tick, intervalS } } : tool);
    const after = draw({ monitor });
    let changed = 0;
    for (let y = 2; y < 18; y++) {
      for (let x = 88; x < 118; x++) if (!after.same(before, y * 120 + x)) changed++;
    }
    before = after;
    return changed;
  });
  // A sparkline that has become too long is drawn again at half the length.
  const redrawn = changes.filter((changed) => changed > 2 * 8).length;
  assert.ok(redrawn <= 1, `${changes}`);
});

Deno.test("view() names the columns that are hidden and the key that shows them, or counts them when there is little room", () => {
  assert.match(
    text(draw({ size: [60, 40], keys: ["z", "Right", "Right"] })),
    /1 filetop ─+ ← shows TID ─ 1\/24 ─ tracepoint/,
  );
  assert.match(text(draw({ size: [40, 12] })), /1 filetop ─+ → 3 more ─ 1\/24 ──\n/);
  assert.match(text(draw({ size: [46, 12], ascii: true })), /Right \d more/);
  assert.doesNotMatch(text(draw({ size: [120, 40], keys: ["z"] })), /shows|more/);
});

Deno.test("a pane without a lower edge shows its position and hidden columns, and the footer the way into the past", () => {
  const screen = new TestScreen([40, 12]).tick(9).press("4");
  assert.match(screen.text(), /4 runqslower ─+ → \+1 ─ 1\/\d+ ─ \d+\/s ──\n/);
  assert.match(screen.text(), / \[ Past q Quit$/);
  assert.match(screen.press("2", "z").text(), /2 vfsstat ─+ tracepoint ─ 2\/8 ──\n[^]* \[ Past q Quit$/);
  assert.match(new TestScreen([80, 24]).text(), /1 filetop ─+ 1\/24 ─ tracepoint ──\n/);
});

Deno.test("view() says how many rows are above the first one shown, at every size", () => {
  const cases = [[[120, 40], "▲ 8 above  24/24"], [[80, 24], "▲ 19 above  24/24"], [
    [40, 12],
    "▲16 24/24",
  ]] as const;
  for (const [size, mark] of cases) {
    assert.ok(!text(draw({ size, keys: ["Down"] })).includes(mark.slice(0, 3)));
    const below = text(draw({ size, keys: ["G"] }));
    assert.ok(below.includes(mark), below);
  }
  assert.match(text(draw({ ascii: true, keys: ["G"] })), /\^ 8 above {2}24\/24/);
});
