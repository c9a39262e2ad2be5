/**
 * A recording with known rows, as text: a tick is one second, and each row has the number of its tick.
 *
 * @module
 */

/** When the first tick ended, Unix milliseconds. */
const BEGIN = Date.UTC(2026, 10, 20, 18);

const HEADER = {
  format: "ktop-recording",
  v: 1,
  ktop: "0.1.0",
  host: "recorded-host",
  kernel: "6.1.0",
  started: new Date(BEGIN - 1000).toISOString(),
  interval_s: 1,
  filters: { self: false },
  tools: [
    { tool: "filetop", tier: "fentry", missing: [], flags: {}, view: "table" },
    { tool: "vfsstat", tier: "fentry", missing: [], flags: {}, view: "counters" },
    {
      tool: "dcstat",
      tier: null,
      reason: "dcstat could not run there.",
      remedy: "",
      flags: {},
      view: "counters",
    },
  ],
};

function tick(number: number): string {
  const time = new Date(BEGIN + (number - 1) * 1000).toISOString();
  const head = { v: 1, time, interval_s: 1, tier: "fentry", lost: { events: 0, keys: 0, runs: 0 } };
  const file = {
    tid: 7,
    pid: 7,
    comm: "worker",
    reads: number,
    writes: 0,
    type: "R",
    file: `file-${number}.`,
  };
  return [
    { ...head, tool: "filetop", rows: [file] },
    { ...head, tool: "vfsstat", rows: [{ read: number }] },
    { tick: number, time, load: [1, 2, 3], tasks: { running: 1, total: 99 }, uptime_s: 60 + number },
  ].map((line) => JSON.stringify(line) + "\n").join("");
}

/** The text of a recording with this number of ticks. */
export function recordedText(ticks: number): string {
  return JSON.stringify(HEADER) + "\n" + Array.from({ length: ticks }, (_, i) => tick(i + 1)).join("");
}
