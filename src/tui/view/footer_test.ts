import { drawScreen, gridText, REPLAY } from "../../../tests/support/test_screen.ts";
import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { TestScreen } from "../../../tests/support/test_screen.ts";
import type { ReplayStatus } from "../../model/mod.ts";
import { type Grid, Style } from "../canvas/mod.ts";
import { initialUi, type Ui } from "../state/mod.ts";

function draw(change: Partial<Ui>, [width, height]: readonly [number, number]): Grid {
  const monitor = new FakeMonitor();
  const ui = { ...initialUi(4), ...change };
  return drawScreen({ ui, model: monitor.model(), size: { width, height } });
}

const footerOf = (grid: Grid): string => gridText(grid).trimEnd().split("\n").at(-1) ?? "";
const message = { text: "Wrote ktop-20261120-180000.txt", kind: "info" } as const;

Deno.test("view() shows a message before the keys, alone and cut when there is no room", () => {
  assert.match(
    footerOf(draw({ message }, [120, 40])),
    /^ Wrote ktop-20261120-180000\.txt {2}\? Help {2}z Zoom .* {2}q Quit$/,
  );
  assert.equal(footerOf(draw({ message }, [40, 12])), " Wrote ktop-20261120-180000.txt  q Quit");
  const long = { text: "x".repeat(200), kind: "info" } as const;
  assert.match(footerOf(draw({ message: long }, [40, 12])), /^ x{28,}… {2}q Quit$/);
  assert.equal(footerOf(draw({ message }, [20, 5])), "Wrote ktop-20261120…");
  assert.match(footerOf(draw({}, [120, 40])), /\? Help/);
});

Deno.test("view() shows an error as one, and no control of its text", () => {
  const grid = draw({ message: { text: "Not written: \x1b[2J\n", kind: "error" } }, [120, 40]);
  assert.match(footerOf(grid), /^ Not written: \\x1b\[2J\\n {2}\? Help/);
  assert.equal(grid.style(39 * 120 + 1), Style.bad);
});

Deno.test("view() keeps showing the filter that is being typed when there is a message", () => {
  assert.match(footerOf(draw({ message, overlay: { kind: "filter" } }, [120, 40])), /^ Filter /);
});

Deno.test("view() shows a message before the keys of a menu", () => {
  assert.match(
    footerOf(draw({ message, overlay: { kind: "columns", selected: 0 } }, [120, 40])),
    /^ Wrote ktop-20261120-180000\.txt {2}.*Show\/hide/,
  );
});

const lastLine = (screen: TestScreen): string => screen.text().split("\n").at(-1) ?? "";

Deno.test("view() shows the most used keys at 80×24: sort, filter, process, zoom, past, quit", () => {
  const screen = new TestScreen([80, 24]).tick();
  assert.equal(
    lastLine(screen),
    " ? Help  z Zoom  / Filter  s Sort  p Process  Space Pause  [ ] Past  q Quit",
  );
});

Deno.test("view() changes a key's word in the footer while the key undoes its effect", () => {
  const screen = new TestScreen([160, 40]).tick();
  assert.match(lastLine(screen), /z Zoom .*p Process .*Space Pause .*f Freeze/);
  screen.press("z", "f", "p", " ");
  assert.match(lastLine(screen), /Space Resume .*z Unzoom .*p Widen .*f Unfreeze/);
});

Deno.test("view() puts the keys that move in time first in the footer of a replay, and shows Play while it is paused", () => {
  const footer = (state: ReplayStatus["state"], width: number): string => {
    const monitor = new FakeMonitor();
    const replay: ReplayStatus = {
      position: 2,
      total: 9,
      range: { from: 0, to: null },
      speed: 1,
      state,
      demo: false,
    };
    const size = { width, height: 24 };
    const model = { ...monitor.model(), replay };
    return footerOf(drawScreen({ ui: initialUi(4), model, size, capabilities: REPLAY }));
  };
  assert.match(footer("playing", 80), /^ \? Help {2}Space Pause {2}\[ \] Step {2}z Zoom .*q Quit$/);
  assert.match(footer("paused", 40), /^ \? Help {2}Space Play {2}\[ \] Step {2}q Quit$/);
  assert.match(footer("end", 40), /Space Play/);
});

Deno.test("view() shows how to leave the filter before how to quit, and one row in the singular", () => {
  const screen = new TestScreen([40, 12]).press("/", "1", "0", "3", "7");
  assert.match(lastLine(screen), /^ Filter 1037█ 1 row {3}Enter Keep$/);
  assert.match(lastLine(new TestScreen([40, 12]).press("/", "x", "x")), /0 rows {3}Enter Keep$/);
});

Deno.test("view() reports why a filter cannot match, shows every row, and keeps the reason in the title", () => {
  const screen = new TestScreen([80, 24]).press("/", ..."fil~x");
  assert.match(lastLine(screen), /^ Filter fil~x█ no column fil; the nearest is file {3}Enter Keep/);
  assert.equal(screen.arranged().focused?.count, 24);
  assert.match(screen.press("Enter").text(), / 1 filetop ─ \/fil~x ─ no column fil; the nearest is file ─/);
  const narrow = new TestScreen([40, 12]).press("/", ..."foo>3");
  assert.match(lastLine(narrow), /^ \/foo>3█ no column foo; as text: "foo>3"$/);
});

Deno.test("view() shows how to leave a menu or accept its choice, down to 20 columns", () => {
  assert.match(
    lastLine(new TestScreen([80, 24]).press("t")),
    /Esc Close {2}Ctrl-N Add {2}Ctrl-X Remove {2}1…9 Panes {2}Ctrl-C Quit$/,
  );
  assert.match(lastLine(new TestScreen([40, 12]).press("t")), /^ Enter Show {2}Esc Close/);
  assert.match(
    lastLine(new TestScreen([80, 24]).press("s")),
    /^ Enter Sort {2}Esc Close {2}↑ ↓ Choose {2}q Quit$/,
  );
  assert.match(lastLine(new TestScreen([20, 5]).press("s")), /^ Enter Sort {2}q Quit$/);
});

Deno.test("m reports whether the mouse is on", () => {
  const screen = new TestScreen([80, 24]).press("m");
  assert.match(lastLine(screen), /^ Mouse on: text cannot be selected {2}\? Help .* q Quit$/);
  assert.match(lastLine(screen.press("m")), /^ Mouse off: text can be selected {2}\? Help/);
});
