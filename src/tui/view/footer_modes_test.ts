import assert from "node:assert/strict";
import { FakeMonitor } from "../../../tests/support/fake_monitor.ts";
import { flameContext, flameModel, ROWS } from "../../../tests/support/flame.ts";
import { drawScreen, gridText, pressKeys, REPLAY, TestScreen } from "../../../tests/support/test_screen.ts";
import { initialUi } from "../state/mod.ts";

const SIZES = [[120, 40], [80, 24], [58, 20], [40, 12], [20, 5]] as const;

/** What leads into each mode. */
const MODES: Readonly<Record<string, readonly string[]>> = {
  main: [],
  zoomed: ["z"],
  "sort menu": ["s"],
  "tool menu": ["t"],
  "tool menu with a search": ["t", ..."slow"],
  "column menu": ["C"],
  "group menu": ["b", "b"],
  form: ["e"],
  "filter prompt": ["/", ..."nginx"],
  "filter prompt with a long text": ["/", ..."comm=nginx && writes>100 && !/var/log/nginx/access"],
  "filter prompt with a problem": ["/", ..."fil~x"],
  filtered: ["/", "n", "Enter"],
  "time prompt": ["@", "5"],
  "time prompt with a problem": ["@", "5", "Enter"],
  details: ["d"],
  paused: [" "],
  past: ["[", "["],
  grouped: ["b"],
  "heat map": ["t", ..."runqlat", "Enter", "z"],
  help: ["?"],
  "help of a menu": ["t", "F1"],
  message: ["m"],
};

const lastLine = (text: string): string => text.split("\n").at(-1) ?? "";

function assertWaysOut(
  line: string,
  { open, isHelp, where }: { open: boolean; isHelp: boolean; where: string },
): void {
  assert.match(line, open ? /\bEsc\b/ : /(^| )q( |$)/, `the way out ${where}: ${line}`);
  if (!isHelp) assert.match(line, /(^| )(\?|F1)( |$)/, `the way to the help ${where}: ${line}`);
}

for (const [mode, keys] of Object.entries({ ...MODES, "message in a form": ["e"] })) {
  Deno.test(`the footer shows the way out and the way to the help at every size: ${mode}`, () => {
    for (const [width, height] of SIZES) {
      const screen = new TestScreen([width, height]).tick(5).press(...keys);
      if (mode === "message in a form") {
        assert.equal(screen.ui.overlay?.kind, "flags");
        screen.ui = { ...screen.ui, message: { text: "no such directory", kind: "error" } };
      }
      const { hints } = screen.arranged();
      const isHelp = screen.ui.overlay?.kind === "help";
      const open = hints.some(({ name }) => name === "back");
      assert.equal(open, mode !== "main" && mode !== "message");
      assertWaysOut(lastLine(screen.text()), { open, isHelp, where: `at ${width}×${height}` });
      assertWaysOut(lastLine(screen.text(true)), { open, isHelp, where: `in ASCII at ${width}×${height}` });
    }
  });
}

Deno.test("the footer shows the way out and the way to the help at every size: flame graph", () => {
  for (const [width, height] of SIZES) {
    for (const keys of [[], ["Down", "Down", "Enter"]]) {
      const now = pressKeys(flameContext(flameModel([ROWS]), [width, height]), ...keys);
      const where = `at ${width}×${height} after ${keys}`;
      assertWaysOut(lastLine(gridText(drawScreen(now))), { open: false, isHelp: false, where });
    }
  }
});

Deno.test("the footer shows the way out and the way to the help at every size: replay", () => {
  for (const state of ["playing", "paused", "end", "failed"] as const) {
    const range = { from: 0, to: null };
    const replay = { position: 2, total: 9, range, peaks: null, speed: 1, state, demo: false };
    const model = { ...new FakeMonitor().model(), replay };
    for (const [width, height] of SIZES) {
      const grid = drawScreen({ ui: initialUi(4), model, size: { width, height }, capabilities: REPLAY });
      assertWaysOut(lastLine(gridText(grid)), {
        open: false,
        isHelp: false,
        where: `${state} at ${width}×${height}`,
      });
    }
  }
});

Deno.test("the footer shows the keys that lead on at 80×24, also while there is a message", () => {
  const LEADING = ["t", "/", "d", "s", "z", "Space", "["];
  const screen = new TestScreen([80, 24]).tick();
  for (const line of [screen, screen.press("m")].map((one) => lastLine(one.text()))) {
    for (const key of LEADING) assert.ok(line.split(/ +/).includes(key), `${key} in ${line}`);
  }
  assert.match(screen.text(), /\n Mouse on: text cannot be selected\n/);
});

Deno.test("a form shows how to apply it at 40×12", () => {
  const screen = new TestScreen([40, 12]).tick().press("e");
  assert.equal(lastLine(screen.text()), " Space Change Enter Apply Esc F1");
});

Deno.test("the problem of what is typed is shown also while there is a message", () => {
  const screen = new TestScreen([40, 12]).tick().press("m", "/", ..."foo>3");
  assert.match(screen.text(), /\n not applied: no column foo; for text\n use quotes: "foo>3"\n/);
});

Deno.test("a message has its own lines, is wrapped, and covers no more than a third of the panes", () => {
  const text = "Wrote ktop-20261120-180000.txt, .json, .svg and .gz in /a/directory/with/a/long/name";
  const screen = new TestScreen([40, 12]).tick();
  screen.ui = { ...screen.ui, message: { text, kind: "info" } };
  assert.match(
    screen.text(),
    /\n Wrote ktop-20261120-180000\.txt, \.json,\n \.svg and \.gz in\n \/a\/directory\/with\/a\/long\/name\n \? Help/,
  );
  screen.ui = { ...screen.ui, message: { text: "word ".repeat(99), kind: "info" } };
  assert.equal(screen.text().split("\n").filter((line) => line.startsWith(" word")).length, 3);
});
