/**
 * This process: clocks, page size, memory.
 *
 * @module
 */
import { isExhausted } from "../errors.ts";
import { libc } from "./libc.ts";

const CLOCK_MONOTONIC = 1;
const CLOCK_PROCESS_CPUTIME_ID = 2;

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
/** A private, executable, read-only mapping in /proc/self/maps (proc_pid_maps(5)): its bounds and its file. */
const CODE_MAPPING = /^([0-9a-f]+)-([0-9a-f]+) r-xp \S+ \S+ \d+ +(.+)$/;

/**
 * Drops the runtime's code pages from this process (madvise(2), MADV_DONTNEED): start-up runs through 30 MB of code,
 * a tick through a fraction. They are clean pages of the executable: they stay in the page cache and are mapped again
 * on first use. Does nothing if /proc/self/maps cannot be read.
 */
export function releaseUnusedCode(): void {
  let maps: string;
  try {
    maps = Deno.readTextFileSync("/proc/self/maps");
  } catch {
    return;
  }
  const executable = Deno.execPath();
  for (const line of maps.split("\n")) {
    const [, start, end, file] = CODE_MAPPING.exec(line) ?? [];
    if (file !== executable) continue;
    const from = BigInt(`0x${start}`);
    libc().madvise(Deno.UnsafePointer.create(from), BigInt(`0x${end}`) - from, MADV_DONTNEED);
  }
}
