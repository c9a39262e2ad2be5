/**
 * Measures the machine and ktop itself, for the header.
 *
 * @module
 */
import { pageSize, processCpuNs, ProcFile } from "../bpf/mod.ts";
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

/** Parses the resident pages of /proc/PID/statm (proc_pid_statm(5)), all and those of files: `8768763 15933 7257 11953 0 145455 0`. */
export function parseStatm(text: string): { readonly resident: number; readonly ofFiles: number } {
  const [, resident, ofFiles] = text.split(" ", 3);
  return { resident: Number(resident) || 0, ofFiles: Number(ofFiles) || 0 };
}

/** Measures the machine's state. */
export class HostMeter {
  readonly #names: Pick<HostInfo, "host" | "kernel"> = {
    host: escapeText(Deno.hostname()),
    kernel: escapeText(Deno.osRelease()),
  };
  readonly #loadavg = new ProcFile("/proc/loadavg");

  /** The state now. Without /proc its loads and tasks are 0; doctor names the missing mount. */
  measure(): HostInfo {
    return {
      ...this.#names,
      uptimeS: Deno.osUptime(),
      ...parseLoadavg(this.#loadavg.read() ?? ""),
    };
  }

  /** Closes the file. May be called twice. */
  close(): void {
    this.#loadavg.close();
  }
}

/** Measures ktop's own CPU time between calls. */
export class SelfMeter {
  readonly #statm = new ProcFile("/proc/self/statm");
  #cpuNs = processCpuNs();
  #at = performance.now();
  #cpuMsPerS: number | null = null;
  #fileBytes = 0;

  /** Resident pages of files at the last call, bytes. */
  get fileBytes(): number {
    return this.#fileBytes;
  }

  /** CPU since the last call, per second of wall time, and the resident set now; 0 without /proc. */
  measure(): SelfCost {
    const cpuNs = processCpuNs();
    const now = performance.now();
    if (now > this.#at) this.#cpuMsPerS = Number(cpuNs - this.#cpuNs) / 1e6 / ((now - this.#at) / 1000);
    this.#cpuNs = cpuNs;
    this.#at = now;
    const { resident, ofFiles } = parseStatm(this.#statm.read() ?? "");
    this.#fileBytes = ofFiles * pageSize();
    return { cpuMsPerS: this.#cpuMsPerS, rssBytes: resident * pageSize() };
  }

  /** Closes the file. May be called twice. */
  close(): void {
    this.#statm.close();
  }
}
