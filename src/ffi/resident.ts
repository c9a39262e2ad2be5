/**
 * What lies in memory and is not used any more.
 *
 * @module
 */
import { libc } from "./libc.ts";

const MADV_DONTNEED = 4;
/** A private, executable, read-only mapping in /proc/self/maps (proc_pid_maps(5)): its bounds and its file. */
const CODE = /^([0-9a-f]+)-([0-9a-f]+) r-xp \S+ \S+ \d+ +(.+)$/;

/**
 * Drops the runtime's code pages from this process (madvise(2), MADV_DONTNEED): starting runs through 30 MB of code,
 * a tick through a fraction. They are clean pages of the executable, which stay in the page cache and come back one by
 * one as they are used. Does nothing where /proc/self/maps cannot be read.
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
    const [, start, end, file] = CODE.exec(line) ?? [];
    if (file !== executable) continue;
    const from = BigInt(`0x${start}`);
    libc().madvise(Deno.UnsafePointer.create(from), BigInt(`0x${end}`) - from, MADV_DONTNEED);
  }
}
