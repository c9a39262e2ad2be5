/**
 * Finds, reads and checks the configuration file, and merges it with the command line and the environment.
 *
 * @module
 */
import { join } from "node:path";
import { UsageError } from "../errors.ts";
import { type Environment, shownValue } from "../text/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { type CommandLineSettings, effectiveSettings } from "./effective.ts";
import { type ConfigurationFile, readConfiguration } from "./read.ts";
import type { FileSettings, Settings } from "./settings.ts";

/** What the effective configuration is made from. */
export interface LoadInput {
  /** `--config FILE`; false: `--no-config`; undefined: the default path. */
  readonly file: string | false | undefined;
  readonly commandLine: CommandLineSettings;
  readonly env: Environment;
}

/** The effective configuration and its file. */
export interface LoadedSettings {
  readonly settings: Settings;
  /** The file that is or would be read; null: none. */
  readonly path: string | null;
  /** The file exists. */
  readonly found: boolean;
}

/**
 * The default path: `$XDG_CONFIG_HOME/ktop/config.toml`, else `~/.config/ktop/config.toml`. A relative directory is
 * ignored, as the XDG base directory specification demands: nothing is ever read from the working directory.
 *
 * @returns null if neither variable holds an absolute path.
 */
export function configurationPath(env: Environment): string | null {
  const { XDG_CONFIG_HOME: xdg = "", HOME: home = "" } = env;
  const base = xdg.startsWith("/") ? xdg : home.startsWith("/") ? join(home, ".config") : null;
  return base === null ? null : join(base, "ktop", "config.toml");
}

/** The TOML parser is loaded only for a file that exists, because the first frame waits for it. */
async function parse(file: ConfigurationFile): Promise<FileSettings> {
  const { parseConfiguration } = await import("./parse.ts");
  return parseConfiguration(file, TOOLS);
}

/** Loads the effective configuration. Throws UsageError for a file that is missing, invalid or not trusted. */
export async function loadSettings({ file, commandLine, env }: LoadInput): Promise<LoadedSettings> {
  const path = file === false ? null : file ?? configurationPath(env);
  const read = path === null ? null : readConfiguration(path);
  if (read === null && typeof file === "string") {
    throw new UsageError(`The configuration ${shownValue(file)} does not exist.`, {
      remedy: "Run with --no-config to use the defaults.",
    });
  }
  const settings = effectiveSettings(read && await parse(read), commandLine, env);
  return { settings, path, found: read !== null };
}
