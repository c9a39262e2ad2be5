/**
 * Text: escaping untrusted strings, formatting numbers, widths in cells, patterns, suggestions. Pure functions of their
 * arguments, apart from loading the pattern library and from the time zone, which is set once; nothing here reads, writes or imports another room.
 *
 * @module
 */
export { escapeBytes, escapeText, escapeUnescaped } from "./escape.ts";
export { ERRNO_NAMES, errorName } from "./errno.ts";
export { modeName } from "./mode.ts";
export { signalName } from "./signal.ts";
export { escapeField } from "./field.ts";
export { foldedLine, frameText } from "./frame.ts";
export { utf8Length } from "./utf8.ts";
export { counted, humanBytes, humanCount, humanDuration, humanMinutes, shortNumber } from "./format.ts";
export { asciiVariable, type Environment } from "./locale.ts";
export { messageText, shownValue } from "./message.ts";
export {
  isRelative,
  type Moment,
  MOMENT_EXAMPLES,
  type MomentBase,
  parseMoment,
  RECENT_EXAMPLES,
  startOfSecond,
} from "./moment.ts";
export { nearest } from "./nearest.ts";
export { loadPatterns, Pattern, PatternError, patternsLoaded } from "./pattern.ts";
export {
  clockTime,
  localDate,
  momentOf,
  useZone,
  utcAt,
  type Zone,
  type ZoneAt,
  zoneAt,
  type ZoneChange,
  zoneChanges,
  zonedTime,
  zoneOf,
} from "./time.ts";
export { xml } from "./xml.ts";
export { displayWidth, type Glyph, glyphs, pad, skip, take, truncate, wrap } from "./width.ts";
