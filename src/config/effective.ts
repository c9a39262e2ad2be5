/**
 * Who has the last word: the command line, then the environment, then the file, then the defaults.
 *
 * @module
 */
import { DEFAULT_PANES } from "../tools/mod.ts";
import type { ThemeName } from "../tui/canvas/mod.ts";
import { type Environment, terminalCapabilities } from "../tui/terminal/capabilities.ts";
import type { FileSettings, General, Origin, Setting, Settings } from "./settings.ts";

/** What the command line said; absent: nothing. */
export interface CommandLine {
  readonly panes?: readonly string[];
  readonly interval?: number;
  readonly theme?: ThemeName;
  readonly ascii?: boolean;
}

/** Values that nobody chose. */
export const DEFAULTS: General = {
  panes: DEFAULT_PANES,
  interval: 1,
  theme: "dark",
  ascii: false,
  mouse: false,
};

const NO_FILE: FileSettings = { general: {}, colors: new Map(), keys: new Map(), tools: new Map() };

/** The variable that says which characters can be shown (locale(7)). */
function localeVariable(env: Environment): string {
  return ["LC_ALL", "LC_CTYPE", "LANG"].find((name) => env[name]) ?? "LANG";
}

/** What the environment says of `ascii`; undefined: nothing. */
function asciiByEnvironment(env: Environment): Setting<boolean> | undefined {
  if (!terminalCapabilities(env, { noColor: false, ascii: false }).ascii) return undefined;
  const name = env["TERM"] === "linux" ? "TERM" : localeVariable(env);
  return { value: true, origin: { kind: "environment", name } };
}

/** Puts the settings together. */
export function effectiveSettings(
  file: FileSettings | null,
  commandLine: CommandLine,
  env: Environment,
): Settings {
  const { general, colors, keys, tools } = file ?? NO_FILE;
  const defaults: Origin = { kind: "default" };
  const pick = <K extends keyof General>(
    name: K,
    given?: General[K],
    fromEnvironment?: Setting<General[K]>,
  ): Setting<General[K]> => {
    if (given !== undefined) return { value: given, origin: { kind: "command line", option: `--${name}` } };
    const written = general[name] as Setting<General[K]> | undefined;
    return fromEnvironment ?? written ?? { value: DEFAULTS[name], origin: defaults };
  };
  return {
    general: {
      panes: pick("panes", commandLine.panes),
      interval: pick("interval", commandLine.interval),
      theme: pick("theme", commandLine.theme),
      ascii: pick("ascii", commandLine.ascii, asciiByEnvironment(env)),
      mouse: pick("mouse"),
    },
    colors,
    keys,
    tools,
  };
}
