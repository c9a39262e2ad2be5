/**
 * What a process has mapped (proc_pid_maps(5)), and which program it runs.
 *
 * @module
 */

/** A mapping that code can run from. */
export interface Mapping {
  readonly start: number;
  readonly end: number;
  /** Offset of `start` in the file, bytes. */
  readonly offset: number;
  /** The name in /proc/PID/map_files. */
  readonly range: string;
  /** As the kernel prints it: a path, `[vdso]`, or nothing for anonymous memory. */
  readonly path: string;
}

const LINE = /^([0-9a-f]+)-([0-9a-f]+) ..x. ([0-9a-f]+) \S+ \d+ *(.*)$/gm;

/** The executable mappings in the text of /proc/PID/maps, in the order of their addresses. */
export function parseMappings(text: string): Mapping[] {
  return Array.from(text.matchAll(LINE), ([, start, end, offset, path]) => ({
    start: parseInt(start!, 16),
    end: parseInt(end!, 16),
    offset: parseInt(offset!, 16),
    range: `${start}-${end}`,
    path: path!.replaceAll("\\012", "\n"),
  }));
}

/**
 * What distinguishes this program from another that the same process id ran: the start of the process, and the places of its
 * code and stack, which exec changes. Null: the process has ended or is a kernel thread.
 *
 * @param stat the text of /proc/PID/stat
 */
export function parseGeneration(stat: string): string | null {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime, startCode, startStack] = [fields[0], fields[19], fields[23], fields[25]];
  if (startStack === undefined || "ZXx".includes(state!) || startCode === "0") return null;
  return `${startTime}:${startCode}:${startStack}`;
}

/** The user that a process runs as and its id in its own pid namespace, from the text of /proc/PID/status. */
export function parseIdentity(status: string): { readonly user: number; readonly pid: number } | null {
  const user = /^Uid:\t\d+\t(\d+)\t/m.exec(status)?.[1];
  const pid = /^NSpid:(?:\t\d+)*\t(\d+)$/m.exec(status)?.[1];
  return user === undefined || pid === undefined ? null : { user: Number(user), pid: Number(pid) };
}
