/**
 * `demo.ts FROM TO`: a recording without the names of the machine it was made on. The host becomes "demo"; of each
 * row's threads only those of the workload stay, so that no file of anybody else does.
 *
 * @module
 */
import { gunzipSync, gzipSync } from "node:zlib";

/** Largest file: it is carried by every binary. */
const MAX_BYTES = 200_000;

/** Names of the workload's threads (tests/workloads/server.c). */
const NAMES = new Set(["postgres", "nginx", "redis-server", "rsyslogd", "tar", "make", "cc1", "find"]);

type Row = Record<string, unknown>;

function known(row: Row): boolean {
  return !("comm" in row) || NAMES.has(String(row.comm));
}

/** The thread that ran before may be anybody's: of another name only that it was another is kept. */
function anonymous(row: Row): Row {
  if (!("prev_comm" in row)) return row;
  const name = String(row.prev_comm);
  return NAMES.has(name) || name.startsWith("swapper/") ? row : { ...row, prev_comm: "other" };
}

/** A line of the recording as it may be shown to anybody. Keys keep their order: it is part of the format. */
export function anonymousLine(line: string): string {
  const value = JSON.parse(line);
  if (value.format) return JSON.stringify({ ...value, host: "demo" });
  if (Array.isArray(value.rows)) {
    return JSON.stringify({ ...value, rows: value.rows.filter(known).map(anonymous) });
  }
  // What ktop cost in an emulated machine says nothing of what it costs.
  if (value.self) return JSON.stringify({ ...value, self: { ...value.self, cpu_ms_per_s: null } });
  return line;
}

if (import.meta.main) {
  const [from, to] = Deno.args as [string, string];
  const bytes = Deno.readFileSync(from);
  const text = new TextDecoder().decode(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes);
  const lines = text.trimEnd().split("\n").map(anonymousLine);
  const packed = gzipSync(lines.map((line) => line + "\n").join(""), { level: 9 });
  if (packed.length > MAX_BYTES) throw new Error(`${packed.length} bytes are more than ${MAX_BYTES}`);
  Deno.writeFileSync(to, packed);
  console.error(`demo: ${to}, ${packed.length} bytes, ${lines.length} lines`);
}
