/**
 * Single operations of bpf(2) and perf_event_open(2) on descriptors, for feature probes and statistics.
 *
 * @module
 */
import { checkResult } from "./errno.ts";
import { bpf } from "./libbpf.ts";
import { libc } from "./libc.ts";
import type { MapInfo } from "./map.ts";
import { cString, struct, withBuffer } from "./memory.ts";

/** enum bpf_prog_type of include/uapi/linux/bpf.h. */
export const ProgramType = { kprobe: 2, rawTracepoint: 17, tracing: 26 } as const;
/** enum bpf_attach_type of include/uapi/linux/bpf.h. */
export const AttachType = { fentry: 24, kprobeMulti: 42 } as const;

/** struct bpf_insn: u8 code, u8 destination and source registers, s16 offset, s32 immediate. */
export type Instruction = readonly [code: number, registers: number, offset: number, immediate: number];

function encode(instructions: readonly Instruction[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * instructions.length));
  instructions.forEach(([code, registers, offset, immediate], index) => {
    view.setUint8(8 * index, code);
    view.setUint8(8 * index + 1, registers);
    view.setInt16(8 * index + 2, offset, true);
    view.setInt32(8 * index + 4, immediate, true);
  });
  return new Uint8Array(view.buffer);
}

/**
 * Loads a program under the license GPL.
 *
 * @param type one of {@linkcode ProgramType}
 * @param target for an fentry program: the BTF id of the function
 * @returns its descriptor, or a negative errno
 */
export function loadProgram(
  name: string,
  type: number,
  instructions: readonly Instruction[],
  target: { readonly attachType?: number; readonly btfId?: number } = {},
): number {
  // struct bpf_prog_load_opts: sz 0, expected_attach_type 12, attach_btf_id 32
  const options = struct(112, [
    { offset: 0, u64: 112n },
    { offset: 12, u32: target.attachType ?? 0 },
    { offset: 32, u32: target.btfId ?? 0 },
  ]);
  const count = BigInt(instructions.length);
  return bpf().bpf_prog_load(type, cString(name), cString("GPL"), encode(instructions), count, options);
}

/** Creates a map. @returns its descriptor, or a negative errno */
export function createMap({ type, name, keySize, valueSize, maxEntries }: MapInfo): number {
  return bpf().bpf_map_create(type, cString(name), keySize, valueSize, maxEntries, null);
}

/** The BTF id of a kernel function that fentry programs can attach to, or a negative errno. */
export function findFunctionId(symbol: string): Promise<number> {
  const name = cString(symbol);
  return withBuffer(name, () => bpf().libbpf_find_vmlinux_btf_id_async(name, AttachType.fentry));
}

/**
 * Attaches a raw_tp program to a tracepoint, or an fentry program to its function.
 *
 * @param tracepoint null for fentry
 * @returns the link's descriptor, or a negative errno
 */
export function attachRaw(program: number, tracepoint: string | null): number {
  return bpf().bpf_raw_tracepoint_open(tracepoint === null ? null : cString(tracepoint), program);
}

/** Attaches a kprobe.multi program to one function. @returns the link's descriptor, or a negative errno */
export function attachKprobeMulti(program: number, symbol: string): number {
  const symbols = struct(8, [{ offset: 0, pointer: cString(symbol) }]);
  // struct bpf_link_create_opts: sz 0, kprobe_multi.cnt 36, kprobe_multi.syms 40
  const options = struct(64, [
    { offset: 0, u64: 64n },
    { offset: 36, u32: 1 },
    { offset: 40, pointer: symbols },
  ]);
  return bpf().bpf_link_create(program, 0, AttachType.kprobeMulti, options);
}

/** Numbers of perf_event_open(2): asm/unistd_64.h, asm-generic/unistd.h. */
const SYS_PERF_EVENT_OPEN = { x86_64: 298n, aarch64: 241n } as const;
const PERF_FLAG_FD_CLOEXEC = 8n;

/**
 * Sets a kprobe on a function by perf_event_open(2), as libbpf does: for all processes, on CPU 0.
 *
 * @param type number of the kprobe PMU, from /sys/bus/event_source/devices/kprobe/type
 * @returns the descriptor, or a negative errno
 */
export function openKprobe(type: number, symbol: string): number {
  // struct perf_event_attr: type 0, size 4, config1 56 (name of the function)
  const attributes = struct(128, [
    { offset: 0, u32: type },
    { offset: 4, u32: 128 },
    { offset: 56, pointer: cString(symbol) },
  ]);
  return openPerfEvent(attributes, 0);
}

const PERF_TYPE_SOFTWARE = 1;
/** PERF_COUNT_SW_CPU_CLOCK is configuration 0. Flags of struct perf_event_attr: disabled, freq. */
const SAMPLING_FLAGS = 1 << 0 | 1 << 10;

/**
 * Opens a perf event that samples all that runs on a CPU, by the CPU's clock. It starts when a program is attached to it.
 *
 * @param frequency samples per second
 * @returns the descriptor, or a negative errno
 */
