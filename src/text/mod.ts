/**
 * Text that is safe and sized: escaping what strangers named, showing numbers, measuring cells. Pure functions of
 * their arguments; nothing here reads, writes or knows a terminal.
 *
 * @module
 */
export { escapeAgain, escapeBytes, escapeText } from "./escape.ts";
export { clockTime, counted, humanBytes, humanCount, humanDuration, shortNumber } from "./format.ts";
export { asciiVariable, type Environment } from "./locale.ts";
export { nearest } from "./nearest.ts";
export { loadPatterns, Pattern, PatternError, patternsLoaded } from "./pattern.ts";
export { displayWidth, pad, truncate, wrap } from "./width.ts";
