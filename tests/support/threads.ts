/**
 * The capabilities of every thread of a process, as /proc/PID/task/TID/status shows them.
 *
 * @module
 */
import assert from "node:assert/strict";
import { until } from "./tmux.ts";

/** Capabilities as a set of bits, by number of include/uapi/linux/capability.h. */
export const bits = (...numbers: readonly number[]): bigint =>
  numbers.reduce((set, bit) => set | 1n << BigInt(bit), 0n);

/** What attaching panes needs: CAP_PERFMON and CAP_BPF. */
export const ATTACHING = bits(38, 39);

const SETS = ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] as const;

/** A thread's capabilities. */
export interface Thread {
  readonly name: string;
  /** Inheritable, permitted, effective, bounding, ambient. */
  readonly sets: readonly bigint[];
  readonly noNewPrivileges: boolean;
}

/** The threads of a process; those that end in the meantime are left out. */
export function threadsOf(pid: number): Thread[] {
  return [...Deno.readDirSync(`/proc/${pid}/task`)].flatMap(({ name: id }) => {
    try {
      const status = Deno.readTextFileSync(`/proc/${pid}/task/${id}/status`);
      const field = (name: string): string => new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status)![1]!;
      const sets = SETS.map((name) => BigInt(`0x${field(name)}`));
      return [{ name: field("Name"), sets, noNewPrivileges: field("NoNewPrivs") === "1" }];
    } catch {
      return [];
    }
  });
}

/** What a process may keep. */
export interface Kept {
  readonly kept: bigint;
  /** Only a process that had CAP_SETPCAP can reduce its bounding set; no_new_privs makes up for it. */
  readonly boundingSet: boolean;
}

/** Whether a thread has no_new_privs and no other capability than those kept. */
function isReduced({ sets, noNewPrivileges }: Thread, { kept, boundingSet }: Kept): boolean {
  const [inheritable, permitted, effective, bounding, ambient] = sets;
  const all = [inheritable, permitted, effective, ambient, ...boundingSet ? [bounding] : []];
  return noNewPrivileges && all.every((set) => (set! & ~kept) === 0n);
}

/** Waits until each thread has at most the capabilities `kept`, and checks that the main thread still has them. */
export async function assertReduced(pid: number, kept: bigint, boundingSet = true): Promise<void> {
  const threads = await until(
    `all threads of ${pid} have no capability but ${kept.toString(16)}`,
    () => Promise.resolve(threadsOf(pid)),
    (all) => all.length > 0 && all.every((thread) => isReduced(thread, { kept, boundingSet })),
  );
  assert.ok(threads.length > 2, "the runtime has worker threads");
  const [inheritable, permitted, effective, bounding, ambient] = threads[0]!.sets;
  assert.deepEqual([inheritable, permitted, effective, ambient], [0n, kept, kept, 0n]);
  if (boundingSet) assert.equal(bounding, kept);
}

/** Waits until a ktop that prints or records has attached its tools: from then on it has no_new_privs. */
export async function untilAttached(pid: number): Promise<void> {
  await until(
    `all threads of ${pid} have no_new_privs`,
    () => Promise.resolve(threadsOf(pid)),
    (all) => all.length > 2 && all.every(({ noNewPrivileges }) => noNewPrivileges),
  );
}

/** Samples between two turns of the event loop, milliseconds. */
const SAMPLE_MS = 5;

/** Reads the threads of a process again and again, and fails at its end if one ever had a capability that is not kept. */
export class CapabilityWatch {
  readonly #pid: number;
  readonly #kept: Kept;
  readonly #timer: number;
  #samples = 0;
  #violation: Thread | undefined;

  /** Starts watching a process whose threads are reduced. */
  constructor(pid: number, kept: bigint, boundingSet = true) {
    this.#pid = pid;
    this.#kept = { kept, boundingSet };
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
  }

  #sample(): void {
    const threads = threadsOf(this.#pid);
    this.#samples += threads.length;
    this.#violation ??= threads.find((thread) => !isReduced(thread, this.#kept));
  }

  /** Ends the watch, after at least a hundred samples. */
  async assertNoneCameBack(): Promise<void> {
    await until("samples", () => Promise.resolve(this.#samples), (samples) => samples > 100);
    clearInterval(this.#timer);
    this.#sample();
    assert.equal(this.#violation, undefined);
  }
}
