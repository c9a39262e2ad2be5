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

  /** Switches to the next theme. False: this terminal shows no colours, and nothing changes. */
  next(): boolean {
    if (this.#depth === "mono") return false;
    const place = THEME_NAMES.indexOf(this.#theme);
    this.#theme = THEME_NAMES[(place + 1) % THEME_NAMES.length] as ThemeName;
    this.#palette = this.#make();
    return true;
  }

  #make(): Palette {
    const theme = THEMES[this.#depth === "mono" ? "mono" : this.#theme];
    return makePalette(overrideTheme(theme, this.#overrides), this.#depth);
  }
}
