/**
 * Frames and the differences between them, through the emulator.
 *
 * @module
 */
import assert from "node:assert/strict";
import { diff, Grid, makePalette, Region, Style, type StyleId, THEMES } from "../../src/tui/canvas/mod.ts";
import { handleEvent } from "../../src/tui/keys/mod.ts";
import { type Context, initialUi, type Ui } from "../../src/tui/state/mod.ts";
import { Emulator } from "../support/emulator.ts";
import { FakeMonitor } from "../support/fake_monitor.ts";
import { random } from "../support/fake_rows.ts";
import { drawScreen, gridText, LIVE, TestScreen } from "../support/test_screen.ts";

const palette = makePalette(THEMES.dark, "256");
const WRAP_OFF = "\x1b[?7l";
const SIZES = [[1, 1], [2, 2], [5, 3], [20, 5], [40, 12], [80, 24], [100, 60], [120, 40], [
  500,
  200,
]] as const;

/** A monitor after some ticks. */
function ticked(ticks: number): FakeMonitor {
  const monitor = new FakeMonitor({ seed: 7 });
  monitor.attach();
  for (let i = 0; i < ticks; i++) monitor.tick();
  return monitor;
}

function draw(monitor: FakeMonitor, [width, height]: readonly [number, number], ui: Ui = initialUi(4)): Grid {
  return drawScreen({ ui, model: monitor.model(), size: { width, height } });
}

function press(monitor: FakeMonitor, keys: readonly string[], size: readonly [number, number]): Ui {
  let ui = initialUi(4);
  for (const key of keys) {
    const context: Context = {
      ui,
      model: monitor.model(),
      size: { width: size[0], height: size[1] },
      capabilities: LIVE,
    };
    ui = handleEvent(context, { kind: "key", key, ...(key.length === 1 ? { text: key } : {}) }).ui;
  }
  return ui;
}

for (const size of SIZES) {
  Deno.test(`diff() makes a terminal of ${size.join("×")} show exactly the frame, complete and after each tick`, async () => {
    const emulator = new Emulator(size[0], size[1]);
    await emulator.write(WRAP_OFF);
    const monitor = ticked(40);
    let shown: Grid | null = null;
    for (let i = 0; i < 4; i++) {
      const grid = draw(monitor, size);
      await emulator.write(diff(shown, grid, palette));
      emulator.assertShows(grid, `tick ${i}`);
      shown = grid;
      monitor.tick();
    }
  });
}

for (const size of [[20, 5], [40, 12], [80, 24], [120, 40], [500, 200]] as const) {
  Deno.test(`diff() makes a terminal of ${size.join("×")} show graphs and heat maps, live and past`, async () => {
    const emulator = new Emulator(size[0], size[1]);
    await emulator.write(WRAP_OFF);
    const monitor = ticked(620);
    let shown: Grid | null = null;
    for (const keys of [["z"], ["2", "z"], ["4", "z"], ["4", "z", "["], ["2", "z", "[", "{"], ["["]]) {
      const grid = draw(monitor, size, press(monitor, keys, size));
      await emulator.write(diff(shown, grid, palette));
      emulator.assertShows(grid, keys.join(" "));
      shown = grid;
      monitor.tick();
    }
  });
}

Deno.test("diff() makes a terminal show overlays, zoom and panes one after the other", async () => {
  const size = [120, 40] as const;
  const emulator = new Emulator(size[0], size[1]);
  await emulator.write(WRAP_OFF);
  const monitor = ticked(100);
  const paths = [
    [],
    ["?"],
    ["?", "End"],
    ["s", "Down"],
    ["/", "n", "g"],
    ["z"],
    ["2", "z"],
    ["3", "z"],
    [
      "4",
      "z",
    ],
    ["z", "["],
    ["z", "[", "["],
    ["2", "z", "{"],
    ["4", "z", "{", "v"],
    ["4", "z", "v", "v", "]"],
  ];
  let shown: Grid | null = null;
  for (const keys of paths) {
    const grid = draw(monitor, size, press(monitor, keys, size));
    await emulator.write(diff(shown, grid, palette));
    emulator.assertShows(grid, keys.join(" "));
    shown = grid;
  }
});

const OVERLAYS: readonly (readonly string[])[] = [
  ["t"],
  ["t", "End"],
  ["t", "6"],
  ["t", "r", "u", "n"],
  ["t", "z", "z"],
  ["e", " ", "Down", "x"],
  ["C", " "],
  ["d"],
  ["d", "End"],
  ["4", "d"],
  ["p"],
  ["z", "p", "d"],
  ["/", "/", "(", "/"],
  ["Right", "Right", "Right"],
  ["s", "End"],
];

for (const [width, height] of SIZES) {
  Deno.test(`view() draws menus, details and the pivot in ${width}×${height}, and diff() makes the terminal show them`, async () => {
    const emulator = new Emulator(width, height);
    await emulator.write(WRAP_OFF);
    let shown: Grid | null = null;
    for (const keys of OVERLAYS) {
      const screen = new TestScreen([width, height], { seed: 7 }).tick(30).press(...keys).tick();
      const grid = screen.grid();
      await emulator.write(diff(shown, grid, palette));
      emulator.assertShows(grid, keys.join(" "));
      shown = grid;
    }
  });
}

