/**
 * An attached program.
 *
 * @module
 */
import { bpf, type Handle } from "../ffi/mod.ts";

/** Keeps a program attached until it is closed. */
export class BpfLink {
  /** C function name of the program. */
  readonly program: string;
  #handle: Handle | null;

  /** Takes over a `struct bpf_link *`. */
  constructor(program: string, handle: Handle) {
    this.program = program;
    this.#handle = handle;
  }

  /** Detaches; may be called again. */
  close(): void {
    if (this.#handle === null) return;
    bpf().bpf_link__destroy(this.#handle);
    this.#handle = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
