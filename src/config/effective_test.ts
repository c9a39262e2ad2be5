import assert from "node:assert/strict";
import { TOOLS } from "../tools/mod.ts";
import { type CommandLineSettings, effectiveSettings } from "./effective.ts";
import { configurationPath } from "./load.ts";
import { allPaneSets } from "./pane_sets.ts";
import { parseConfiguration } from "./parse.ts";
import { renderSettings } from "./render.ts";
import type { FileSettings, Settings } from "./settings.ts";

const UTF8 = { LANG: "C.UTF-8", TERM: "xterm" };
const file = (text: string): Promise<FileSettings> => parseConfiguration({ path: "/c.toml", text }, TOOLS);
const effective = async (
  text: string,
  given: CommandLineSettings = {},
  env: Record<string, string> = UTF8,
): Promise<Settings> => effectiveSettings(await file(text), given, env);

Deno.test("effectiveSettings() prefers the command line to the file, and the file to the defaults", async () => {
  const { general } = await effective('theme = "light"\ninterval = 2', { interval: 5 });
  assert.deepEqual(general["max-memory"], { value: 128, origin: { kind: "default" } });
  assert.deepEqual(general.interval, { value: 5, origin: { kind: "command line", option: "--interval" } });
  assert.deepEqual(general.theme, { value: "light", origin: { kind: "file", path: "/c.toml", line: 1 } });
  assert.deepEqual(general.mouse, { value: false, origin: { kind: "default" } });
  assert.deepEqual(effectiveSettings(null, {}, UTF8).general.panes.value.length, 4);
});

Deno.test("effectiveSettings() prefers the environment to the file, and the command line to both", async () => {
  const ascii = async (given: CommandLineSettings, env: Record<string, string>) =>
    (await effective("ascii = false", given, env)).general.ascii;
  assert.equal((await ascii({}, UTF8)).origin.kind, "file");
  assert.deepEqual(await ascii({}, { LANG: "C" }), {
    value: true,
    origin: { kind: "environment", name: "LANG" },
  });
  const overruled = await ascii({}, { LANG: "C.UTF-8", LC_ALL: "C" });
  assert.deepEqual(overruled.origin, { kind: "environment", name: "LC_ALL" });
  assert.equal((await ascii({ ascii: true }, UTF8)).origin.kind, "command line");
});

Deno.test("configurationPath() is under XDG_CONFIG_HOME, else under HOME, and never relative", () => {
  assert.equal(configurationPath({ XDG_CONFIG_HOME: "/x", HOME: "/h" }), "/x/ktop/config.toml");
  assert.equal(configurationPath({ HOME: "/h" }), "/h/.config/ktop/config.toml");
  assert.equal(configurationPath({ XDG_CONFIG_HOME: "", HOME: "/h" }), "/h/.config/ktop/config.toml");
  assert.equal(configurationPath({ XDG_CONFIG_HOME: "x", HOME: "/h" }), "/h/.config/ktop/config.toml");
  assert.equal(configurationPath({ XDG_CONFIG_HOME: "x", HOME: "." }), null);
  assert.equal(configurationPath({}), null);
});

const TEXT = `interval = 2
theme = "light"
[colors]
title = "bold 75 on #102030"
[keys]
quit = ["Q", "Space"]
pause = ["P"]
[tools.filetop]
sort = "reads"
filter = 'a"\\b'
hidden = ["type"]
by = "file"
[tools.filetop.flags]
all-types = true
`;

Deno.test("renderSettings() names the origin of every value", async () => {
  const text = renderSettings({ settings: await effective(TEXT, { ascii: true }), about: "about" });
  for (
    const line of [
      /^# about$/m,
      /^panes = .* # default$/m,
      /^interval = 2 +# \/c\.toml:1$/m,
      /^ascii = true +# command line: --ascii$/m,
      /^title = "bold 75 on #102030" +# \/c\.toml:4$/m,
      /^quit = \["Q", "Space"\] +# \/c\.toml:6$/m,
      /^help = \["\?", "h", "F1"\] +# default$/m,
      /^\[tools\.filetop\.flags\]\nall-types = true +# \/c\.toml:14$/m,
    ]
  ) assert.match(text, line);
  const mono = renderSettings({
    settings: await effective(TEXT),
    about: "about",
    noColor: { kind: "environment", name: "NO_COLOR" },
  });
  assert.match(mono, /^theme = "mono" +# environment: NO_COLOR$/m);
});

Deno.test("renderSettings() writes a configuration that reads back as the same settings", async () => {
  const values = (settings: Settings): unknown => ({
    general: Object.entries(settings.general).map(([name, { value }]) => [name, value]),
    colors: [...settings.colors].map(([name, { value }]) => [name, value]),
    screens: [...settings.screens].map(([name, { value }]) => [name, value]),
    tools: [...settings.tools].map(([name, { flags, ...own }]) => [
      name,
      Object.entries(own).map(([key, { value }]) => [key, value]),
      [...flags].map(([key, { value }]) => [key, value]),
    ]),
  });
  const once = await effective(`${TEXT}[screens]\nweb = ["opensnoop", "runqlat"]\n`);
  assert.deepEqual(once.screens.get("web")?.value, ["opensnoop", "runqlat"]);
  const again = await effective(renderSettings({ settings: once, about: "about" }));
  assert.deepEqual(values(again), values(once));
  assert.deepEqual(again.keys.get("quit")?.value, ["Q", " "]);
  assert.deepEqual(again.keys.get("zoom")?.value, ["Enter", "z"]);
});

Deno.test("allPaneSets() has ktop's sets and the user's own, which take the place of those of the same name", async () => {
  const { screens } = await effective('[screens]\nweb = ["opensnoop"]\nfiles = ["dcstat", "filetop"]\n');
  const sets = allPaneSets({ screens });
  assert.deepEqual(
    sets.filter(({ name }) => ["web", "files"].includes(name)).map((
      { name, tools, spares },
    ) => [name, tools, spares]),
    [["files", ["dcstat", "filetop"], []], ["web", ["opensnoop"], []]],
  );
  const builtIn = allPaneSets({ screens: new Map() }).map(({ name }) => name);
  assert.ok(builtIn.includes("disk"));
  assert.deepEqual(sets.map(({ name }) => name), [...builtIn, "web"]);
});
