/**
 * The settings of this run.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { escapeText } from "../text/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import type { Environment } from "../tui/terminal/capabilities.ts";
import { type CommandLine, effectiveSettings } from "./effective.ts";
import { configurationPath } from "./location.ts";
import { type ConfigurationFile, readConfiguration } from "./read.ts";
import type { FileSettings, Settings } from "./settings.ts";

/** Where settings are looked for. */
export interface LoadInput {
  /** `--config FILE`; false: `--no-config`; undefined: the usual place. */
  readonly file: string | false | undefined;
  readonly commandLine: CommandLine;
  readonly env: Environment;
}

/** What was found. */
export interface Loaded {
  readonly settings: Settings;
  /** The file that is or would be read; null: none. */
  readonly path: string | null;
  /** It is there. */
  readonly found: boolean;
}

/** The parser is loaded only where there is something to parse: the first frame waits for this. */
async function parse(file: ConfigurationFile): Promise<FileSettings> {
  const { parseConfiguration } = await import("./parse.ts");
  return parseConfiguration(file, TOOLS);
}

/** Reads and checks everything. Throws UsageError. */
export async function loadSettings({ file, commandLine, env }: LoadInput): Promise<Loaded> {
  const path = file === false ? null : file ?? configurationPath(env);
  const read = path === null ? null : readConfiguration(path);
  if (read === null && typeof file === "string") {
    throw new UsageError(`There is no configuration ${escapeText(file)}.`, {
      remedy: "Run with --no-config to go without.",
    });
  }
  const settings = effectiveSettings(read && await parse(read), commandLine, env);
  return { settings, path, found: read !== null };
}
