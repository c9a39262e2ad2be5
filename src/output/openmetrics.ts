/**
 * Metrics as text: OpenMetrics 1.0, and the text format 0.0.4 of Prometheus.
 * https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md
 *
 * @module
 */

/** The two formats. */
export type MetricsFormat = "openmetrics" | "prometheus";

/** The value of `Content-Type` of each format. */
export const METRICS_TYPES: Readonly<Record<MetricsFormat, string>> = {
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
};

/** Labels in the order in which they are written. */
export type Labels = readonly (readonly [name: string, value: string])[];

/** One series. */
export interface Series {
  readonly labels: Labels;
  readonly value: number;
}

/** Series with the same name. */
export interface MetricFamily {
  /** Without `_total` and `_info`; a unit is its last word. */
  readonly name: string;
  readonly kind: "counter" | "gauge" | "info";
  /** Base unit; absent: a number of things. */
  readonly unit?: "bytes" | "seconds";
  /** One sentence. */
  readonly help: string;
  readonly series: readonly Series[];
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", '"': '\\"' };

const escapeLabel = (value: string): string => value.replace(/[\\\n"]/g, (character) => ESCAPES[character]!);

/** Quotes are escaped only in OpenMetrics: in the older format a backslash before a quote is part of the help. */
const escapeHelp = (help: string, format: MetricsFormat): string =>
  help.replace(format === "openmetrics" ? /[\\\n"]/g : /[\\\n]/g, (character) => ESCAPES[character]!);

/** A series' labels in braces; empty without labels. */
function labelText(labels: Labels): string {
  if (labels.length === 0) return "";
  return `{${labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(",")}}`;
}

const SUFFIXES: Readonly<Record<MetricFamily["kind"], string>> = {
  counter: "_total",
  gauge: "",
  info: "_info",
};

function familyLines({ name, kind, unit, help, series }: MetricFamily, format: MetricsFormat): string[] {
  const sampled = `${name}${SUFFIXES[kind]}`;
  // In the older format a family has the name of its samples, and there is no type "info".
  const [family, type] = format === "openmetrics"
    ? [name, kind]
    : [sampled, kind === "info" ? "gauge" : kind];
  return [
    `# HELP ${family} ${escapeHelp(help, format)}`,
    `# TYPE ${family} ${type}`,
    ...(unit !== undefined && format === "openmetrics" ? [`# UNIT ${family} ${unit}`] : []),
    ...series.map(({ labels, value }) => `${sampled}${labelText(labels)} ${value}`),
  ];
}

/** All families as the body of a response. */
export function metricsText(families: readonly MetricFamily[], format: MetricsFormat): string {
  const lines = families.flatMap((family) => familyLines(family, format));
  if (format === "openmetrics") lines.push("# EOF");
  return lines.map((line) => `${line}\n`).join("");
}
