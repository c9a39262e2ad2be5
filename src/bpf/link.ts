/**
 * An attached program.
 *
 * @module
 */
import { bpf, type Handle } from "../ffi/mod.ts";

/** Ends after all slow links that were closed so far. */
let detaching: Promise<unknown> = Promise.resolve();

/** Keeps a program attached until it is closed. */
export class BpfLink {
  /** C function name of the program. */
  readonly program: string;
  readonly #slow: boolean;
  #handles: readonly Handle[];

  /**
   * Takes over `struct bpf_link *`: one for each function that the program is attached to.
   *
   * @param slow it goes through a perf event, of which the kernel lets go only after two RCU grace periods (kernel/
   * trace/trace_event_perf.c, perf_trace_event_unreg): tens of milliseconds each
   */
  constructor(program: string, handles: readonly Handle[], slow: boolean) {
    this.program = program;
    this.#handles = handles;
    this.#slow = slow;
  }

  /** Detaches; may be called again. Slow links are detached one after another, away from the event loop. */
  close(): void {
    const handles = this.#handles;
    this.#handles = [];
    for (const handle of handles) {
      if (this.#slow) detaching = detaching.then(() => bpf().bpf_link__destroy_away(handle));
      else bpf().bpf_link__destroy(handle);
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
