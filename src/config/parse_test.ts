import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import { TOOLS } from "../tools/mod.ts";
import { parseConfiguration } from "./parse.ts";
import type { FileSettings } from "./settings.ts";

const read = (text: string): Promise<FileSettings> => parseConfiguration({ path: "/c.toml", text }, TOOLS);

async function assertRefused(text: string, message: RegExp): Promise<void> {
  await assert.rejects(read(text), (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.exitCode, 2);
    assert.match(`${error.message} ${error.remedy}`, message);
    return true;
  });
}

const FULL = `
# my screen
panes = ["vfsstat", "opensnoop"]
interval = 0.5
theme = "light"
ascii = true
mouse = true

[colors]
titleFocus = "#6cb6ff"
warn = 214
selected = "bold white on 24"

[keys]
quit = ["q", "Ctrl-Q"]
help = "F1"

[tools.filetop]
sort = "COMM"
reverse = true
hidden = ["T"]
filter = "log"
by = "COMM"

[tools.filetop.flags]
all-types = true
`;

Deno.test("parseConfiguration() reads every setting with its line", async () => {
  const { general, colors, keys, tools } = await read(FULL);
  assert.deepEqual(general.panes?.value, ["vfsstat", "opensnoop"]);
  assert.deepEqual(general.interval, { value: 0.5, origin: { kind: "file", path: "/c.toml", line: 4 } });
  assert.deepEqual([general.theme?.value, general.ascii?.value, general.mouse?.value], ["light", true, true]);
  assert.equal(colors.get("titleFocus")?.value.look.fg?.rgb, 0x6cb6ff);
  assert.equal(colors.get("warn")?.value.look.fg?.c256, 214);
  const selected = colors.get("selected")?.value.look;
  assert.deepEqual([selected?.fg?.c16, selected?.bg?.c256, selected?.bold], [7, 24, true]);
  assert.deepEqual(keys.get("quit")?.value, ["q", "Ctrl-Q"]);
  assert.deepEqual(keys.get("help")?.value, ["F1"]);
  const filetop = tools.get("filetop");
  assert.equal(filetop?.sort?.value, "comm");
  assert.deepEqual(filetop?.hidden?.value, ["type"]);
  assert.deepEqual([filetop?.reverse?.value, filetop?.filter?.value], [true, "log"]);
  assert.equal(filetop?.by?.value, "comm");
  assert.deepEqual(filetop?.flags.get("all-types"), {
    value: true,
    origin: { kind: "file", path: "/c.toml", line: 26 },
  });
});

Deno.test("parseConfiguration() reads an empty file as no settings", async () => {
  assert.deepEqual(await read("# nothing yet\n"), {
    general: {},
    colors: new Map(),
    keys: new Map(),
    screens: new Map(),
    tools: new Map(),
  });
});

