/**
 * The smallest programs and maps, created only to find out whether the kernel accepts them. Each trial returns 0 or the
 * negative errno of the step that failed, and leaves nothing behind.
 *
 * @module
 */
import {
  attachKprobeMulti,
  attachRaw,
  AttachType,
  closeDescriptorAsync,
  createMap,
  enableRunTimeStats,
  findFunctionId,
  type Instruction,
  loadProgram,
  MapType,
  NativeMap,
  openCpuClock,
  openKprobe,
  pageSize,
  ProgramType,
} from "../ffi/mod.ts";
import { onlineCpus } from "./map.ts";

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

const NAME = "ktop_trial";
/** A function that every kernel has, that can be traced, and that is rarely called. */
const FUNCTION = "vfs_mkdir";
/** A tracepoint that every kernel has and that is rarely hit. */
const TRACEPOINT = "sched_process_exec";

/**
 * Uses a descriptor and closes it in a worker thread: closing a perf event waits for two RCU grace periods, tens of
 * milliseconds.
 *
 * @returns what `use` returned, or the negative errno that `fd` is
 */
async function withFd(
  fd: number,
  use: (fd: number) => number | Promise<number> = () => 0,
): Promise<number> {
  if (fd < 0) return fd;
  try {
    return await use(fd);
  } finally {
    await closeDescriptorAsync(fd);
  }
}

/** Attaches an fentry program to a kernel function. */
export async function tryFentry(): Promise<number> {
  const btfId = await findFunctionId(FUNCTION);
  if (btfId < 0) return btfId;
  const target = { attachType: AttachType.fentry, btfId };
  const program = loadProgram(NAME, ProgramType.tracing, RETURN_ZERO, target);
  return await withFd(program, (fd) => withFd(attachRaw(fd, null)));
}

/** Attaches a raw_tp program. */
export function tryRawTracepoint(): Promise<number> {
  const program = loadProgram(NAME, ProgramType.rawTracepoint, RETURN_ZERO);
  return withFd(program, (fd) => withFd(attachRaw(fd, TRACEPOINT)));
}

/** Loads a program that reads kernel memory. */
export function tryReadKernel(): Promise<number> {
  return withFd(loadProgram(NAME, ProgramType.rawTracepoint, READ_KERNEL));
}

/**
 * Sets a kprobe on a kernel function by perf_event_open(2), as libbpf does.
 *
 * @param type the kprobe PMU's number, from /sys/bus/event_source/devices/kprobe/type
 */
export function tryKprobe(type: number): Promise<number> {
  return withFd(openKprobe(type, FUNCTION));
}

/** Opens a perf event on the clock of a CPU. */
export function tryPerfEvent(): Promise<number> {
  return withFd(openCpuClock(onlineCpus()[0]!, 1));
}

/** Attaches a kprobe.multi program to a kernel function. */
export function tryKprobeMulti(): Promise<number> {
  const target = { attachType: AttachType.kprobeMulti };
  const program = loadProgram(NAME, ProgramType.kprobe, RETURN_ZERO, target);
  return withFd(program, (fd) => withFd(attachKprobeMulti(fd, FUNCTION)));
}

/** Creates a ring buffer of a page. */
export function tryRingBuffer(): Promise<number> {
  return withFd(
    createMap({ name: NAME, type: MapType.ringbuf, keySize: 0, valueSize: 0, maxEntries: pageSize() }),
  );
}

/** Drains an empty hash map in one call: -ENOENT if the operation exists. */
export function tryMapBatch(): Promise<number> {
  const info = { name: NAME, type: MapType.hash, keySize: 4, valueSize: 4, maxEntries: 1 };
  return withFd(createMap(info), (fd) => {
    const word = (): Uint8Array => new Uint8Array(4);
    const count = Uint32Array.of(1);
    using map = new NativeMap(info, fd);
    return map.lookupAndDeleteBatch({ from: null, next: word(), keys: word(), values: word(), count });
  });
}

/** Switches run-time statistics on and off. */
export function tryStats(): Promise<number> {
  return withFd(enableRunTimeStats());
}
