/**
 * Counts the BPF maps of a process without ktop's code.
 *
 * @module
 */

/** Kernel memory of all maps that a process has open, bytes, counted from its descriptors. */
export function mapBytesOf(pid: number): number {
  const bytes = new Map<string, number>();
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fdinfo`)) {
    let info: string;
    try {
      info = Deno.readTextFileSync(`/proc/${pid}/fdinfo/${name}`);
    } catch {
      continue; // closed by now
    }
    const id = /^map_id:\s*(\d+)$/m.exec(info)?.[1];
    if (id !== undefined) bytes.set(id, Number(/^memlock:\s*(\d+)$/m.exec(info)?.[1]));
  }
  return [...bytes.values()].reduce((sum, each) => sum + each, 0);
}
