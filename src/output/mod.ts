/**
 * Output formats: text in BCC's layout, NDJSON, CSV, metrics; README.md describes them. Formats are pure functions from ticks to
 * strings or bytes; only `stdout.ts` writes. This room must not depend on the kernel or the screen.
 *
 * @module
 */
export { batchText } from "./batch.ts";
export { comparisonText } from "./comparison.ts";
export { csvFormat } from "./csv.ts";
export { flameFormat, flameUnit } from "./flame.ts";
export { flameSvg } from "./flame_svg.ts";
export { type Format, type FormatOptions, groupedFormat } from "./format.ts";
export {
  ndjsonFormat,
  ndjsonLine,
  ndjsonLinePieces,
  ndjsonLines,
  ndjsonPieces,
  ndjsonRowWriter,
} from "./ndjson.ts";
export { histogramLines } from "./histogram.ts";
export { linesFormat } from "./lines.ts";
export {
  type HistogramSeries,
  type Labels,
  type MetricFamily,
  METRICS_TYPES,
  type MetricsFormat,
  metricsText,
  type Series,
} from "./openmetrics.ts";
export { checkNewPath, createCause, createFailure } from "./new_path.ts";
export { type OutputSink, StandardOutput, writeFailure } from "./stdout.ts";
export { textFormat } from "./text.ts";
export { joinPieces, type Piece, pieceBytes, TextBuffer } from "./text_buffer.ts";
