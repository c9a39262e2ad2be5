/**
 * The configuration: finding the file, checking that other users cannot change it, parsing it, merging it with the
 * command line and the environment, and writing back what was chosen on the screen. Nothing here draws or opens a tool.
 * The first frame waits for `loadSettings`; the TOML parser and the screen's tables are loaded only by what needs them.
 *
 * @module
 */
import { TOOLS } from "../tools/mod.ts";
import type { ScreenChoices, Setup } from "../tui/mod.ts";
import type { RenderInput } from "./render.ts";
import type { Settings } from "./settings.ts";

export { allPaneSets } from "./pane_sets.ts";
export { configurationPath, type LoadedSettings, loadSettings } from "./load.ts";
export type { Origin, Setting, Settings } from "./settings.ts";

/** The settings in the form that the screen takes. */
export async function screenSetup(settings: Settings): Promise<Setup> {
  return (await import("./screen.ts")).screenSetup(settings);
}

/** The effective configuration as TOML, each value with its origin as a comment. */
export async function renderSettings(input: RenderInput): Promise<string> {
  return (await import("./render.ts")).renderSettings(input);
}

/** Writes what was chosen on the screen to the file. Resolves with a message for the user; rejects with the reason. */
export async function saveChoices(
  path: string,
  choices: ScreenChoices,
  settings: Settings,
): Promise<string> {
  const [{ changesFor }, { saveConfiguration }] = await Promise.all([
    import("./screen.ts"),
    import("./save.ts"),
  ]);
  return saveConfiguration(path, changesFor(choices, settings, TOOLS), TOOLS);
}
