/**
 * Names of functions in user space, for stacks. Files are read and parsed in a worker thread; the names stay here.
 *
 * @module
 */
import { LruCache } from "./lru.ts";
import { NOT_CODE, type ProcessNames, type ProcessRequest, UNKNOWN, UNKNOWN_CALLERS } from "./messages.ts";

/** A process, and the addresses of one or more of its stacks. */
export interface StackAddresses {
  readonly pid: number;
  /** The innermost frame first: where the thread ran, then return addresses. */
  readonly addresses: readonly bigint[];
}

/** Names that are kept of all processes: about 30 MB. */
const MAX_NAMES = 256 * 1024;
/** Names that are kept of one process; JIT compilers make new code all the time. */
const MAX_PROCESS_NAMES = 64 * 1024;
/** Different names that are shared between processes. */
const MAX_SHARED = 64 * 1024;
/** A file on a network, or of a file system in user space, may never be read. */
const TIMEOUT_MS = 20_000;
/** How long {@linkcode UserSymbols.resolve} waits, milliseconds. */
const MAX_WAIT_MS = 5000;
/** Requests that the worker has not answered. */
const MAX_PENDING = 16;
/** Workers that were left waiting for a file; after so many nothing is resolved any more. */
const MAX_STUCK = 4;

/** The names of a process. */
class Names {
  /** The program that the addresses belong to; null: none is named yet. */
  generation: string | null = null;
  readonly names = new Map<number, string>();
  /** Addresses whose name cannot change. */
  readonly final = new Set<number>();

  /** Adds names; those of another program are dropped. */
  add({ generation, addresses, names, isFinal }: ProcessNames, share: (name: string) => string): void {
    if (generation !== this.generation || this.names.size > MAX_PROCESS_NAMES) {
      this.names.clear();
      this.final.clear();
    }
    this.generation = generation;
    for (const [index, address] of addresses.entries()) {
      const name = names[index]!;
      const known = this.names.get(address) ?? NOT_CODE;
      // A function that a JIT compiler has dropped keeps its name.
      if ((name === UNKNOWN || name === NOT_CODE) && known !== NOT_CODE) continue;
      this.names.set(address, share(name));
      if (isFinal[index] === 1) this.final.add(address);
    }
  }
}

/** Where to look an address up: a return address follows the call, which may be the function's last instruction. */
function lookedUp(address: bigint, index: number): number {
  return Number(index === 0 ? address : address - 1n);
}

/** A request that the worker has not answered. */
interface Pending {
  /** Process ids in the order of the answers. */
  readonly pids: number[];
  readonly resolve: () => void;
}

/** What is used of a `Worker` with the module `worker.ts`. */
export interface SymbolWorker {
  onmessage: (event: MessageEvent<ProcessNames>) => void;
  onerror: (event: ErrorEvent) => void;
  postMessage(requests: readonly ProcessRequest[]): void;
  terminate(): void;
}

/** How tests replace parts of {@linkcode UserSymbols}. */
export interface UserSymbolsOptions {
  readonly startWorker?: () => SymbolWorker;
  /** How long the worker may take for one process, milliseconds. */
  readonly timeoutMs?: number;
  /** How long {@linkcode UserSymbols.resolve} waits, milliseconds. */
  readonly maxWaitMs?: number;
}

function startWorker(): SymbolWorker {
  // In a bundle (scripts/lib/bundle.sh) this module is in a chunk beside main.js.
  const url = import.meta.url.endsWith(".ts")
    ? new URL("./worker.ts", import.meta.url)
    : new URL("./src/symbols/worker.js", import.meta.url);
  return new Worker(url, { type: "module", name: "symbols" });
}

/** Names user-space addresses. Names are kept after a process has ended. */
export class UserSymbols implements Disposable {
  readonly #processes = new LruCache<number, Names>(MAX_NAMES, ({ names }) => names.size + 1);
  readonly #shared = new Map<string, string>();
  readonly #startWorker: () => SymbolWorker;
  readonly #timeoutMs: number;
  readonly #maxWaitMs: number;
  #worker: SymbolWorker | null = null;
  #pending: Pending[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stuck = 0;
  /** Processes for which the worker did not answer. */
  readonly #unanswered = new Set<number>();

