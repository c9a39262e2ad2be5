/**
 * This process: clocks, page size, memory.
 *
 * @module
 */
import { isExhausted } from "../errors.ts";
import { libc } from "./libc.ts";

const CLOCK_MONOTONIC = 1;
const CLOCK_PROCESS_CPUTIME_ID = 2;
const CLOCK_THREAD_CPUTIME_ID = 3;

/** struct timespec: i64 seconds, i64 nanoseconds. */
const timespec = new BigInt64Array(2);
const timespecBytes = new Uint8Array(timespec.buffer);

function readClock(id: number): bigint {
  libc().clock_gettime(id, timespecBytes);
  return timespec[0]! * 1_000_000_000n + timespec[1]!;
}

/** Nanoseconds of CLOCK_MONOTONIC: the clock of bpf_ktime_get_ns(). */
export function monotonicNs(): bigint {
  return readClock(CLOCK_MONOTONIC);
}

/** CPU time of all threads of this process, nanoseconds. */
export function processCpuNs(): bigint {
  return readClock(CLOCK_PROCESS_CPUTIME_ID);
}

/** CPU time of the calling thread, nanoseconds. */
export function threadCpuNs(): bigint {
  return readClock(CLOCK_THREAD_CPUTIME_ID);
}

const _SC_PAGESIZE = 30;
let page = 0;

/** The kernel's page size in bytes. */
export function pageSize(): number {
  page ||= Number(libc().sysconf(_SC_PAGESIZE));
  return page;
}

const M_MMAP_THRESHOLD = -3;

/**
 * Makes malloc map blocks of 64 KiB and more one by one, so that they return to the kernel when they are freed
 * (mallopt(3)). libbpf parses the kernel's BTF for each object; in glibc's arenas those blocks would stay resident: 20 MB.
 */
export function mapLargeBlocks(): void {
  libc().mallopt(M_MMAP_THRESHOLD, 65_536);
}

/** Returns memory that libbpf has freed to the kernel (malloc_trim(3)): parsing vmlinux BTF takes several megabytes. */
export function trimHeap(): void {
  libc().malloc_trim(0n);
}

const ESRCH = 3;

/** Whether there is a process or thread with this id in this pid namespace, also one that hidepid hides (proc(5)). */
export function taskExists(id: number): boolean {
  return libc().getpgid(id) >= 0 || libc().errno() !== ESRCH;
}

const RLIMIT_NOFILE = 7;

/** Raises the soft limit of open files to the hard one: each attached program, map and link is a descriptor. */
export function raiseFileLimit(): void {
  // struct rlimit: u64 rlim_cur, u64 rlim_max.
  const limit = new BigUint64Array(2);
  const bytes = new Uint8Array(limit.buffer);
  if (libc().getrlimit(RLIMIT_NOFILE, bytes) !== 0) return;
  limit[0] = limit[1]!;
  libc().setrlimit(RLIMIT_NOFILE, bytes);
}

/** Whether this process may open fewer than `count` more descriptors. */
export function isShortOfDescriptors(count: number): boolean {
  const limit = new BigUint64Array(2);
  if (libc().getrlimit(RLIMIT_NOFILE, new Uint8Array(limit.buffer)) !== 0) return false;
  try {
    return [...Deno.readDirSync("/proc/self/fd")].length + count > limit[0]!;
  } catch (error) {
    return isExhausted(error);
  }
}

const MADV_DONTNEED = 4;
/**
 * A mapping of a file in /proc/self/maps (proc_pid_maps(5)) that the process never writes: its code, and the first segment of
 * an executable, which holds constants. The loader writes relocations to other read-only mappings. Bounds and file.
 */
const CLEAN_MAPPING = /^([0-9a-f]+)-([0-9a-f]+) r-(?:xp [0-9a-f]+|-p 0+) \S+ \d+ +(.+)$/;

/** Bounds of the runtime's clean mappings, which stay where they are. */
let cleanMappings: readonly { readonly start: bigint; readonly bytes: bigint }[] | undefined;

function findCleanMappings(): { start: bigint; bytes: bigint }[] {
  const executable = Deno.execPath();
  try {
    return Deno.readTextFileSync("/proc/self/maps").split("\n").flatMap((line) => {
      const [, start, end, file] = CLEAN_MAPPING.exec(line) ?? [];
      if (file !== executable) return [];
      return [{ start: BigInt(`0x${start}`), bytes: BigInt(`0x${end}`) - BigInt(`0x${start}`) }];
    });
  } catch {
    return [];
  }
}

/**
 * Returns memory to the kernel that is not needed at the moment: what libbpf and the compiler have freed, and the runtime's
 * code and constants (madvise(2), MADV_DONTNEED). Start-up reads 40 MB of them, a tick a fraction. They are clean pages of the
 * executable: they stay in the page cache and are mapped again on first use. Does nothing if /proc/self/maps cannot be read.
 */
export function releaseUnusedMemory(): void {
  for (const { start, bytes } of cleanMappings ??= findCleanMappings()) {
    libc().madvise(Deno.UnsafePointer.create(start), bytes, MADV_DONTNEED);
  }
  trimHeap();
}
