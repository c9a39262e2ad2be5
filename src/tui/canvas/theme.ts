/**
 * How each style looks: the themes by name. Ordinary text keeps the terminal's own colours in every one of them, so
 * a theme is made for a kind of background and does not paint one.
 *
 * @module
 */
import type { Look, StyleName, Theme } from "./style.ts";
import { darkTheme } from "./themes/dark.ts";
import { highContrastTheme } from "./themes/high_contrast.ts";
import { lightTheme } from "./themes/light.ts";
import { monoTheme } from "./themes/mono.ts";

/** The themes, in the order in which the key goes through them. */
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

/** Looks that replace those of a theme. */
export type Overrides = Readonly<Partial<Record<StyleName, Look>>>;

/** A theme with some looks changed: each property that is given replaces the theme's, the others stay. */
export function overrideTheme(theme: Theme, overrides: Overrides): Theme {
  const changed = Object.entries(overrides) as [StyleName, Look][];
  return {
    ...theme,
    ...Object.fromEntries(changed.map(([name, look]) => [name, { ...theme[name], ...look }])),
  };
}
