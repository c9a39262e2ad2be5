/**
 * Keys that change how the screen looks, and those that write it or the configuration to a file.
 *
 * @module
 */
import type { Binding } from "./binding.ts";

/** Theme, screen to a file, configuration to its file. */
export const lookKeys: readonly Binding[] = [
  {
    name: "theme",
    keys: ["o"],
    shown: "o",
    help: "Next theme: dark, light, high-contrast, mono.",
    run: ({ ui }) => ({ ui, action: { kind: "nextTheme" } }),
  },
  {
    name: "write-screen",
    keys: ["w"],
    shown: "w",
    help: "Write the screen as text, and all rows of every pane as JSON, to files where ktop was started.",
    when: ({ writes }) => writes?.screen ?? false,
    run: ({ ui }) => ({ ui, action: { kind: "writeScreen" } }),
  },
  {
    name: "write-configuration",
    keys: ["W"],
    shown: "W",
    help: "Write panes, interval, theme, sorting and filters to the configuration file.",
    when: ({ writes }) => writes?.configuration ?? false,
    run: ({ ui }) => ({ ui, action: { kind: "writeConfiguration" } }),
  },
];
