/**
 * The processes the person looks at: the one that all panes are narrowed to, and the one whose details are open.
 *
 * @module
 */
import type { Pivot, Watched } from "../model/mod.ts";
import { describeProcess, identifyProcess, isSameProcess, type ProcessIdentity } from "./process.ts";

/** The process that every pane is narrowed to. */
export class ProcessPivot {
  #process: ProcessIdentity | null = null;
  #pivot: Pivot | null = null;

  /** As the model shows it. */
  get pivot(): Pivot | null {
    return this.#pivot;
  }

  /** The process id that tools filter by. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Narrows to the process of a process or thread id, or to none. True: what tools filter by has changed. */
  set(id: number | null): boolean {
    const before = this.pid;
    this.#process = id === null ? null : identifyProcess(id);
    const { pid, comm } = this.#process ?? { pid: id, comm: "" };
    this.#pivot = pid === null ? null : { pid, comm, state: this.#process ? "narrowed" : "gone" };
    return this.pid !== before;
  }

  /** Looks whether the process still lives: one file of /proc. */
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

  /** @param onRead called once the details have been read */
  constructor(onRead: () => void) {
    this.#onRead = onRead;
  }

  /** As the model shows it. */
  get watched(): Watched | null {
    return this.#watched;
  }

  /** Begins to watch the process of a process or thread id, or none. */
  set(id: number | null): void {
    this.#process = id === null ? null : identifyProcess(id);
    const unlisted = this.#process?.startTime === null;
    this.#watched = id === null ? null : { id, ended: this.#process === null, unlisted, details: null };
    if (this.#process && !unlisted) this.#read(this.#process);
  }

  /** Looks whether the process still lives: one file of /proc. */
  check(): void {
    if (!this.#watched || this.#watched.ended || !this.#process || isSameProcess(this.#process)) return;
    this.#watched = { ...this.#watched, ended: true };
  }

  async #read(process: ProcessIdentity): Promise<void> {
    const details = await describeProcess(process);
    if (this.#process !== process || !this.#watched || details === null) return;
    this.#watched = { ...this.#watched, details };
    this.#onRead();
  }
}
