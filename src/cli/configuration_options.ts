/**
 * The options that configure the screen, and loading the effective configuration.
 *
 * @module
 */
import { type Command, Option } from "commander";
import type { LoadedSettings, Origin } from "../config/mod.ts";
import { UsageError } from "../errors.ts";
import type { PaneSet } from "../model/mod.ts";
import type { ThemeName } from "../tui/mod.ts";
import { type CommonOptions, unknownWord } from "./options.ts";

/** The themes. Listed here again, checked against the screen's by the type, so that `--help` does not load the screen. */
const THEMES = {
  dark: true,
  light: true,
  "high-contrast": true,
  mono: true,
} as const satisfies Readonly<Record<ThemeName, true>>;
const THEME_NAMES = Object.keys(THEMES) as ThemeName[];

/** The options of {@linkcode configurationOptions}, as given. */
export interface ConfigurationOptions extends CommonOptions {
  readonly theme?: ThemeName;
  /** A path; false: no file is read. */
  readonly config?: string | false;
}

function parseTheme(text: string): ThemeName {
  const found = THEME_NAMES.find((name) => name === text);
  if (found) return found;
  throw unknownWord("theme", text, THEME_NAMES);
}

/** Adds `--theme`, `--config` and `--no-config`. */
export function configurationOptions(command: Command): void {
  const theme = new Option("--theme <NAME>", "colour theme").choices(THEME_NAMES);
  command
    .addOption(theme.argParser(parseTheme))
    .option("--config <FILE>", "use this configuration file")
    .option("--no-config", "ignore the configuration file");
}

/** The environment for the screen: `--theme` overrides NO_COLOR. */
export function screenEnvironment({ theme }: ConfigurationOptions): Record<string, string> {
  const env = Deno.env.toObject();
  if (theme !== undefined) delete env["NO_COLOR"];
  return env;
}

/** The effective configuration, and the set of panes that `--screen` names; null: none. */
export interface ScreenSettings extends LoadedSettings {
  readonly paneSet: PaneSet | null;
}

/** Loads the effective configuration. Throws UsageError for a file that is invalid or not trusted, and for an unknown screen. */
export async function settingsFor(options: ConfigurationOptions): Promise<ScreenSettings> {
  const { allPaneSets, loadSettings } = await import("../config/mod.ts");
  const { panes, screen, interval, maxMemory, theme, ascii, config } = options;
  if (screen !== undefined && panes !== undefined) {
    throw new UsageError("--screen and --panes cannot be combined: both choose the panes.");
  }
  const loaded = await loadSettings({
    file: config,
    commandLine: { panes, interval, "max-memory": maxMemory, theme, ascii },
    env: screenEnvironment(options),
  });
  if (screen === undefined) return { ...loaded, paneSet: null };
  const sets = allPaneSets(loaded.settings);
  const paneSet = sets.find(({ name }) => name === screen);
  if (!paneSet) throw unknownWord("screen", screen, sets.map(({ name }) => name));
  const { settings } = loaded;
  const chosen = { value: paneSet.tools, origin: { kind: "command line", option: "--screen" } } as const;
  return { ...loaded, settings: { ...settings, general: { ...settings.general, panes: chosen } }, paneSet };
}

/** Why the screen has no colours; undefined: it has. */
export async function noColorOrigin(options: ConfigurationOptions): Promise<Origin | undefined> {
  if (options.color === false) return { kind: "command line", option: "--no-color" };
  const { terminalCapabilities } = await import("../tui/mod.ts");
  const env = screenEnvironment(options);
  if (terminalCapabilities(env, { noColor: false, ascii: false }).depth !== "mono") return undefined;
  return { kind: "environment", name: env["NO_COLOR"] ? "NO_COLOR" : "TERM" };
}
