/**
 * The themes by name. Ordinary text keeps the terminal's own colours in all of them: a theme is made for a kind of
 * background and does not paint one.
 *
 * @module
 */
import type { StyleName, StyleSpec, Theme } from "./style.ts";
import { darkTheme } from "./themes/dark.ts";
import { highContrastTheme } from "./themes/high_contrast.ts";
import { lightTheme } from "./themes/light.ts";
import { monoTheme } from "./themes/mono.ts";

/** The themes, in the order of the key that switches them. */
export const THEMES = {
  dark: darkTheme,
  light: lightTheme,
  "high-contrast": highContrastTheme,
  mono: monoTheme,
} as const satisfies Readonly<Record<string, Theme>>;

/** Name of a theme. */
export type ThemeName = keyof typeof THEMES;

/** Every theme's name. */
export const THEME_NAMES = Object.keys(THEMES) as readonly ThemeName[];

/** The terminal's own colours, `#rrggbb`. */
export interface TerminalColors {
  readonly ink: string;
  readonly paper: string;
}

const DARK_TERMINAL: TerminalColors = { ink: "#d7dde5", paper: "#0c1016" };

/** The terminal that a picture in a theme shows, of the kind that the theme is made for. */
export const TERMINAL_COLORS: Readonly<Record<ThemeName, TerminalColors>> = {
  dark: DARK_TERMINAL,
  light: { ink: "#1f2328", paper: "#ffffff" },
  "high-contrast": { ink: "#e5e5e5", paper: "#000000" },
  mono: DARK_TERMINAL,
};

/** Styles that replace those of a theme. */
export type Overrides = Readonly<Partial<Record<StyleName, StyleSpec>>>;

/** A theme with some styles changed: each given property replaces the theme's, the others stay. */
export function overrideTheme(theme: Theme, overrides: Overrides): Theme {
  const changed = Object.entries(overrides) as [StyleName, StyleSpec][];
  return {
    ...theme,
    ...Object.fromEntries(changed.map(([name, spec]) => [name, { ...theme[name], ...spec }])),
  };
}
