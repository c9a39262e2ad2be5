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

const FILTER_PROMPT = {
  kind: "filter",
  text: "",
  problem: null,
  recalled: -1,
  before: { filter: "", selected: 0, followed: null, top: 0 },
} as const;

Deno.test("view() shows a message above the keys, which stay, and cuts it when there is no room", () => {
  for (const size of [[120, 40], [80, 24], [40, 12]] as const) {
    assert.match(
      gridText(draw({ message }, size)),
      /\n Wrote ktop-20261120-180000\.txt\n \? Help .* q Quit$/,
    );
    assert.equal(footerOf(draw({ message }, size)), footerOf(draw({}, size)));
  }
  const long = { text: "x".repeat(200), kind: "info" } as const;
  assert.match(gridText(draw({ message: long }, [40, 12])), /\n x{38}\n x{38}\n x{37}…\n \? Help .* q Quit$/);
  assert.match(gridText(draw({ message }, [20, 5])), /\nWrote ktop-20261120…\n\? Tab Next of 4 q$/);
});

Deno.test("view() shows an error as one, and no control of its text", () => {
  const grid = draw({ message: { text: "Not written: \x1b[2J\n", kind: "error" } }, [120, 40]);
  assert.match(gridText(grid), /\n Not written: \\x1b\[2J\\n\n \? Help/);
  assert.equal(grid.style(38 * 120 + 1), Style.bad);
});

Deno.test("view() keeps showing the filter that is being typed when there is a message", () => {
  assert.match(
    footerOf(
      draw({ message, overlay: FILTER_PROMPT }, [120, 40]),
    ),
    /^ Filter /,
  );
});

Deno.test("view() shows a message above the keys of a menu", () => {
  assert.match(
    gridText(draw({ message, overlay: { kind: "columns", selected: 0 } }, [120, 40])),
    /\n Wrote ktop-20261120-180000\.txt\n Space Show\/hide/,
  );
});

const lastLine = (screen: TestScreen): string => screen.text().split("\n").at(-1) ?? "";

Deno.test("view() shows the most used keys at 80×24, each with the word that it has everywhere", () => {
  const screen = new TestScreen([80, 24]).tick();
  assert.equal(
    lastLine(screen),
    " ? Help t Tools / Filter d Details s Sort z Zoom Space Pause [ Past q Quit",
  );
});

Deno.test("view() changes a key's word in the footer while the key undoes its effect", () => {
  const screen = new TestScreen([180, 40]).tick();
  assert.match(lastLine(screen), /z Zoom .*Space Pause .*p Narrow .*f Freeze/);
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
      peaks: null,
      speed: 1,
      state,
      demo: false,
    };
    const size = { width, height: 24 };
    const model = { ...monitor.model(), replay };
    return footerOf(drawScreen({ ui: initialUi(4), model, size, capabilities: REPLAY }));
  };
  assert.match(
    footer("playing", 80),
    /^ \? Help {2}Space Pause {2}\[ \] Step {2}\/ Filter .*z Zoom .*q Quit$/,
  );
  assert.match(footer("paused", 40), /^ \? Help Space Play \[ \] Step q Quit$/);
  assert.match(footer("end", 40), /Space Play/);
});

Deno.test("view() shows how to leave the filter, and one row in the singular", () => {
  const screen = new TestScreen([40, 12]).press("/", "1", "0", "3", "7");
  assert.match(lastLine(screen), /^ Filter 1037█ 1 row {2}Enter Keep Esc F1$/);
  assert.match(lastLine(new TestScreen([40, 12]).press("/", "x", "x")), /0 rows {2}Enter Keep Esc F1$/);
});

Deno.test("view() reports why a filter cannot match, shows every row, and keeps the reason in the title", () => {
  const screen = new TestScreen([80, 24]).press("/", ..."fil~x");
  assert.match(
    screen.text(),
    /\n not applied: no column fil; the nearest is file\n Filter fil~x█ {2}Esc Cancel {2}F1 Help/,
  );
  assert.equal(screen.arranged().focused?.count, 24);
  assert.match(
    screen.press("Enter").text(),
    / 1 filetop ─ \/fil~x ─ not applied: no column fil; the nearest is file ─/,
  );
  const narrow = new TestScreen([40, 12]).press("/", ..."foo>3");
  assert.match(
    narrow.text(),
    /\n not applied: no column foo; for text\n use quotes: "foo>3"\n Filter foo>3█ +Esc F1( Ctrl-C Quit)?$/,
  );
});

Deno.test("view() shows how to leave a menu or accept its choice, down to 20 columns", () => {
  assert.match(
    lastLine(new TestScreen([80, 24]).press("t")),
    /^ Enter Show Esc Close Ctrl-N Add Ctrl-X Remove 1…9 Panes Tab Next F1 Help$/,
  );
  assert.match(lastLine(new TestScreen([40, 12]).press("t")), /^ Enter Show Esc Close .*F1 Help$/);
  assert.match(
    lastLine(new TestScreen([80, 24]).press("s")),
    /^ Enter Sort {2}Esc Close {2}\/ Search {2}\? Help {2}↑ ↓ Choose {2}q Quit$/,
  );
  assert.match(lastLine(new TestScreen([20, 5]).press("s")), /^Enter Sort Esc \?$/);
});

Deno.test("m reports whether the mouse is on", () => {
  const screen = new TestScreen([80, 24]).press("m");
  assert.match(screen.text(), /\n Mouse on: text cannot be selected\n \? Help .* q Quit$/);
  assert.match(screen.press("m").text(), /\n Mouse off: text can be selected\n \? Help/);
});
