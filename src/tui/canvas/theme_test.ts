import assert from "node:assert/strict";
import { type Color, xtermRgb } from "./color.ts";
import { type ColorDepth, makePalette } from "./palette.ts";
import { Style, type StyleName, type StyleSpec } from "./style.ts";
import { overrideTheme, THEME_NAMES, type ThemeName, THEMES } from "./theme.ts";

const NAMES = Object.keys(Style) as StyleName[];
const DEPTHS = ["16", "256", "true"] as const;
type Depth = typeof DEPTHS[number];

/** Styles of shapes, not of text: they need less contrast. */
const SHAPES: readonly StyleName[] = [
  "borderFocus",
  "barLow",
  "barMiddle",
  "barHigh",
  "heat2",
  "heat3",
  "heat4",
  "heat5",
];
/** Separators, the empty bar and the lowest shade of a heat map: faint on purpose. */
const DIVIDERS: readonly StyleName[] = ["border", "barNone", "heat1"];

/** The background that gives a theme the least contrast, the terminal's text colour on it, and the required contrast. */
const MADE_FOR: Record<Exclude<ThemeName, "mono">, { bg: number; bg16: number; fg: number; text: number }> = {
  dark: { bg: 0x1e1e1e, bg16: 0x000000, fg: 0xd0d0d0, text: 4.5 },
  light: { bg: 0xf5f5f5, bg16: 0xffffff, fg: 0x202020, text: 4.5 },
  "high-contrast": { bg: 0x000000, bg16: 0x000000, fg: 0xe5e5e5, text: 7 },
};

/** Relative luminance (WCAG 2.2). */
function luminance(rgb: number): number {
  const part = (shift: number): number => {
    const value = (rgb >> shift & 0xff) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
}

/** Contrast ratio (WCAG 2.2), 1 to 21. */
function contrast(a: number, b: number): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function shown(color: Color | undefined, depth: Depth, fallback: number): number {
  if (color === undefined) return fallback;
  return depth === "true" ? color.rgb : xtermRgb(depth === "256" ? color.c256 : color.c16);
}

function colorsOf(
  look: StyleSpec,
  name: Exclude<ThemeName, "mono">,
  depth: Depth,
): { fg: number; bg: number } {
  const { bg, bg16, fg } = MADE_FOR[name];
  const own = depth === "16" ? bg16 : bg;
  const colors = { fg: shown(look.fg, depth, fg), bg: shown(look.bg, depth, own) };
  return look.reverse ? { fg: colors.bg, bg: colors.fg } : colors;
}

Deno.test("contrast() returns the ratios of WCAG for black, white and grey", () => {
  assert.equal(contrast(0x000000, 0xffffff), 21);
  assert.equal(contrast(0x767676, 0xffffff).toFixed(2), "4.54");
});

for (const name of ["dark", "light", "high-contrast"] as const) {
  for (const depth of DEPTHS) {
    Deno.test(`THEMES.${name} is readable with ${depth} colours`, () => {
      for (const style of NAMES) {
        const { fg, bg } = colorsOf(THEMES[name][style], name, depth);
        const least = SHAPES.includes(style) ? 3 : DIVIDERS.includes(style) ? 1.5 : MADE_FOR[name].text;
        const ratio = contrast(fg, bg);
        assert.ok(ratio >= least, `${style}: ${ratio.toFixed(2)} is below ${least}`);
      }
    });

    Deno.test(`THEMES.${name} highlights the selection, banners, focus and errors with ${depth} colours`, () => {
      const plain = colorsOf(THEMES[name].text, name, depth);
      for (const style of ["selected", "banner", "brand"] as const) {
        const { bg } = colorsOf(THEMES[name][style], name, depth);
        assert.ok(contrast(bg, plain.bg) >= 1.5, `${style} has a background like the screen's`);
      }
      const bar = colorsOf(THEMES[name].bar, name, depth);
      assert.ok(
        contrast(colorsOf(THEMES[name].banner, name, depth).bg, bar.bg) >= 1.5,
        "banner on the header",
      );
      for (const [a, b] of [["border", "borderFocus"], ["title", "titleFocus"], ["text", "bad"]] as const) {
        assert.notDeepEqual(THEMES[name][a], THEMES[name][b]);
      }
    });
  }
}

Deno.test("THEMES.mono distinguishes the selected row, the banner and the focus without any colour", () => {
  const palette = makePalette(THEMES.mono, "mono");
  for (
    const [a, b] of [
      ["text", "selected"],
      ["bar", "banner"],
      ["bar", "brand"],
      ["border", "borderFocus"],
      ["title", "titleFocus"],
      ["column", "columnSort"],
      ["keyLabel", "key"],
    ] as const
  ) {
    assert.notEqual(palette.change(Style[a], Style[b]), "", `${a} looks like ${b}`);
  }
});

Deno.test("THEMES leave ordinary text to the terminal, so that blanks and erased lines need no colour", () => {
  for (const name of THEME_NAMES) assert.deepEqual(THEMES[name].text, {});
});

/** The numbers in the SGR sequences between all styles of a theme. */
function parameters(name: ThemeName, depth: ColorDepth): string[] {
  const palette = makePalette(THEMES[name], depth);
  const ids = NAMES.map((style) => Style[style]);
  const out = new Set<string>();
  for (const from of ids) {
    for (const to of ids) {
      const sequence = palette.change(from, to);
      // deno-lint-ignore no-control-regex -- the sequence in question
      const body = /^(?:\x1b\[([\d;]*)m)?$/.exec(sequence);
      assert.ok(body, JSON.stringify(sequence));
      out.add(body[1] ?? "");
    }
  }
  return [...out];
}

const ATTRIBUTE = "[12347]|22|24|27|39|49|0?";
const ALLOWED: Record<ColorDepth, RegExp> = {
  mono: new RegExp(`^(${ATTRIBUTE})(;(${ATTRIBUTE}))*$`),
  "16": new RegExp(`^(${ATTRIBUTE}|[349][0-7]|10[0-7])(;(${ATTRIBUTE}|[349][0-7]|10[0-7]))*$`),
  "256": new RegExp(`^(${ATTRIBUTE}|[34]8;5;\\d+)(;(${ATTRIBUTE}|[34]8;5;\\d+))*$`),
  true: new RegExp(`^(${ATTRIBUTE}|[34]8;2;\\d+;\\d+;\\d+)(;(${ATTRIBUTE}|[34]8;2;\\d+;\\d+;\\d+))*$`),
};

for (const depth of ["mono", ...DEPTHS] as const) {
  Deno.test(`makePalette() uses only sequences of terminals with ${depth} colours`, () => {
    for (const name of THEME_NAMES) {
      for (const body of parameters(name, depth)) assert.match(body, ALLOWED[depth], `${name}: ${body}`);
    }
  });
}

Deno.test("overrideTheme() replaces the given properties and keeps the others", () => {
  const fg: Color = { rgb: 0x123456, c256: 17, c16: 4 };
  const theme = overrideTheme(THEMES.dark, { titleFocus: { fg }, warn: { bold: false } });
  assert.deepEqual(theme.titleFocus, { ...THEMES.dark.titleFocus, fg });
  assert.equal(theme.warn.bold, false);
  assert.deepEqual(theme.warn.fg, THEMES.dark.warn.fg);
  assert.deepEqual(theme.bad, THEMES.dark.bad);
});
