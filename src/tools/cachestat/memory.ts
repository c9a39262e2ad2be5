/**
 * The size of the page cache.
 *
 * @module
 */

/** Memory that the page cache takes at the end of an interval, bytes; null: unknown. */
export interface CacheMemory {
  readonly buffers_bytes: number | null;
  readonly cached_bytes: number | null;
}

/** Reads a line of /proc/meminfo: `Cached:  1234 kB`. Returns bytes. */
function bytesOf(meminfo: string, name: string): number | null {
  const kilobytes = new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(meminfo)?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

/** What the text of /proc/meminfo reports. */
export const cacheMemoryOf = (meminfo: string): CacheMemory => ({
  buffers_bytes: bytesOf(meminfo, "Buffers"),
  cached_bytes: bytesOf(meminfo, "Cached"),
});

/** Reads /proc/meminfo. */
export const readCacheMemory = (): CacheMemory => cacheMemoryOf(Deno.readTextFileSync("/proc/meminfo"));
