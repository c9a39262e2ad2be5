/**
 * The options that configure the screen, and the settings that come of them.
 *
 * @module
 */
import { type Command, Option } from "commander";
import type { Loaded, Origin } from "../config/mod.ts";
import { THEME_NAMES, type ThemeName } from "../tui/canvas/theme.ts";
import { type CommonOptions, unknownWord } from "./options.ts";

/** The options of {@linkcode configurationOptions}, as given. */
export interface ConfigurationOptions extends CommonOptions {
  readonly theme?: ThemeName;
  /** A file; false: none is read. */
  readonly config?: string | false;
}

function parseTheme(text: string): ThemeName {
  const found = THEME_NAMES.find((name) => name === text);
  if (found) return found;
  throw unknownWord("theme", text, THEME_NAMES);
}

/** Adds `--theme`, `--config` and `--no-config`. */
export function configurationOptions(command: Command): void {
  const theme = new Option("--theme <NAME>", `colours: ${THEME_NAMES.join(", ")}`).choices(THEME_NAMES);
  command
    .addOption(theme.argParser(parseTheme))
    .option("--config <FILE>", "read this configuration")
    .option("--no-config", "read no configuration");
}

/** The environment as the screen takes it: a theme asked for by name goes before NO_COLOR. */
export function screenEnvironment({ theme }: ConfigurationOptions): Record<string, string> {
  const env = Deno.env.toObject();
  if (theme !== undefined) delete env["NO_COLOR"];
  return env;
}

/** Settings from options, environment and file. Throws UsageError for a file that is wrong or not to be trusted. */
export async function settingsFor(options: ConfigurationOptions): Promise<Loaded> {
  const { loadSettings } = await import("../config/load.ts");
  const { panes, interval, theme, ascii, config } = options;
  return loadSettings({
    file: config,
    commandLine: { panes, interval, theme, ascii },
    env: screenEnvironment(options),
  });
}

/** Why nothing is shown in colour; undefined: it is. */
export async function noColorOrigin(options: ConfigurationOptions): Promise<Origin | undefined> {
  if (options.color === false) return { kind: "command line", option: "--no-color" };
  const { terminalCapabilities } = await import("../tui/terminal/capabilities.ts");
  const env = screenEnvironment(options);
  if (terminalCapabilities(env, { noColor: false, ascii: false }).depth !== "mono") return undefined;
  return { kind: "environment", name: env["NO_COLOR"] ? "NO_COLOR" : "TERM" };
}
