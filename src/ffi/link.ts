/**
 * A `struct bpf_link`: one attached program.
 *
 * @module
 */
import type { Pointer } from "./c_types.ts";
import { bpf } from "./libbpf.ts";

/** Keeps a program attached to one target until it is closed. */
export class NativeLink {
  #pointer: Pointer<"bpf_link"> | null;

  constructor(pointer: Pointer<"bpf_link">) {
    this.#pointer = pointer;
  }

  #take(): Pointer<"bpf_link"> | null {
    const pointer = this.#pointer;
    this.#pointer = null;
    return pointer;
  }

  /** Detaches; may be called twice. */
  close(): void {
    const pointer = this.#take();
    if (pointer !== null) bpf().bpf_link__destroy(pointer);
  }

  /** Detaches in a worker thread, for links that take long; may be called twice. */
  async closeAsync(): Promise<void> {
    const pointer = this.#take();
    if (pointer !== null) await bpf().bpf_link__destroy_async(pointer);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