export function openCpuClock(cpu: number, frequency: number): number {
  // struct perf_event_attr: type 0, size 4, config 8, sample_freq 16, flags 40
  const attributes = struct(128, [
    { offset: 0, u32: PERF_TYPE_SOFTWARE },
    { offset: 4, u32: 128 },
    { offset: 16, u64: BigInt(frequency) },
    { offset: 40, u32: SAMPLING_FLAGS },
  ]);
  return openPerfEvent(attributes, cpu);
}

/** @returns the descriptor, or a negative errno */
function openPerfEvent(attributes: Uint8Array, cpu: number): number {
  const number = SYS_PERF_EVENT_OPEN[Deno.build.arch];
  const fd = libc().perf_event_open(number, attributes, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
  return fd >= 0n ? Number(fd) : -libc().errno();
}

/** Closes a descriptor in a worker thread, because closing may block. */
export async function closeDescriptorAsync(fd: number): Promise<void> {
  await libc().close_async(fd);
}

const BPF_STATS_RUN_TIME = 0;

/** As {@linkcode RunTimeStats}, until the descriptor is closed. @returns the descriptor, or a negative errno */
export function enableRunTimeStats(): number {
  return bpf().bpf_enable_stats(BPF_STATS_RUN_TIME);
}

/** While this is open the kernel measures the run time of all BPF programs, at some nanoseconds a run. */
export class RunTimeStats {
  #fd: number;

  /** Switches the measurement on (BPF_ENABLE_STATS, Linux 5.8). @throws {BpfError} EPERM: needs CAP_SYS_ADMIN */
  constructor() {
    this.#fd = checkResult("switch on BPF statistics", enableRunTimeStats());
  }

  /** Ends the measurement unless another process needs it; may be called twice. */
  close(): void {
    if (this.#fd >= 0) libc().close(this.#fd);
    this.#fd = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What the kernel counts for a loaded program. */
export interface ProgramStats {
  readonly id: number;
  /** Nanoseconds it ran since it was loaded, while statistics were on. */
  readonly runTimeNs: bigint;
  /** How often it ran while statistics were on. */
  readonly runs: bigint;
  /** Runs skipped because the program was already running on that CPU (Linux 5.12): lost events. */
  readonly misses: bigint;
}

/** struct bpf_prog_info up to recursion_misses: include/uapi/linux/bpf.h. */
const PROGRAM_INFO = { size: 216, id: 4, runTimeNs: 192, runs: 200, misses: 208 } as const;

/** Reused by every call: ktop reads the skipped runs of all programs in each interval. */
const info = new Uint8Array(PROGRAM_INFO.size);
const infoView = new DataView(info.buffer);
const infoLength = new Uint32Array(1);

/** Fills {@linkcode info}. The kernel takes lengths of arrays from it, and writes the length of its own struct. */
function readInfo(fd: number): void {
  info.fill(0);
  infoLength[0] = info.length;
  checkResult("read program statistics", bpf().bpf_obj_get_info_by_fd(fd, info, infoLength));
}

/** The statistics of the program with this descriptor. @throws {BpfError} the kernel refused */
export function programStats(fd: number): ProgramStats {
  readInfo(fd);
  return {
    id: infoView.getUint32(PROGRAM_INFO.id, true),
    runTimeNs: infoView.getBigUint64(PROGRAM_INFO.runTimeNs, true),
    runs: infoView.getBigUint64(PROGRAM_INFO.runs, true),
    misses: infoView.getBigUint64(PROGRAM_INFO.misses, true),
  };
}

/** {@linkcode ProgramStats.misses} of the program with this descriptor. @throws {BpfError} the kernel refused */
export function programMisses(fd: number): bigint {
  readInfo(fd);
  return infoView.getBigUint64(PROGRAM_INFO.misses, true);
}

/** Machine code of the kernel: the addresses from `start` to before `end`. */
export interface CodeRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** struct bpf_prog_info up to jited_func_lens: include/uapi/linux/bpf.h. */
const PROGRAM_CODE = { size: 128, functions: 104, lengths: 108, starts: 112, lengthsAt: 120 } as const;
/** BPF_MAX_SUBPROGS: kernel/bpf/verifier.c. */
const MAX_FUNCTIONS = 256;

/** The machine code of the program with this descriptor, a range for each of its functions; empty if the kernel hides addresses or interprets it. */
export function programCode(fd: number): CodeRange[] {
  const starts = new BigUint64Array(MAX_FUNCTIONS), lengths = new Uint32Array(MAX_FUNCTIONS);
  const info = struct(PROGRAM_CODE.size, [
    { offset: PROGRAM_CODE.functions, u32: MAX_FUNCTIONS },
    { offset: PROGRAM_CODE.lengths, u32: MAX_FUNCTIONS },
    { offset: PROGRAM_CODE.starts, pointer: new Uint8Array(starts.buffer) },
    { offset: PROGRAM_CODE.lengthsAt, pointer: new Uint8Array(lengths.buffer) },
  ]);
  const result = bpf().bpf_obj_get_info_by_fd(fd, info, new Uint32Array([info.length]));
  checkResult("read program addresses", result);
  const count = new DataView(info.buffer).getUint32(PROGRAM_CODE.functions, true);
  const ranges = [...starts.subarray(0, count)].map((start, i) => ({
    start,
    end: start + BigInt(lengths[i]!),
  }));
  return ranges.filter(({ start, end }) => start > 0n && end > start);
}
