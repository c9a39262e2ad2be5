/**
 * Cells, styles, themes and the difference between two screens: arithmetic on arrays. Nothing in this room reads the
 * environment, writes to a terminal or depends on tools.
 *
 * @module
 */
export { ANSI_NAMES, type Color, parseColor, xtermRgb } from "./color.ts";
export { diff } from "./diff.ts";
export { CONTINUATION, Grid } from "./grid.ts";
export { gridHtml } from "./html.ts";
export { Line, type Rect, Region, type Size } from "./region.ts";
export { type ColorDepth, makePalette, Palette } from "./palette.ts";
export { Style, type StyleId, type StyleName, type StyleSpec, type Theme } from "./style.ts";
export type { PictureColors } from "./picture.ts";
export { gridSvg } from "./svg.ts";
export {
  type Overrides,
  overrideTheme,
  TERMINAL_COLORS,
  THEME_NAMES,
  type ThemeName,
  THEMES,
} from "./theme.ts";
