/**
 * Rows of the fake tools: numbers and names from a seeded generator.
 *
 * @module
 */
import type { Row, ToolInfo } from "../../src/model/mod.ts";
import { CALLS, dcstat, filetop, runqlat, runqslower, vfsstat } from "./fake_tools.ts";

/** mulberry32: numbers in [0, 1), the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Names of threads. */
export const COMMS = [
  "postgres",
  "nginx",
  "systemd-journal",
  "node",
  "rsyslogd",
  "python3",
  "containerd",
  "日本語",
];
const FILES = [
  "/var/lib/postgresql/15/main/base/16384/2619",
  "/var/log/nginx/access.log",
  "/var/log/journal/5a1c/system.journal",
  "/srv/app/node_modules/.cache/index.json",
  "/etc/資料/データ.txt",
  "/tmp/caf\u0065\u0301.tmp",
  "evil\\x1b]0;owned\\a.log",
  "/proc/self/stat",
];

/** How rows are generated. */
export interface FakeRowsOptions {
  readonly seed: number;
  /** Rows of the table. */
  readonly rows: number;
  /** Multiplies every count. */
  readonly load: number;
}

/** Generates rows: the same for the same seed and the same calls. */
export class FakeRows {
  readonly #random: () => number;
  readonly #options: FakeRowsOptions;

  constructor(options: FakeRowsOptions) {
    this.#options = options;
    this.#random = random(options.seed);
  }

  /** A count from 0 to below `scale` times the load; small ones are more frequent. */
  count(scale: number): number {
    return Math.floor(this.#random() ** 3 * scale * this.#options.load);
  }

  #pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.#random() * values.length)] as T;
  }

  /** The rows of one interval that ends at `time`, Unix milliseconds. */
  rows(tool: ToolInfo, time: number): Row[] {
    if (tool === filetop) {
      return Array.from({ length: this.#options.rows }, (_, i): Row => ({
        tid: 1000 + i * 37,
        pid: 1000 + i * 37,
        comm: COMMS[i % COMMS.length] as string,
        reads: this.count(900),
        writes: this.count(400),
        read_bytes: this.count(9e6),
        write_bytes: this.count(4e6),
        type: "R",
        file: FILES[i % FILES.length] as string,
        inode: 5000 + i,
      })).sort((a, b) => Number(b["reads"]) - Number(a["reads"]));
    }
    if (tool === vfsstat) {
      return [Object.fromEntries(CALLS.map((key, i) => [key, this.count(3000 / (i + 1))]))];
    }
    if (tool === dcstat) {
      return [{
        refs: this.count(90000),
        slow: this.count(900),
        miss: this.count(90),
        hit_pct: 90 + this.#random() * 10,
      }];
    }
    if (tool === runqlat) return [];
    return this.#random() < 0.3 * this.#options.load ? [this.#event(tool, time)] : [];
  }

  #event(tool: ToolInfo, time: number): Row {
    if (tool !== runqslower) {
      const pid = 1000 + this.count(9) * 37;
      return {
        time: new Date(time).toISOString(),
        pid,
        comm: this.#pick(COMMS),
        fd: 3,
        path: this.#pick(FILES),
      };
    }
    return {
      time: new Date(time).toISOString(),
      comm: this.#pick(COMMS),
      tid: 1000 + Math.floor(this.#random() * 30000),
      lat_us: 10000 + this.count(90000),
      prev_comm: this.#pick(COMMS),
    };
  }
}