const REFUSED: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ["invalid TOML", "panes = [\n", /^\/c\.toml:\d: .*toml\.io/],
  [
    "an unknown setting",
    "a = 1\n".replace("a", "pane"),
    /c\.toml:1: Unknown setting "pane"\. Did you mean panes\?/,
  ],
  [
    "an unknown tool",
    '\npanes = ["filetp"]',
    /c\.toml:2: Unknown tool "filetp"\. Did you mean filetop\?/,
  ],
  [
    "an unknown tool in a screen",
    '[screens]\nweb = ["opensnop"]',
    /:2: Unknown tool "opensnop"\. Did you mean opensnoop\?/,
  ],
  ["a screen without tools", "[screens]\nweb = []", /:2: screens\.web needs at least one tool/],
  [
    "a screen of seven tools",
    '[screens]\nweb = ["filetop", "vfsstat", "dcstat", "runqlat", "dirtop", "filelife", "filegone"]',
    /:2: screens\.web takes at most 6 tools, and 7 are given/,
  ],
  [
    "a tool twice in a screen",
    '[screens]\nweb = ["filetop", "filetop"]',
    /:2: screens\.web takes each tool once/,
  ],
  [
    "a screen with a blank in its name",
    '[screens]\n"my web" = ["filetop"]',
    /:2: "my web" cannot name a screen/,
  ],
  ["no pane", "panes = []", /:1: panes needs at least one tool/],
  ["panes that are not strings", "panes = [1]", /:1: panes takes a list of strings/],
  ["an interval of zero", "interval = 0", /:1: interval takes a number from 0\.1 to 3600/],
  ["too little memory", "max-memory = 8", /:1: max-memory takes a whole number from 16 to 65536/],
  ["half a megabyte of memory", "max-memory = 20.5", /:1: max-memory takes a whole number/],
  ["an interval in quotes", 'interval = "1"', /:1: interval takes a number/],
  ["an interval that is not a number", "interval = nan", /:1: interval takes a number/],
  ["an unknown theme", 'theme = "drak"', /:1: Unknown theme "drak"\. Did you mean dark\?/],
  ["a string for a switch", 'mouse = "yes"', /:1: mouse takes true or false/],
  ["a number for a table", "colors = 1", /:1: colors must be a table/],
  ["an unknown style", '[colors]\ntitel = "red"', /:2: Unknown style "titel"\. Did you mean title\?/],
  ["a look for ordinary text", '[colors]\ntext = "red"', /:2: Unknown style "text"/],
  ["an unknown colour", '[colors]\ntitle = "bleu"', /:2: Unknown colour "bleu"\. Did you mean blue\?/],
  ["half a colour", '[colors]\ntitle = "#12"', /:2: "#12" is not a colour/],
  ["a number too large", "[colors]\ntitle = 256", /:2: "256" is not a colour/],
  ["a background alone", '[colors]\ntitle = "red on"', /:2: "red on" is not a colour/],
  ["a date", "[colors]\ntitle = 2026-01-01", /:2: colors\.title takes a string/],
  [
    "an unknown binding",
    '[keys]\nquitt = ["q"]',
    /:2: Unknown binding "quitt"\. Did you mean quit\?/,
  ],
  ["an unknown key", '[keys]\nquit = ["Entr"]', /:2: Unknown key "Entr"\. Did you mean Enter\?/],
  ["no key", "[keys]\nquit = []", /:2: quit needs at least one key/],
  ["the key of another binding", '[keys]\nzoom = ["h"]', /:2: "h" is bound to both zoom and help/],
  ["one key for two bindings", '[keys]\nzoom = ["Z"]\nhelp = ["Z"]', /:[23]: "Z" is bound to both/],
  [
    "Ctrl-C for a binding other than quit",
    '[keys]\nclear = ["Ctrl-C"]',
    /:2: "Ctrl-C" is bound to both clear and quit/,
  ],
  [
    "Ctrl-C for a binding other than quit, and other keys for quit",
    '[keys]\nquit = ["Q"]\nclear = ["Ctrl-C"]',
    /:3: "Ctrl-C" is bound to both clear and quit/,
  ],
  ["a table of an unknown tool", "[tools.filetpo]", /:1: Unknown tool "filetpo"\. Did you mean filetop\?/],
  [
    "an unknown column",
    '[tools.filetop]\nsort = "reeds"',
    /:2: filetop has no column "reeds"\. Did you mean reads/,
  ],
  ["an unknown hidden column", '[tools.filetop]\nhidden = ["X"]', /:2: filetop has no column "X"/],
  [
    "an unknown setting of a tool",
    "[tools.filetop]\nsorted = 1",
    /:2: Unknown setting of filetop "sorted"\. Did you mean sort\?/,
  ],
  [
    "an unknown flag",
    "[tools.filetop.flags]\nall = 1",
    /:2: Unknown flag of filetop "all"\. Did you mean all-types/,
  ],
  [
    "a number for a switch",
    "[tools.filetop]\nflags = { all-types = 1 }",
    /:2: tools\.filetop\.flags\.all-types takes true/,
  ],
  [
    "an invalid pattern for a flag",
    '[tools.execsnoop.flags]\nquote = true\nname = "("',
    /:1: "\(" is not a regular expression: missing closing \)\./,
  ],
  [
    "a filter with an unknown column",
    '[tools.filetop]\nfilter = "fil~log"',
    /^\/c\.toml:2: filter "fil~log": no column fil; the nearest is file\. $/,
  ],
  [
    "a filter with an invalid pattern",
    '[tools.filetop]\nfilter = "writes>0 file=/(/"',
    /:2: filter "writes>0 file=\/\(\/": not a pattern: missing closing \)\. $/,
  ],
  [
    "a column that rows cannot be grouped by",
    '[tools.filetop]\nby = "reads"',
    /:2: filetop cannot be grouped by reads, only by names and ids\. Columns to group by: tid, /,
  ],
  ["groups of counters", '[tools.vfsstat]\nby = "read"', /:2: vfsstat counted everything in one row: /],
  [
    "a comparison in a filter of counters",
    '[tools.vfsstat]\nfilter = "read>3"',
    /:2: filter "read>3": this pane has names, not columns; use text or \/pattern\/\. $/,
  ],
  [
    "a flag that replaces the rows of a pane by lines",
    "[tools.readpath.flags]\ncall = 'write'\nfolded = true",
    /:3: folded prints lines instead of rows: a pane cannot show them\. Run: ktop readpath --folded\.$/,
  ],
  [
    "a number below a flag's minimum",
    "[tools.filetop.flags]\nrows = -1",
    /:2: tools\.filetop\.flags\.rows takes a whole number/,
  ],
];

for (const [what, text, message] of REFUSED) {
  Deno.test(`parseConfiguration() names the line when it finds ${what}`, () => assertRefused(text, message));
}

Deno.test("parseConfiguration() escapes words of the file in errors", async () => {
  await assertRefused('theme = "\\u001b[2J"', /Unknown theme "\\x1b\[2J"/);
  await assertRefused('"\\u009bx" = 1', /Unknown setting "\\u009bx"/);
});

Deno.test("parseConfiguration() accepts two bindings that swap keys", async () => {
  const { keys } = await read('[keys]\nzoom = ["h"]\nhelp = ["z"]');
  assert.deepEqual([keys.get("zoom")?.value, keys.get("help")?.value], [["h"], ["z"]]);
});

Deno.test("parseConfiguration() treats names like __proto__ as unknown names", async () => {
  await assertRefused("__proto__ = 1", /Unknown setting "__proto__"/);
  await assertRefused('[colors]\nconstructor = "red"', /Unknown style "constructor"/);
});

Deno.test("parseConfiguration() refuses a tool twice and more than nine tools in panes", async () => {
  const panes = (names: readonly string[]): string => `panes = ${JSON.stringify(names)}`;
  const names = TOOLS.map(({ name }) => name);
  assert.equal((await read(panes(names.slice(0, 9)))).general.panes?.value.length, 9);
  await assertRefused(
    panes(["vfsstat", "filetop", "vfsstat"]),
    /^\/c\.toml:1: panes takes each tool once, and vfsstat is given twice\. $/,
  );
  await assertRefused(panes(names.slice(0, 10)), /:1: panes takes at most 9 tools, and 10 are given\. $/);
  await assertRefused(
    panes(Array(3000).fill("vfsstat")),
    /:1: panes takes at most 9 tools, and 3000 are given\. $/,
  );
});
