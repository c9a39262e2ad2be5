import assert from "node:assert/strict";
import { type MetricFamily, metricsText } from "./openmetrics.ts";

const FAMILIES: readonly MetricFamily[] = [
  {
    name: "ktop_build",
    kind: "info",
    help: "Version.",
    series: [{ labels: [["version", "1.2.3"]], value: 1 }],
  },
  {
    name: "ktop_filetop_read_bytes",
    kind: "counter",
    unit: "bytes",
    help: 'Bytes "read"\\.',
    series: [
      { labels: [["container", 'a"b\\c\nd']], value: 1009 },
      { labels: [["container", "x"], ["device", "sda"]], value: 2.5 },
    ],
  },
  { name: "ktop_tool_up", kind: "gauge", help: "Runs.", series: [{ labels: [], value: 0 }] },
];

Deno.test("OpenMetrics has units, other types and an end", () => {
  assert.equal(
    metricsText(FAMILIES, "openmetrics"),
    `# HELP ktop_build Version.
# TYPE ktop_build info
ktop_build_info{version="1.2.3"} 1
# HELP ktop_filetop_read_bytes Bytes \\"read\\"\\\\.
# TYPE ktop_filetop_read_bytes counter
# UNIT ktop_filetop_read_bytes bytes
ktop_filetop_read_bytes_total{container="a\\"b\\\\c\\nd"} 1009
ktop_filetop_read_bytes_total{container="x",device="sda"} 2.5
# HELP ktop_tool_up Runs.
# TYPE ktop_tool_up gauge
ktop_tool_up 0
# EOF
`,
  );
});

Deno.test("a histogram has buckets up to all values, the sum and the count", () => {
  const family: MetricFamily = {
    name: "ktop_biolatency_seconds",
    kind: "histogram",
    unit: "seconds",
    help: "Latency.",
    series: [{ labels: [["device", "sda"]], buckets: [[2 / 1e6, 3], [4 / 1e6, 5]], count: 11, sum: 0.25 }],
  };
  const lines = `ktop_biolatency_seconds_bucket{device="sda",le="0.000002"} 3
ktop_biolatency_seconds_bucket{device="sda",le="0.000004"} 5
ktop_biolatency_seconds_bucket{device="sda",le="+Inf"} 11
ktop_biolatency_seconds_sum{device="sda"} 0.25
ktop_biolatency_seconds_count{device="sda"} 11
`;
  const head = "# HELP ktop_biolatency_seconds Latency.\n# TYPE ktop_biolatency_seconds histogram\n";
  assert.equal(metricsText([family], "prometheus"), head + lines);
  assert.equal(
    metricsText([family], "openmetrics"),
    `${head}# UNIT ktop_biolatency_seconds seconds\n${lines}# EOF\n`,
  );
});

Deno.test("the older format names families like their samples", () => {
  assert.equal(
    metricsText(FAMILIES, "prometheus"),
    `# HELP ktop_build_info Version.
# TYPE ktop_build_info gauge
ktop_build_info{version="1.2.3"} 1
# HELP ktop_filetop_read_bytes_total Bytes "read"\\\\.
# TYPE ktop_filetop_read_bytes_total counter
ktop_filetop_read_bytes_total{container="a\\"b\\\\c\\nd"} 1009
ktop_filetop_read_bytes_total{container="x",device="sda"} 2.5
# HELP ktop_tool_up Runs.
# TYPE ktop_tool_up gauge
ktop_tool_up 0
`,
  );
});
