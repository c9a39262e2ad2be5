/**
 * Output formats: text in BCC's layout, NDJSON, CSV; README.md describes them. Formats are pure functions from ticks to
 * strings; only `stdout.ts` writes. Nothing here knows the kernel or the screen.
 *
 * @module
 */
export { batchText } from "./batch.ts";
export { csvFormat } from "./csv.ts";
export type { Format, FormatOptions } from "./format.ts";
export { ndjsonFormat, ndjsonLine, ndjsonLines } from "./ndjson.ts";
export { histogramLines } from "./histogram.ts";
export { plainFormat } from "./plain.ts";
export { StandardOutput } from "./stdout.ts";
export { textFormat } from "./text.ts";
