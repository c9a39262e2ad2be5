/**
 * What programs cost, as the kernel measures it.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { bpf, errnoName, libc } from "../ffi/mod.ts";

/** What the kernel knows of a loaded program. */
export interface ProgramStats {
  readonly id: number;
  /** Nanoseconds it ran since it was loaded, while statistics were on. */
  readonly runTimeNs: bigint;
  /** How often it ran while statistics were on. */
  readonly runs: bigint;
  /** Calls that did not run it because it was running already on that CPU (Linux 5.12): events lost. */
  readonly misses: bigint;
}

/** struct bpf_prog_info up to recursion_misses: include/uapi/linux/bpf.h. */
const INFO = { size: 216, id: 4, runTimeNs: 192, runs: 200, misses: 208 } as const;

/** @param fd a program's descriptor @throws {BpfError} the kernel refused */
export function programStats(fd: number): ProgramStats {
  const info = new Uint8Array(INFO.size);
  const result = bpf().bpf_obj_get_info_by_fd(fd, info, new Uint32Array([INFO.size]));
  if (result < 0) throw new BpfError("read program statistics", errnoName(result));
  const view = new DataView(info.buffer);
  return {
    id: view.getUint32(INFO.id, true),
    runTimeNs: view.getBigUint64(INFO.runTimeNs, true),
    runs: view.getBigUint64(INFO.runs, true),
    misses: view.getBigUint64(INFO.misses, true),
  };
}

const BPF_STATS_RUN_TIME = 0;

/** The kernel measures the run time of all BPF programs, at some nanoseconds a run, until this is closed. */
export class RunTimeStats {
  #fd: number;

  /** Switches the measurement on (BPF_ENABLE_STATS, Linux 5.8). @throws {BpfError} EPERM: needs CAP_SYS_ADMIN */
  constructor() {
    this.#fd = bpf().bpf_enable_stats(BPF_STATS_RUN_TIME);
    if (this.#fd < 0) throw new BpfError("switch on BPF statistics", errnoName(this.#fd));
  }

  /** Switches it off, unless somebody else wants it too; may be called again. */
  close(): void {
    if (this.#fd < 0) return;
    libc().close(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
