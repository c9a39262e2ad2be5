/**
 * Kernel memory of ktop's BPF maps and ring buffers. Their sizes are fixed when they are created.
 *
 * @module
 */

/** Parses /proc/PID/fdinfo/N of a BPF map (bpf_map_show_fdinfo in kernel/bpf/syscall.c); null for other descriptors. */
export function parseMapInfo(text: string): { readonly id: string; readonly bytes: number } | null {
  const id = /^map_id:\s*(\d+)$/m.exec(text)?.[1];
  const bytes = /^memlock:\s*(\d+)$/m.exec(text)?.[1];
  return id === undefined || bytes === undefined ? null : { id, bytes: Number(bytes) };
}

/** Memory of all maps that this process has open, bytes; 0 if /proc cannot be read. A map with two descriptors counts once. */
export function kernelMemory(): number {
  const maps = new Map<string, number>();
  try {
    for (const { name } of Deno.readDirSync("/proc/self/fdinfo")) {
      const map = readMapInfo(name);
      if (map) maps.set(map.id, map.bytes);
    }
  } catch {
    return 0;
  }
  return [...maps.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function readMapInfo(descriptor: string): ReturnType<typeof parseMapInfo> {
  try {
    return parseMapInfo(Deno.readTextFileSync(`/proc/self/fdinfo/${descriptor}`));
  } catch {
    return null; // closed by now, such as the descriptor of the directory itself
  }
}
