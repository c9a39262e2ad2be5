/**
 * What /proc says of one process: for narrowing the panes to it, and for the details of a row.
 *
 * @module
 */
import { inHostNamespace } from "../bpf/mod.ts";
import type { ProcessDetails } from "../model/mod.ts";
import { escapeBytes, escapeText } from "../text/mod.ts";

/** Most bytes of a command line that are read; a process may put megabytes there. */
const MAX_COMMAND = 64 * 1024;

/** A process as it is known again: its id may be given to another one later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Name of the process's first thread, escaped; empty where `startTime` is null. */
  readonly comm: string;
  /**
   * Clock ticks between boot and its start: with the id it names the process for good. null: ktop is in a pid namespace of
   * its own, whose /proc has other processes under the host's ids.
   */
  readonly startTime: number | null;
}

interface Status {
  readonly startTime: number;
  readonly ended: boolean;
}

/**
 * Parses /proc/PID/stat (proc_pid_stat(5)): the comm in parentheses may hold anything, so what follows the last one
 * counts. A zombie without other threads has ended, though its parent has not asked for it.
 */
export function parseStat(text: string): Status | null {
  const fields = text.slice(text.lastIndexOf(")") + 1).trim().split(" ");
  const [state = "", threads, startTime] = [fields[0], Number(fields[17]), Number(fields[19])];
  if (!Number.isFinite(startTime)) return null;
  return { startTime: startTime!, ended: "ZXx".includes(state) && !(threads! > 1) };
}

function readStat(pid: number): Status | null {
  try {
    return parseStat(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return null; // no such process
  }
}

/**
 * Finds the process of a process or thread id (`Tgid` of /proc/ID/status: threads have a directory too, though none is
 * listed). Neither file takes a lock that a stuck process may hold, so this cannot hang.
 *
 * @param listed whether /proc lists the host's processes; where not, `id` is believed
 * @returns null where it has ended
 */
export function identifyProcess(id: number, listed = inHostNamespace("pid")): ProcessIdentity | null {
  if (!listed) return { pid: id, comm: "", startTime: null };
  try {
    const status = Deno.readTextFileSync(`/proc/${id}/status`);
    const pid = Number(/^Tgid:\s+(\d+)/m.exec(status)?.[1] ?? id);
    const stat = readStat(pid);
    if (stat === null || stat.ended) return null;
    return { pid, comm: readComm(pid), startTime: stat.startTime };
  } catch {
    return null;
  }
}

function readComm(pid: number): string {
  return escapeText(Deno.readTextFileSync(`/proc/${pid}/comm`).replace(/\n$/, ""));
}

/** True while the process lives, as far as is known: neither gone nor replaced by another with the same id. */
export function isSameProcess({ pid, startTime }: ProcessIdentity): boolean {
  if (startTime === null) return true;
  const stat = readStat(pid);
  return stat !== null && !stat.ended && stat.startTime === startTime;
}

async function readStart(path: string, length: number): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array(length);
  let used = 0;
  while (used < length) {
    const count = await file.read(bytes.subarray(used));
    if (count === null) break;
    used += count;
  }
  return bytes.subarray(0, used);
}

/** Arguments as one line, each escaped; where spaces or quotes are in one, it stands in quotes. */
export function commandLine(bytes: Uint8Array): string {
  const words: string[] = [];
  for (let from = 0; from < bytes.length;) {
    const nul = bytes.indexOf(0, from);
    const end = nul < 0 ? bytes.length : nul;
    const word = escapeBytes(bytes.subarray(from, end));
    words.push(word === "" || /[\s'"]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : word);
    from = end + 1;
  }
  return words.join(" ");
}

/** The cgroup v2 path of /proc/PID/cgroup (cgroups(7)); where there is none, the first v1 line. */
export function parseCgroup(text: string): string {
  const lines = text.split("\n");
  return escapeText(lines.find((line) => line.startsWith("0::"))?.slice(3) ?? lines[0] ?? "");
}

/**
 * Reads what the details of a row show. Asynchronous: the command line lies in the memory of the process, and reading it
 * waits where that is locked.
 *
 * @returns null where the process has ended
 */
export async function describeProcess({ pid, comm }: ProcessIdentity): Promise<ProcessDetails | null> {
  try {
    const [command, cgroup, status] = await Promise.all([
      readStart(`/proc/${pid}/cmdline`, MAX_COMMAND),
      Deno.readTextFile(`/proc/${pid}/cgroup`).catch(() => ""),
      Deno.readTextFile(`/proc/${pid}/status`),
    ]);
    const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
    return {
      pid,
      comm,
      command: commandLine(command),
      cgroup: parseCgroup(cgroup),
      uid: uid === undefined ? null : Number(uid),
    };
  } catch {
    return null;
  }
}
