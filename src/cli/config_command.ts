/**
 * `ktop config`: the effective configuration, each value with its origin.
 *
 * @module
 */
import { Command } from "commander";
import { UsageError } from "../errors.ts";
import { escapeText, shownValue } from "../text/mod.ts";
import { TOOLS } from "../tools/mod.ts";
import { findTools, mergeOptions, panesOption, parseInterval, parseMaxMemory } from "./options.ts";
import { standardOutput } from "./standard_streams.ts";
import {
  type ConfigurationOptions,
  configurationOptions,
  noColorOrigin,
  settingsFor,
} from "./configuration_options.ts";

async function pathText({ config }: ConfigurationOptions): Promise<string> {
  const { configurationPath } = await import("../config/mod.ts");
  const path = typeof config === "string" ? config : configurationPath(Deno.env.toObject());
  // Exact, so that a shell can use it; a terminal shows a name with control characters escaped.
  if (path !== null) return `${Deno.stdout.isTerminal() ? escapeText(path) : path}\n`;
  throw new UsageError("There is no path for a configuration: neither XDG_CONFIG_HOME nor HOME is set.");
}

async function settingsText(options: ConfigurationOptions): Promise<string> {
  const { renderSettings } = await import("../config/mod.ts");
  const { settings, path, found } = await settingsFor(options);
  findTools(settings.general.panes.value, TOOLS);
  const about = path === null
    ? "No configuration file is read."
    : `${shownValue(path)}${found ? "" : " (does not exist yet; W on the screen writes it)"}`;
  return renderSettings({ settings, about, noColor: await noColorOrigin(options) });
}

/** The command `config`. */
export function configCommand(programOptions: () => ConfigurationOptions): Command {
  const command = new Command("config").description(
    "print the effective configuration as TOML, with the origin of each value",
  );
  command
    .option("--path", "print only the path of the configuration file")
    .option("-i, --interval <SEC>", "as for the screen", parseInterval)
    .option("--max-memory <MB>", "as for the screen", parseMaxMemory)
    .option("--no-color", "as for the screen")
    .option("--ascii", "as for the screen");
  panesOption(command);
  configurationOptions(command);
  command.action(async (own: ConfigurationOptions & { path?: boolean }) => {
    const options: ConfigurationOptions = mergeOptions(programOptions(), own);
    await standardOutput().write(
      own.path ? await pathText(options) : await settingsText(options),
    );
  });
  return command;
}
