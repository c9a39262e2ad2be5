/**
 * Descriptions of the processes that appeared in rows, read from /proc while they ran, for the details of ended processes.
 *
 * @module
 */
import type { KnownProcess, ProcessDetails, Row, Tick } from "../model/mod.ts";
import { describeProcess, identifyProcess, isSameProcess, type ProcessIdentity } from "./process.ts";

/** How much is kept, and the maximum work per tick. */
export const PROCESS_LIMITS = {
  /** Processes kept; the oldest are dropped. */
  processes: 1000,
  /** Estimated bytes of them. */
  bytes: 1024 * 1024,
  /** Bytes kept of a command line. */
  command: 4096,
  /** Processes that are read after a tick: five files each. */
  readsPerTick: 16,
  /** Processes that are checked for their end at a tick: one file each. */
  checksPerTick: 4,
  /** Rows of each tool that are examined: the first of a table, the newest events. */
  rows: 50,
} as const;

/** Memory of a process beside its texts: an upper estimate. */
const ENTRY_BYTES = 400;

interface Entry extends KnownProcess {
  /** Null for a process that only a row described. */
  readonly identity: ProcessIdentity | null;
}

const bytesOf = ({ details: { command, cgroup } }: Entry): number =>
  ENTRY_BYTES + 2 * (command.length + cgroup.length);

/** The description in a row of execsnoop; null for other rows. */
function describedBy(
  { pid, comm, args, ppid, parent_comm, uid, uid_name: user, ret }: Row,
): ProcessDetails | null {
  if (typeof pid !== "number" || typeof args !== "string" || typeof ppid !== "number" || ret !== 0) {
    return null;
  }
  return {
    pid,
    comm: String(comm ?? ""),
    command: args.slice(0, PROCESS_LIMITS.command),
    parent: { pid: ppid, comm: String(parent_comm ?? "") },
    cgroup: "",
    uid: typeof uid === "number" ? uid : null,
    user: typeof user === "string" ? user : null,
    startedMs: null,
  };
}

/** Whether a row of execsnoop reports the end of its process, whose id may belong to another process by now. */
const reportsEnd = ({ exit_code: code, signal }: Row): boolean =>
  typeof code === "number" || typeof signal === "number";

/** Keeps descriptions of processes, within {@linkcode PROCESS_LIMITS}. */
export class ProcessLog {
  /** By process id, in the order in which they were described. */
  readonly #entries = new Map<number, Entry>();
  #bytes = 0;
  #toCheck = this.#entries.values();
  /** Incremented by each clear(): a read in flight is then discarded. */
  #generation = 0;
  /** The timer of the next reads. */
  #reading: number | undefined;

  /** The description of a process; null if there is none. */
  find(pid: number): KnownProcess | null {
    return this.#entries.get(pid) ?? null;
  }

  /** Keeps a description that was read while the process ran. */
  add(identity: ProcessIdentity, details: ProcessDetails): void {
    this.#set({ identity, details, seenMs: Date.now(), endedMs: null });
  }

  /** Describes the processes in the rows of ticks that are not known yet. Resolves when their files are read. */
  async follow(ticks: readonly Tick[]): Promise<void> {
    const unknown = new Set<number>();
    for (const { rows, time } of ticks) {
      const newestLast = rows.length > 0 && typeof rows[0]!["time"] === "string";
      const examined = newestLast ? rows.slice(-PROCESS_LIMITS.rows) : rows.slice(0, PROCESS_LIMITS.rows);
      for (const row of examined) {
        const { pid } = row;
        if (typeof pid !== "number" || pid <= 0 || this.#isKnown(pid, time)) continue;
        const details = describedBy(row);
        const hasEnded = reportsEnd(row);
        if (details) this.#set({ identity: null, details, seenMs: time, endedMs: hasEnded ? time : null });
        if (!hasEnded && unknown.size < PROCESS_LIMITS.readsPerTick) unknown.add(pid);
      }
    }
    if (unknown.size === 0) return;
    const generation = this.#generation;
    // After the tick, so that it does not delay the frame.
    await new Promise<void>((resolve) => {
      this.#reading = setTimeout(resolve);
    });
    await Promise.all([...unknown].map(async (pid) => {
      const identity = identifyProcess(pid);
      if (identity === null) return this.#end(pid);
      if (identity.startTime === null) return;
      const details = await describeProcess(identity, PROCESS_LIMITS.command);
      if (details && generation === this.#generation) this.add(identity, details);
    }));
  }

  /** Checks some of the processes for their end, in turn. */
  check(): void {
    for (let left = PROCESS_LIMITS.checksPerTick; left > 0;) {
      const { done, value } = this.#toCheck.next();
      if (done) return void (this.#toCheck = this.#entries.values());
      const { identity, details, endedMs } = value;
      if (identity === null || endedMs !== null) continue;
      left--;
      if (isSameProcess(identity)) this.#replace({ ...value, seenMs: Date.now() });
      else this.#end(details.pid);
    }
  }

  /** Reads no more; a promise of follow() may then never resolve. */
  close(): void {
    clearTimeout(this.#reading);
  }

  /** Drops all descriptions. */
  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
    this.#generation++;
  }

  /** Process ids are reused: in a tick after the end of its process, an id is unknown. */
  #isKnown(pid: number, time: number): boolean {
    const known = this.#entries.get(pid);
    return known !== undefined && (known.endedMs === null || known.endedMs >= time);
  }

  #end(pid: number): void {
    const known = this.#entries.get(pid);
    if (known && known.endedMs === null) this.#replace({ ...known, endedMs: Date.now() });
  }

  /** Replaces an entry by one of the same size, in its place. */
  #replace(entry: Entry): void {
    this.#entries.set(entry.details.pid, entry);
  }

  #set(entry: Entry): void {
    const { pid } = entry.details;
    this.#drop(pid);
    this.#entries.set(pid, entry);
    this.#bytes += bytesOf(entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= PROCESS_LIMITS.processes && this.#bytes <= PROCESS_LIMITS.bytes) break;
      this.#drop(oldest);
    }
  }

  #drop(pid: number): void {
    const known = this.#entries.get(pid);
    if (!known) return;
    this.#bytes -= bytesOf(known);
    this.#entries.delete(pid);
  }
}
