/**
 * The full-screen monitor: keys in, cells out. This room draws a {@linkcode Model} and sends the
 * commands of keys to a {@linkcode MonitorHandle}; it never opens a tool, reads /proc or calls libbpf, and nothing
 * outside it writes to the terminal while it runs.
 *
 * @module
 */
export { runApp } from "./app.ts";
export {
  ANSI_NAMES,
  type Color,
  parseColor,
  Style,
  type StyleName,
  type StyleSpec,
  THEME_NAMES,
  type ThemeName,
} from "./canvas/mod.ts";
export { ALWAYS_QUITS, answeredQuestions, MAIN, MODES } from "./keys/mod.ts";
export { hasRoomForFigures, type Question, QUESTIONS } from "./layout/mod.ts";
export type { AppOptions, MonitorHandle, ScreenSystem } from "./monitor_handle.ts";
export {
  type PaneStart,
  type ScreenChoices,
  type ScreenFiles,
  type Setup,
  withGroupings,
  type WrittenScreen,
} from "./setup.ts";
export { type KeyMap, needsPatterns, type PaneUi, parseToolFilter } from "./state/mod.ts";
export { KEY_NAMES, MODIFIABLE_KEYS, terminalCapabilities, terminalSize } from "./terminal/mod.ts";