Deno.test("view() names the open overlay in its border, and its keys in the footer", () => {
  const screen = (...keys: string[]): string => new TestScreen([120, 40]).press(...keys).text();
  assert.match(screen("t"), /─ Tool for pane 1 of 4 ─[^]*1 +filetop +tracepoint[^]*3 +dcstat +cannot run/);
  assert.match(
    screen("t"),
    /Enter Show +Esc Close +Ctrl-N Add +Ctrl-X Remove +1…9 Panes +Tab Next +↑ ↓ Choose +F1 Help +Ctrl-C Quit$/,
  );
  assert.match(
    screen("C"),
    /─ Columns ─[^]*\[x\] +TID[^]*\[ \] +INODE[^]*Space Show\/hide +Esc Close +\/ Search +\? Help +↑ ↓ Choose +q Quit$/,
  );
  assert.match(screen("d"), /─ Details ─[^]*Esc Close +p Narrow/);
  assert.match(screen(), /t Tools .*d Details .*p Narrow/);
});

Deno.test("view() shows a hostile name of a process and its command escaped", () => {
  const screen = new TestScreen([120, 60]).press("d", "p");
  const evil = "\x1b]0;owned\x07\u202e";
  const { details } = screen.monitor.model().watched!;
  const model = {
    ...screen.monitor.model(),
    pivot: { pid: 7, comm: evil, state: "narrowed" as const },
    watched: { ...screen.monitor.model().watched!, details: { ...details!, command: evil, cgroup: evil } },
  };
  const bytes = diff(null, drawScreen({ ...screen.context(), model, ascii: false }), palette);
  // deno-lint-ignore no-control-regex -- the program's own sequences
  const rest = bytes.replaceAll(/\x1b\[[?]?[\d;]*[A-Za-z]/g, "").replaceAll("\r\n", "");
  // deno-lint-ignore no-control-regex -- the controls are what must not appear
  assert.doesNotMatch(rest, /[\x00-\x1f\x7f-\x9f\u202e]/);
});

Deno.test("view() shows why nothing is known about a process that /proc does not list", () => {
  const screen = new TestScreen([120, 60]).press("d", "p");
  const watched = { ...screen.monitor.model().watched!, details: null, unlisted: true };
  const model = {
    ...screen.monitor.model(),
    pivot: { pid: watched.id, comm: "", state: "narrowed" as const },
    watched,
  };
  const text = gridText(drawScreen({ ...screen.context(), model, ascii: false }));
  assert.match(
    text,
    new RegExp(`Process +outside this pid namespace: /proc does not list it[^]*PID +${watched.id} +│`),
  );
});

const GLYPHS = ["a", "Z", " ", " ", "0", "日", "本", "e\u0301", "─", "█", "é", "한", "~"];

/** A copy of the grid with random text over parts of it. */
function scribble(from: Grid, next: () => number): Grid {
  const grid = new Grid(from.width, from.height);
  for (let i = 0; i < from.width * from.height; i += from.cells(i)) {
    grid.put(i, from.text(i), { room: from.width - i % from.width, style: from.style(i) });
  }
  const screen = new Region(grid);
  for (let n = Math.floor(next() * 12); n >= 0; n--) {
    const length = Math.floor(next() * 9);
    const text = Array.from({ length }, () => GLYPHS[Math.floor(next() * GLYPHS.length)]).join("");
    const style = (next() < 0.5 ? Style.text : Math.floor(next() * 27)) as StyleId;
    screen.line(Math.floor(next() * grid.height)).put(Math.floor(next() * grid.width), text, style);
  }
  return grid;
}

Deno.test("diff() after random changes shows the same as a complete redraw", async () => {
  for (const [width, height] of [[17, 6], [3, 3], [40, 4]] as const) {
    const next = random(width);
    const emulator = new Emulator(width, height);
    await emulator.write(WRAP_OFF);
    let shown = new Grid(width, height);
    await emulator.write(diff(null, shown, palette));
    for (let round = 0; round < 400; round++) {
      const grid = scribble(shown, next);
      await emulator.write(diff(shown, grid, palette));
      emulator.assertShows(grid, `${width}×${height} round ${round}`);
      shown = grid;
    }
    const redrawn = new Emulator(width, height);
    await redrawn.write(WRAP_OFF + diff(null, shown, palette));
    assert.deepEqual(emulator.lines(), redrawn.lines());
  }
});

Deno.test("view() shows hostile names escaped, and diff() sends no control character of them", async () => {
  const monitor = ticked(1);
  const evil = "\x1b]0;owned\x07\n\u009b31m\u202etxt.exe\x1b[2J";
  monitor.mapTools((tool) =>
    tool.tick
      ? { ...tool, tick: { ...tool.tick, rows: [{ ...tool.tick.rows[0], comm: evil, file: evil }] } }
      : tool
  );
  const size = [200, 30] as const;
  const ui = press(monitor, ["z"], size);
  const bytes = diff(null, draw(monitor, size, ui), palette);
  // deno-lint-ignore no-control-regex -- the program's own sequences
  const rest = bytes.replaceAll(/\x1b\[[?]?[\d;]*[A-Za-z]/g, "").replaceAll("\r\n", "");
  // deno-lint-ignore no-control-regex -- the controls are what must not appear
  assert.doesNotMatch(rest, /[\x00-\x1f\x7f-\x9f\u202e]/);
  const emulator = new Emulator(size[0], size[1]);
  await emulator.write(WRAP_OFF + bytes);
  assert.match(emulator.lines().join("\n"), /\\x1b\]0;owned\\a\\n\\u009b31m\\u202etxt\.exe\\x1b\[2J/);
});

Deno.test("diff() sends nothing when nothing changed, and little when only the clock did", () => {
  const monitor = new FakeMonitor({ load: 0 });
  monitor.attach();
  for (let i = 0; i < 130; i++) monitor.tick();
  const before = draw(monitor, [120, 40]);
  assert.equal(diff(before, draw(monitor, [120, 40]), palette), "");
  monitor.tick();
  const idle = new TextEncoder().encode(diff(before, draw(monitor, [120, 40]), palette)).length;
  assert.ok(idle < 250, `${idle} bytes`);
});
