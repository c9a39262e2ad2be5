/**
 * The process that all panes are filtered by, and the one whose details are open.
 *
 * @module
 */
import type { Model, Pivot, ProcessDetails, Watched } from "../model/mod.ts";
import { describeCgroup } from "../tools/mod.ts";
import { processInRows } from "./narrow.ts";
import type { ProcessLog } from "./process_log.ts";
import {
  describeAncestors,
  describeProcess,
  identifyProcess,
  isSameProcess,
  type ProcessIdentity,
} from "./process.ts";

const named = ({ pid, comm }: ProcessIdentity): Pick<Pivot, "pid" | "comm"> => ({ pid, comm });

/** The process that all panes are filtered by. */
export class ProcessPivot {
  #process: ProcessIdentity | null = null;
  #pivot: Pivot | null = null;

  /** For the model. */
  get pivot(): Pivot | null {
    return this.#pivot;
  }

  /** The process id that tools filter by. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Filters by the process of a process or thread id; null: by none. Returns whether the filter changed.
   *
   * @param model Its rows name a process that has ended.
   */
  set(id: number | null, model: Pick<Model, "tools">): boolean {
    const before = this.pid;
    this.#process = id === null ? null : identifyProcess(id);
    if (id === null) this.#pivot = null;
    else if (this.#process) this.#pivot = { ...named(this.#process), state: "narrowed" };
    else this.#pivot = { ...processInRows(id, model), state: "gone" };
    return this.pid !== before;
  }

  /** Checks whether the process has ended: reads one file of /proc. */
  check(): void {
    if (this.#pivot?.state !== "narrowed" || !this.#process || isSameProcess(this.#process)) return;
    this.#pivot = { ...this.#pivot, state: "ended" };
  }
}

/** The process whose details are open. */
export class ProcessWatch {
  readonly #onRead: () => void;
  #process: ProcessIdentity | null = null;
  #watched: Watched | null = null;

  readonly #log: ProcessLog;
  /** When the process was last seen running. */
  #seenMs = 0;

  /**
   * @param log Descriptions of processes that have ended.
   * @param onRead Called when the details have been read.
   */
  constructor(log: ProcessLog, onRead: () => void) {
    this.#log = log;
    this.#onRead = onRead;
  }

  /** For the model. */
  get watched(): Watched | null {
    return this.#watched;
  }

  /**
   * Watches the process of a process or thread id; null: none.
   *
   * @param cgroupId of the row whose details are open
   */
  set(id: number | null, cgroupId?: number): void {
    this.#process = id === null ? null : identifyProcess(id);
    const unlisted = this.#process?.startTime === null;
    this.#watched = id === null ? null : { id, ended: this.#process === null, unlisted, details: null };
    this.#seenMs = Date.now();
    if (id !== null && this.#process === null) this.#watched = { ...this.#watched!, ...this.#remembered(id) };
    if (id !== null && cgroupId !== undefined) {
      this.#watched = { ...this.#watched!, cgroup: describeCgroup(cgroupId, id) };
    }
    if (this.#watched?.details) this.#readAncestors(this.#watched.details);
    if (this.#process && !unlisted) this.#read(this.#process);
  }

  /** Checks whether the process has ended: reads one file of /proc. */
  check(): void {
    if (!this.#watched || this.#watched.ended || !this.#process) return;
    const now = Date.now();
    if (!isSameProcess(this.#process)) {
      this.#watched = { ...this.#watched, ended: true, end: { afterMs: this.#seenMs, beforeMs: now } };
    }
    this.#seenMs = now;
  }

  /** What is known of a process that has ended. */
  #remembered(id: number): Partial<Watched> {
    const known = this.#log.find(id);
    if (!known) return {};
    const { details, seenMs, endedMs } = known;
    return { details, end: { afterMs: seenMs, beforeMs: endedMs ?? Date.now() } };
  }

  async #read(process: ProcessIdentity): Promise<void> {
    const details = await describeProcess(process);
    if (this.#process !== process || !this.#watched || details === null) return;
    this.#log.add(process, details);
    this.#watched = { ...this.#watched, details };
    this.#onRead();
    await this.#readAncestors(details);
  }

  async #readAncestors({ parent }: ProcessDetails): Promise<void> {
    const process = this.#process;
    const { id } = this.#watched!;
    const ancestors = parent ? await describeAncestors(parent) : [];
    if (this.#process !== process || this.#watched?.id !== id) return;
    this.#watched = { ...this.#watched, ancestors };
    this.#onRead();
  }
}
