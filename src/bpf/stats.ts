/**
 * The kernel's measurement of what BPF programs cost.
 *
 * @module
 */
import { checkResult, closeDescriptor, enableRunTimeStats } from "../ffi/mod.ts";

/** While this is open the kernel measures the run time of all BPF programs, at some nanoseconds a run. */
export class RunTimeStats {
  #fd: number;

  /** Switches the measurement on (BPF_ENABLE_STATS, Linux 5.8). @throws {BpfError} EPERM: needs CAP_SYS_ADMIN */
  constructor() {
    this.#fd = checkResult("switch on BPF statistics", enableRunTimeStats());
  }

  /** Ends the measurement unless another process needs it; may be called twice. */
  close(): void {
    if (this.#fd < 0) return;
    closeDescriptor(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
