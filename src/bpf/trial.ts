/**
 * The smallest programs and maps, made only to see whether the kernel accepts them. Each trial leaves nothing behind.
 *
 * @module
 */
import { bpf, cString, libc, perfEventOpen, struct } from "../ffi/mod.ts";
import { MapType } from "./map.ts";

/** enum bpf_prog_type and bpf_attach_type of include/uapi/linux/bpf.h. */
const ProgramType = { kprobe: 2, rawTracepoint: 17, tracing: 26 } as const;
const AttachType = { fentry: 24, kprobeMulti: 42 } as const;

/** struct bpf_insn: u8 code, u8 dst and src, s16 offset, s32 immediate. */
type Instruction = readonly [code: number, registers: number, offset: number, immediate: number];

/** return 0 */
const RETURN_ZERO: readonly Instruction[] = [[0xb7, 0x00, 0, 0], [0x95, 0x00, 0, 0]];

const BPF_FUNC_probe_read_kernel = 113;

/** bpf_probe_read_kernel(fp - 8, 8, 0); return 0 */
const READ_KERNEL: readonly Instruction[] = [
  [0xbf, 0xa1, 0, 0],
  [0x07, 0x01, 0, -8],
  [0xb7, 0x02, 0, 8],
  [0xb7, 0x03, 0, 0],
  [0x85, 0x00, 0, BPF_FUNC_probe_read_kernel],
  ...RETURN_ZERO,
];

/**
 * A function that every kernel has, that can be traced, and that is seldom called. Kept for good: a nonblocking call
 * does not keep its buffers alive.
 */
const TRIAL_FUNCTION = cString("vfs_mkdir");
/** A tracepoint that every kernel has and that is seldom hit. */
const TRIAL_TRACEPOINT = cString("sched_process_exec");

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

/** Loads a program. @returns its descriptor, or a negative errno */
function load(
  type: number,
  instructions: readonly Instruction[],
  options?: { attachType: number; btfId?: number },
): number {
  // struct bpf_prog_load_opts: sz, expected_attach_type, attach_btf_id
  const more = struct(112, [
    { offset: 0, u64: 112n },
    { offset: 12, u32: options?.attachType ?? 0 },
    { offset: 32, u32: options?.btfId ?? 0 },
  ]);
  const count = BigInt(instructions.length);
  return bpf().bpf_prog_load(type, cString("ktop_trial"), cString("GPL"), encode(instructions), count, more);
}

/**
 * Uses a descriptor and closes it away from the event loop: the kernel lets go of a perf event only after two RCU grace
 * periods, tens of milliseconds.
 *
 * @returns what `use` returned, or the negative errno that `fd` is
 */
async function withFd(fd: number, use: (fd: number) => number | Promise<number>): Promise<number> {
  if (fd < 0) return fd;
  try {
    return await use(fd);
  } finally {
    await libc().close_away(fd);
  }
}

const closeAtOnce = (fd: number): Promise<number> => withFd(fd, () => 0);

/**
 * Attaches an fentry program to a kernel function.
 *
 * @returns 0, or the negative errno of loading or attaching
 */
export async function tryFentry(): Promise<number> {
  const btfId = await bpf().libbpf_find_vmlinux_btf_id(TRIAL_FUNCTION, AttachType.fentry);
  if (btfId < 0) return btfId;
  const program = load(ProgramType.tracing, RETURN_ZERO, { attachType: AttachType.fentry, btfId });
  return withFd(program, (fd) => closeAtOnce(bpf().bpf_raw_tracepoint_open(null, fd)));
}

/** Attaches a raw_tp program. @returns 0 or a negative errno */
export function tryRawTracepoint(): Promise<number> {
  const program = load(ProgramType.rawTracepoint, RETURN_ZERO);
  return withFd(program, (fd) => closeAtOnce(bpf().bpf_raw_tracepoint_open(TRIAL_TRACEPOINT, fd)));
}

/** Loads a program that reads kernel memory. @returns 0 or a negative errno */
export function tryReadKernel(): Promise<number> {
  return closeAtOnce(load(ProgramType.rawTracepoint, READ_KERNEL));
}

/**
 * Sets a kprobe on a kernel function by perf_event_open(2), as libbpf does.
 *
 * @param type the kprobe PMU's number, from /sys/bus/event_source/devices/kprobe/type
 * @returns 0 or a negative errno
 */
export function tryKprobe(type: number): Promise<number> {
  // struct perf_event_attr: type, size, config1 = function name
  const attr = struct(128, [{ offset: 0, u32: type }, { offset: 4, u32: 128 }, {
    offset: 56,
    pointer: TRIAL_FUNCTION,
  }]);
  return closeAtOnce(perfEventOpen(attr));
}

/** Attaches a kprobe.multi program to a kernel function. @returns 0 or a negative errno */
export function tryKprobeMulti(): Promise<number> {
  const names = struct(8, [{ offset: 0, pointer: TRIAL_FUNCTION }]);
  // struct bpf_link_create_opts: sz, kprobe_multi.cnt, kprobe_multi.syms
  const options = struct(64, [{ offset: 0, u64: 64n }, { offset: 36, u32: 1 }, {
    offset: 40,
    pointer: names,
  }]);
  const program = load(ProgramType.kprobe, RETURN_ZERO, { attachType: AttachType.kprobeMulti });
  return withFd(program, (fd) => closeAtOnce(bpf().bpf_link_create(fd, 0, AttachType.kprobeMulti, options)));
}

/** Makes a ring buffer of a page. @returns 0 or a negative errno */
export function tryRingBuffer(page: number): Promise<number> {
  return closeAtOnce(bpf().bpf_map_create(MapType.ringbuf, cString("ktop_trial"), 0, 0, page, null));
}

/** Drains an empty hash map in one call. @returns 0 or a negative errno */
export function tryMapBatch(): Promise<number> {
  const map = bpf().bpf_map_create(MapType.hash, cString("ktop_trial"), 4, 4, 1, null);
  const word = () => new Uint32Array(1);
  return withFd(map, (fd) => {
    const count = new Uint32Array([1]);
    return bpf().bpf_map_lookup_and_delete_batch(fd, null, word(), word(), word(), count, null);
  });
}

/** Switches run-time statistics on and off. @returns 0 or a negative errno */
export function tryStats(): Promise<number> {
  return closeAtOnce(bpf().bpf_enable_stats(0));
}
