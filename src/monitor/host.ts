/**
 * Measures the machine and ktop itself, for the header.
 *
 * @module
 */
import { processCpuNs } from "../bpf/mod.ts";
import type { HostInfo, SelfCost } from "../model/mod.ts";
import { escapeText } from "../text/mod.ts";

/** Parses /proc/loadavg (proc_loadavg(5)): `0.52 0.58 0.59 1/467 29461`. */
export function parseLoadavg(text: string): Pick<HostInfo, "load" | "tasks"> {
  const [one, five, fifteen, tasks = ""] = text.split(" ");
  const [running, total] = tasks.split("/");
  const number = (word: string | undefined): number => Number(word) || 0;
  return {
    load: [number(one), number(five), number(fifteen)],
    tasks: { running: number(running), total: number(total) },
  };
}

/** Cached: neither changes, and Deno reads a file for each. */
let names: Pick<HostInfo, "host" | "kernel"> | undefined;

/** Reads the machine's state: one file and one system call. */
export function readHost(): HostInfo {
  names ??= { host: escapeText(Deno.hostname()), kernel: escapeText(Deno.osRelease()) };
  let loadavg = "";
  try {
    loadavg = Deno.readTextFileSync("/proc/loadavg");
  } catch {
    // Without /proc the header shows zeros; doctor names the missing mount.
  }
  return {
    ...names,
    uptimeS: Deno.osUptime(),
    ...parseLoadavg(loadavg),
  };
}

/** Measures ktop's own CPU time between calls. */
export class SelfMeter {
  #cpuNs = processCpuNs();
  #at = performance.now();
  #cpuMsPerS: number | null = null;

  /** CPU since the last call, per second of wall time, and the resident set now. */
  measure(): SelfCost {
    const cpuNs = processCpuNs();
    const now = performance.now();
    if (now > this.#at) this.#cpuMsPerS = Number(cpuNs - this.#cpuNs) / 1e6 / ((now - this.#at) / 1000);
    this.#cpuNs = cpuNs;
    this.#at = now;
    return { cpuMsPerS: this.#cpuMsPerS, rssBytes: Deno.memoryUsage().rss };
  }
}
