/**
 * Reads one process from /proc, for the process filter and for row details.
 *
 * @module
 */
import { inHostNamespace } from "../bpf/mod.ts";
import { type AncestorDetails, type ProcessDetails, quotedWords } from "../model/mod.ts";
import { userName } from "../tools/mod.ts";
import { escapeBytes, escapeText } from "../text/mod.ts";

/** Maximum bytes to read of a command line, which may have megabytes. */
const MAX_COMMAND = 64 * 1024;

/** Identifies a process even if its id is reused. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Name of the process's first thread, escaped; empty if `startTime` is null. */
  readonly comm: string;
  /**
   * Start time in clock ticks since boot, unique with the id. null: ktop runs in another pid namespace, where /proc has other
   * processes under the host's ids.
   */
  readonly startTime: number | null;
}

interface Status {
  readonly startTime: number;
  readonly ended: boolean;
}

/**
 * Parses /proc/PID/stat (proc_pid_stat(5)). The comm may itself hold parentheses, so fields start after the last one. A zombie
 * without other threads counts as ended, though its parent has not reaped it.
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
 * Finds the process of a process or thread id (`Tgid` of /proc/ID/status: threads have unlisted directories too). Reading
 * these files takes no lock that a stuck process may hold, so this cannot hang.
 *
 * @param listed Whether /proc lists the host's processes; if not, `id` is taken as a process id.
 * @returns null if it has ended.
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

/** The comm of a process; empty if it has ended. */
function commOf(pid: number): string {
  try {
    return readComm(pid);
  } catch {
    return "";
  }
}

/** Clock ticks a second in /proc: USER_HZ (proc_pid_stat(5)), 100 on x86-64 and arm64. */
const USER_HZ = 100;

/** Start of a process, milliseconds since the epoch, from its start time in clock ticks since boot; null if unknown. */
function startedMs(ticks: number): number | null {
  try {
    const uptimeS = Number(Deno.readTextFileSync("/proc/uptime").split(" ")[0]);
    return Math.round(Date.now() - (uptimeS - ticks / USER_HZ) * 1000);
  } catch {
    return null;
  }
}

/** Whether the process still runs: it has not ended, and no other process has its id. True if unknown. */
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

/** Arguments as one line, escaped, quoted if they contain spaces or quotes. */
export function commandLine(bytes: Uint8Array): string {
  const words: string[] = [];
  for (let from = 0; from < bytes.length;) {
    const nul = bytes.indexOf(0, from);
    const end = nul < 0 ? bytes.length : nul;
    words.push(escapeBytes(bytes.subarray(from, end)));
    from = end + 1;
  }
  return quotedWords(words);
}

/** The cgroup v2 path in /proc/PID/cgroup (cgroups(7)), else the first v1 line. */
export function parseCgroup(text: string): string {
  const lines = text.split("\n");
  return escapeText(lines.find((line) => line.startsWith("0::"))?.slice(3) ?? lines[0] ?? "");
}

/**
 * Reads the details of a process. Asynchronous: the command line is in the memory of the process, and reading it waits while
 * its mmap lock is held.
 *
 * @param maxCommand Bytes to read of the command line.
 * @returns null if the process has ended.
 */
export async function describeProcess(
  { pid, comm, startTime }: ProcessIdentity,
  maxCommand = MAX_COMMAND,
): Promise<ProcessDetails | null> {
  try {
    const [command, cgroup, status] = await Promise.all([
      readStart(`/proc/${pid}/cmdline`, maxCommand),
      Deno.readTextFile(`/proc/${pid}/cgroup`).catch(() => ""),
      Deno.readTextFile(`/proc/${pid}/status`),
    ]);
    const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
    const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
    return {
      pid,
      comm,
      command: commandLine(command),
      // 0: the first process, kernel threads, and a parent in another pid namespace.
      parent: parent > 0 ? { pid: parent, comm: commOf(parent) } : null,
      cgroup: parseCgroup(cgroup),
      uid: uid === undefined ? null : Number(uid),
      user: uid === undefined ? null : userName(Number(uid)),
      startedMs: startTime === null ? null : startedMs(startTime),
    };
  } catch {
    return null;
  }
}

/** Maximum ancestors of a process that are read, and bytes of each of their command lines. */
const MAX_ANCESTORS = 8;
const MAX_ANCESTOR_COMMAND = 256;

/**
 * Reads the parent of a process and the ones before it, as far as they run.
 *
 * @param parent If another process has its id now, by its comm, nothing is returned.
 */
export async function describeAncestors(
  parent: { readonly pid: number; readonly comm: string },
): Promise<AncestorDetails[]> {
  const found: AncestorDetails[] = [];
  let next: { readonly pid: number; readonly comm: string } | null = parent;
  while (next !== null && found.length < MAX_ANCESTORS) {
    const identity = identifyProcess(next.pid);
    if (identity?.startTime === null || identity?.comm !== next.comm) break;
    const details: ProcessDetails | null = await describeProcess(identity, MAX_ANCESTOR_COMMAND);
    if (details === null) break;
    found.push({ pid: details.pid, comm: details.comm, command: details.command });
    next = details.parent;
  }
  return found;
}
