/**
 * The full-screen monitor: keys in, cells out. This room draws a {@linkcode Model} and asks a
 * {@linkcode MonitorHandle} for what a key wants; it never opens a tool, reads /proc or calls libbpf, and nothing
 * outside it writes to the terminal while it runs.
 *
 * @module
 */
export { runApp } from "./app.ts";
export type { AppOptions, MonitorHandle } from "./monitor_handle.ts";
export { type Chosen, type PaneStart, type ScreenFiles, type Setup } from "./setup.ts";
