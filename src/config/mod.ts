/**
 * The configuration: which file it is, whether that file may be believed, what it says, who has the last word about
 * each setting, and how what was chosen on the screen is written back. This room reads and writes that one file and
 * nothing else; it draws nothing, and opens no tool. What the first frame waits for is imported from its own file, so
 * that the parser is loaded only where there is a file.
 *
 * @module
 */
export { changesFor } from "./chosen.ts";
export type { Loaded } from "./load.ts";
export { configurationPath } from "./location.ts";
export { renderSettings } from "./render.ts";
export { saveConfiguration } from "./save.ts";
export { type Origin, type Settings } from "./settings.ts";
