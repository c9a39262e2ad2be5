/**
 * Ticks as bytes for scripts: text in BCC's layout, NDJSON, CSV. Formats are pure functions from ticks to strings;
 * only `stdout.ts` writes. This room knows nothing of the kernel side and nothing of the screen.
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
