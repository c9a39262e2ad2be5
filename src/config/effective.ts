/**
 * The effective configuration: the command line overrides the environment, which overrides the file, which overrides the
 * defaults.
 *
 * @module
 */
import { MAX_MEMORY } from "../monitor/mod.ts";
import { asciiVariable, type Environment } from "../text/mod.ts";
import { DEFAULT_PANES } from "../tools/mod.ts";
import type { FileSettings, GeneralSettings, Origin, Setting, Settings } from "./settings.ts";

/** Settings from the command line. */
export type CommandLineSettings = Partial<Omit<GeneralSettings, "mouse">>;

const DEFAULTS: GeneralSettings = {
  panes: DEFAULT_PANES,
  interval: 1,
  "max-memory": MAX_MEMORY.default,
  theme: "dark",
  ascii: false,
  mouse: false,
};

const NO_FILE: FileSettings = {
  general: {},
  colors: new Map(),
  keys: new Map(),
  screens: new Map(),
  tools: new Map(),
};

function asciiFromEnvironment(env: Environment): Setting<boolean> | undefined {
  const name = asciiVariable(env);
  return name === null ? undefined : { value: true, origin: { kind: "environment", name } };
}

/** Picks each setting from the origin with the highest precedence. */
export function effectiveSettings(
  file: FileSettings | null,
  commandLine: CommandLineSettings,
  env: Environment,
): Settings {
  const { general, colors, keys, screens, tools } = file ?? NO_FILE;
  const defaults: Origin = { kind: "default" };
  const pick = <K extends keyof GeneralSettings>(
    name: K,
    given?: GeneralSettings[K],
    fromEnvironment?: Setting<GeneralSettings[K]>,
  ): Setting<GeneralSettings[K]> => {
    if (given !== undefined) return { value: given, origin: { kind: "command line", option: `--${name}` } };
    const written = general[name] as Setting<GeneralSettings[K]> | undefined;
    return fromEnvironment ?? written ?? { value: DEFAULTS[name], origin: defaults };
  };
  return {
    general: {
      panes: pick("panes", commandLine.panes),
      interval: pick("interval", commandLine.interval),
      "max-memory": pick("max-memory", commandLine["max-memory"]),
      theme: pick("theme", commandLine.theme),
      ascii: pick("ascii", commandLine.ascii, asciiFromEnvironment(env)),
      mouse: pick("mouse"),
    },
    colors,
    keys,
    screens,
    tools,
  };
}
