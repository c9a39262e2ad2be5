/**
 * The theme in use, at the terminal's colour depth.
 *
 * @module
 */
import {
  type ColorDepth,
  makePalette,
  type Overrides,
  overrideTheme,
  type Palette,
  type PictureColors,
  TERMINAL_COLORS,
  type Theme,
  THEME_NAMES,
  type ThemeName,
  THEMES,
} from "./canvas/mod.ts";

/** The chosen theme and its palette. On a terminal without colours the palette is that of mono. */
export class ThemeState {
  readonly #depth: ColorDepth;
  readonly #overrides: Overrides;
  #theme: ThemeName;
  #palette: Palette;

  constructor(depth: ColorDepth, chosen: { readonly theme: ThemeName; readonly overrides: Overrides }) {
    this.#depth = depth;
    this.#overrides = chosen.overrides;
    this.#theme = chosen.theme;
    this.#palette = this.#make();
  }

  /** The theme that was chosen. */
  get theme(): ThemeName {
    return this.#theme;
  }

  /** The sequences that change one style into another. */
  get palette(): Palette {
    return this.#palette;
  }

  /** The colours of a picture of the screen, which are not limited to those of the terminal. */
  get pictureColors(): PictureColors {
    return { theme: this.#effective(), terminal: TERMINAL_COLORS[this.#shown()] };
  }

  /** Switches to the next theme. False: this terminal shows no colours, and nothing changes. */
  next(): boolean {
    if (this.#depth === "mono") return false;
    const place = THEME_NAMES.indexOf(this.#theme);
    this.#theme = THEME_NAMES[(place + 1) % THEME_NAMES.length] as ThemeName;
    this.#palette = this.#make();
    return true;
  }

  #shown(): ThemeName {
    return this.#depth === "mono" ? "mono" : this.#theme;
  }

  /** The shown theme with the configured styles. */
  #effective(): Theme {
    return overrideTheme(THEMES[this.#shown()], this.#overrides);
  }

  #make(): Palette {
    return makePalette(this.#effective(), this.#depth);
  }
}
