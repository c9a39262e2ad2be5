/**
 * The theme without colours: attributes that every terminal has.
 *
 * @module
 */
import type { Theme } from "../style.ts";

/** For terminals without colours and for `NO_COLOR`. */
export const monoTheme: Theme = {
  text: {},
  dim: {},
  strong: { bold: true },
  bar: { reverse: true },
  barStrong: { reverse: true, bold: true },
  barDim: { reverse: true },
  brand: { reverse: true, bold: true },
  banner: { bold: true },
  border: {},
  borderFocus: { bold: true },
  title: {},
  titleFocus: { bold: true, underline: true },
  key: { bold: true },
  keyLabel: {},
  column: { underline: true },
  columnSort: { bold: true, underline: true },
  comm: {},
  id: {},
  selected: { reverse: true },
  badge: {},
  warn: { bold: true },
  bad: { bold: true },
  filter: { bold: true },
  barLow: {},
  barMiddle: {},
  barHigh: {},
  barNone: {},
  heat1: {},
  heat2: {},
  heat3: {},
  heat4: { bold: true },
  heat5: { bold: true },
  flameThread: { bold: true },
  flameUser: {},
  flameKernel: { underline: true },
  flameFound: { bold: true, underline: true },
};