  constructor(options: UserSymbolsOptions = {}) {
    this.#startWorker = options.startWorker ?? startWorker;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#maxWaitMs = options.maxWaitMs ?? MAX_WAIT_MS;
  }

  /**
   * The names of one stack's frames: of the functions, else `file+0x1f2e` with the address in the file, else `[unknown]`. They
   * are escaped, and have no line breaks and no semicolons. What {@linkcode resolve} has not resolved is `[unknown]`.
   * The last one is `…` if the callers are not known: where the next frame should be, there is no address of code, because a
   * function was compiled without a frame pointer.
   *
   * @param addresses the innermost frame first
   */
  frames(pid: number, addresses: readonly bigint[]): string[] {
    const known = this.#processes.get(pid)?.names;
    const names = addresses.map((address, index) => known?.get(lookedUp(address, index)) ?? UNKNOWN);
    if (names[0] === NOT_CODE) names[0] = UNKNOWN;
    const end = names.indexOf(NOT_CODE);
    return end < 0 ? names : [...names.slice(0, end), UNKNOWN_CALLERS];
  }

  /**
   * Names the addresses of these stacks. Must be called with all stacks of an interval, also with known ones: a process id may
   * belong to another program by now. Resolves when everything is named that can be, or after five seconds: names that take longer
   * are there after a later call. Never rejects.
   */
  async resolve(requests: readonly StackAddresses[]): Promise<void> {
    const processes = this.#openAddresses(requests);
    if (processes.length === 0 || this.#stuck >= MAX_STUCK || this.#pending.length >= MAX_PENDING) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#pending.push({ pids: processes.map(({ pid }) => pid), resolve });
    this.#start().postMessage(processes);
    if (this.#pending.length === 1) this.#expectAnswer();
    const timer = setTimeout(resolve, this.#maxWaitMs);
    await promise;
    clearTimeout(timer);
  }

  /** What to ask the worker for. */
  #openAddresses(requests: readonly StackAddresses[]): ProcessRequest[] {
    const byProcess = new Map<number, Set<number>>();
    for (const { pid, addresses } of requests) {
      if (this.#unanswered.has(pid)) continue;
      const wanted = byProcess.get(pid) ?? new Set();
      byProcess.set(pid, wanted);
      for (const [index, address] of addresses.entries()) wanted.add(lookedUp(address, index));
    }
    return Array.from(byProcess, ([pid, wanted]) => {
      const names = this.#processes.get(pid);
      const isFinal = (address: number) => names?.final.has(address) === true;
      return {
        pid,
        generation: names?.generation ?? null,
        open: Float64Array.from([...wanted].filter((address) => !isFinal(address))),
        final: Float64Array.from([...wanted].filter(isFinal)),
      };
    });
  }

  #start(): SymbolWorker {
    if (this.#worker !== null) return this.#worker;
    const worker = this.#startWorker();
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#giveUp();
    };
    return this.#worker = worker;
  }

  #receive(answer: ProcessNames): void {
    if (answer.generation !== null) {
      const names = this.#processes.get(answer.pid) ?? new Names();
      names.add(answer, (name) => this.#share(name));
      this.#processes.set(answer.pid, names);
    }
    const first = this.#pending[0];
    first?.pids.shift();
    if (first?.pids.length === 0) {
      this.#pending.shift();
      first.resolve();
    }
    this.#expectAnswer();
  }

  /** One string for equal names: each answer brings copies. */
  #share(name: string): string {
    const known = this.#shared.get(name);
    if (known !== undefined) return known;
    if (this.#shared.size >= MAX_SHARED) this.#shared.clear();
    this.#shared.set(name, name);
    return name;
  }

  #expectAnswer(): void {
    clearTimeout(this.#timer);
    if (this.#pending.length > 0) this.#timer = setTimeout(() => this.#giveUp(), this.#timeoutMs);
  }

  /** Leaves a worker that does not answer, and the process that it was asked for; the next request starts another one. */
  #giveUp(): void {
    this.#stuck++;
    const pid = this.#pending[0]?.pids[0];
    if (pid !== undefined) this.#unanswered.add(pid);
    this.close();
  }

  /** Ends the worker thread. Known names stay. May be called twice. */
  close(): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
    for (const { resolve } of this.#pending.splice(0)) resolve();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
