/**
 * `demo.ts FROM TO`: removes the names of the machine from a recording. The host becomes "demo"; rows of programs that are
 * not part of the workload are dropped, and their file names with them. The cgroup that the recording was restricted to is
 * removed.
 *
 * @module
 */
import { gunzipSync, gzipSync } from "node:zlib";

/** Size limit: every binary embeds the demo. */
const MAX_BYTES = 250_000;

/** Names of the threads of tests/workloads/server.c. */
const SERVER = ["postgres", "nginx", "redis-server", "rsyslogd", "tar", "make", "cc1", "find"];
/** Further names of those of tests/workloads/services.c, and of its jobs. */
const SERVICES = [
  "haproxy",
  "curl",
  "gunicorn",
  "telegraf",
  "dnsmasq",
  "rsync",
  "rsyncd",
  "cron",
  "sh",
  "gzip",
  "date",
];
const NAMES = new Set([...SERVER, ...SERVICES]);

type Row = Record<string, unknown>;

/** Counters and sums are of no program: they have no name. */
function known({ comm }: Row): boolean {
  return comm === undefined || comm === null || NAMES.has(String(comm));
}

/** The row with the name of the previous thread replaced, unless it is the workload's or an idle thread's. */
function anonymous(row: Row): Row {
  if (!("prev_comm" in row)) return row;
  const name = String(row.prev_comm);
  return NAMES.has(name) || name.startsWith("swapper/") ? row : { ...row, prev_comm: "other" };
}

/** A line of the recording without names of the machine. The order of keys is part of the format and stays. */
export function anonymousLine(line: string): string {
  const value = JSON.parse(line);
  if (value.format) {
    return JSON.stringify({ ...value, host: "demo", filters: { ...value.filters, cgroup: undefined } });
  }
  if (Array.isArray(value.rows)) {
    return JSON.stringify({ ...value, rows: value.rows.filter(known).map(anonymous) });
  }
  // CPU time in an emulated machine is not that of a real one.
  if (value.self) return JSON.stringify({ ...value, self: { ...value.self, cpu_ms_per_s: null } });
  return line;
}

if (import.meta.main) {
  const [from, to] = Deno.args as [string, string];
  const bytes = Deno.readFileSync(from);
  const text = new TextDecoder().decode(bytes[0] === 0x1f ? gunzipSync(bytes) : bytes);
  const lines = text.trimEnd().split("\n").map(anonymousLine);
  const compressed = gzipSync(lines.map((line) => line + "\n").join(""), { level: 9 });
  if (compressed.length > MAX_BYTES) {
    throw new Error(`${compressed.length} bytes exceed the limit of ${MAX_BYTES}`);
  }
  Deno.writeFileSync(to, compressed);
  console.error(`demo: ${to}, ${compressed.length} bytes, ${lines.length} lines`);
}
