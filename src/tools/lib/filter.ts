/**
 * The filters that all tools share: checks them and turns them into the constants of bpf/lib/filter.bpf.h.
 *
 * @module
 */
import {
  cgroupDepth,
  identifySelf,
  inHostNamespace,
  mountOf,
  readMounts,
  taskExists,
} from "../../bpf/mod.ts";
import { parseUser, readPasswd } from "../../cgroups/mod.ts";
import { KtopError, UsageError } from "../../errors.ts";
import { type Flag, type FlagValue, type IdFilter, MAX_PID, negation } from "../../model/mod.ts";
import { shownValue } from "../../text/mod.ts";
import type { Constants, Filters, ToolOptions } from "../tool.ts";
import { hasTerms, parseTerms } from "./cgroup_terms.ts";
import { directoryIdentity, exists } from "./mounts.ts";
import { CGROUP_NAMINGS, cgroupNaming } from "./who.ts";

/** The flag of tools that can be restricted to a thread. */
export const TID_FLAG: Flag = {
  name: "tid",
  letter: "t",
  kind: "integer",
  argument: "TID",
  min: 1,
  max: MAX_PID,
  description: "only this thread",
};

/** The flag of tools that can be restricted to a user. */
export const UID_FLAG: Flag = {
  name: "uid",
  letter: "u",
  kind: "integer",
  argument: "UID",
  min: 0,
  max: 0xffffffff,
  description: "only this user id",
};

/** Bytes of a comm, including its NUL (include/linux/sched.h). */
const TASK_COMM_LEN = 16;

/**
 * The id of a cgroup v2 directory, and its depth: its inode number is the kernel's kernfs id (since 5.5).
 *
 * @param above levels of the hierarchy above the root of ktop's cgroup namespace, from which mountinfo counts
 */
function locateCgroup(path: string, above: number): { readonly id: bigint | number; readonly level: number } {
  const { inode, real } = directoryIdentity(path);
  const mounts = readMounts();
  const mount = mountOf(real, mounts);
  if (mount?.type !== "cgroup2") {
    const hierarchy = mounts.find(({ type }) => type === "cgroup2")?.point;
    throw new KtopError(`${shownValue(path)} is not a cgroup v2 directory.`, {
      remedy: hierarchy
        ? `The cgroup v2 hierarchy is at ${shownValue(hierarchy)}.`
        : "No cgroup v2 hierarchy is mounted here. Run: mount -t cgroup2 cgroup2 DIR.",
    });
  }
  const level = above + cgroupDepth(mount.root) + cgroupDepth(real.slice(mount.point.length));
  return { id: inode, level };
}

/** MAX_CGROUPS of bpf/lib/filter.bpf.h. */
const MAX_CGROUPS = 8;

/** Constants for `--cgroup`. */
function cgroupConstants(filters: readonly string[], above: number): Constants {
  if (filters.length > MAX_CGROUPS) {
    throw new UsageError(`--cgroup can be given at most ${MAX_CGROUPS} times.`);
  }
  const terms = filters.map(negation);
  const found = terms.map(({ value }) => locateCgroup(value, above));
  return {
    filter_cgroup_ids: new Uint8Array(BigUint64Array.from(found, ({ id }) => BigInt(id)).buffer),
    filter_cgroup_levels: new Uint8Array(Uint32Array.from(found, ({ level }) => level).buffer),
    filter_cgroup_count: found.length,
    filter_cgroups_negated: terms.reduce((mask, { negated }, i) => mask | (negated ? 1 << i : 0), 0),
    filter_cgroups_only_exclude: terms.every(({ negated }) => negated),
  };
}

/**
 * The filters with what is found on this machine: the hierarchy that names processes; ktop's own ids on the host, if a filter needs
 * them. In the host's namespaces none does.
 */
export async function locateFilters(given: Filters): Promise<Filters> {
  const filters = { ...given, naming: cgroupNaming() };
  const needed = (!filters.self && !inHostNamespace("pid")) ||
    (filters.cgroup !== undefined && !inHostNamespace("cgroup"));
  return needed ? { ...filters, ktop: await identifySelf() } : filters;
}

/** State, number of threads and start (clock ticks since boot) of a process or thread: proc_pid_stat(5). */
interface TaskStat {
  readonly state: string;
  readonly threads: number;
  readonly start: bigint;
}

/** The stat of a process or thread; null if it is hidden (hidepid), or has ended. */
function taskStat(id: number): TaskStat | null {
  try {
    const stat = Deno.readTextFileSync(`/proc/${id}/stat`);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0]!, threads: Number(fields[17]), start: BigInt(fields[19]!) };
  } catch {
    return null;
  }
}

/** When a process started, clock ticks since boot; null if /proc does not say so in the host's time. */
function startTicks(pid: number): bigint | null {
  return inHostNamespace("time") === false ? null : taskStat(pid)?.start ?? null;
}

/**
 * Makes a test of whether the process or thread that has an id now has ended: it is gone, its id is another one's, or only its exit status
 * is left. A process has not ended while one of its threads runs. Of one that /proc hides, only that it is gone is noticed. The test is
 * always false where /proc does not list the ids of the host.
 */
export function endTest(kind: "process" | "thread", id: number): () => boolean {
  if (!inHostNamespace("pid")) return () => false;
  const first = taskStat(id);
  return () => {
    const now = taskStat(id);
    if (now === null) return !taskExists(id);
    return first === null || now.start !== first.start ||
      (now.state === "Z" && (kind === "thread" || now.threads <= 1));
  };
}

/** The process of a thread; null if it has ended. A process is that of its first thread. */
function processOf(tid: number): number | null {
  try {
    return Number(/^Tgid:\s+(\d+)$/m.exec(Deno.readTextFileSync(`/proc/${tid}/status`))?.[1]);
  } catch {
    return null;
  }
}

/** Throws KtopError if there is no process with this id of the host, UsageError if the id is that of another thread of a process. */
function assertProcess(pid: number, option: string): void {
  if (!exists(`/proc/${pid}`)) throw new KtopError(`There is no process ${pid}.`);
  const owner = processOf(pid);
  if (owner === null || owner === pid) return;
  throw new UsageError(`${option} takes a process, and ${pid} is a thread of process ${owner}.`, {
    remedy: `Give ${owner}.`,
  });
}

/** Throws KtopError if there is no such thread, UsageError if it belongs to another process than --pid. Ids are those of the host. */
function assertThread(tid: number, pid: number | undefined): void {
  if (!exists(`/proc/${tid}`)) throw new KtopError(`There is no thread ${tid}.`);
  const owner = processOf(tid);
  if (pid === undefined || owner === null || owner === pid) return;
  throw new UsageError(`Thread ${tid} belongs to process ${owner}, not to ${pid}.`);
}

/** The constant of {@linkcode TID_FLAG}. Throws KtopError if there is no such thread, UsageError if it belongs to another process than --pid. */
export function threadConstants({ filters: { pid }, flags }: ToolOptions): Constants {
  const tid = flags.tid as number | undefined;
  if (tid === undefined) return { filter_tid: 0 };
  if (inHostNamespace("pid")) assertThread(tid, typeof pid === "number" ? pid : undefined);
  return { filter_tid: tid };
}

/** The filters with the tool's `--uid`. Throws UsageError if there is `--user`, too. */
export function withUser(filters: Filters, uid: FlagValue | undefined): Filters {
  if (uid === undefined) return filters;
  if (filters.user !== undefined) throw new UsageError("--uid and --user exclude each other.");
  return { ...filters, user: String(uid) };
}

function parentConstants(filter: IdFilter, option: string): Constants {
  const { negated, value } = negation(String(filter));
  const pid = Number(value);
  if (inHostNamespace("pid")) assertProcess(pid, option);
  return { filter_ppid: pid, filter_ppid_negated: negated };
}

function userConstants(user: string): Constants {
  const { negated, value } = negation(user);
  return { filter_uid: parseUser(value, readPasswd), filter_uid_on: true, filter_uid_negated: negated };
}

function pidConstants(filter: IdFilter): Constants {
  const { negated, value } = negation(String(filter));
  const pid = Number(value);
  const process = { filter_tgid: pid, filter_tgid_negated: negated };
  // --pid takes host ids; in a pid namespace, /proc does not list those.
  if (!inHostNamespace("pid")) return process;
  assertProcess(pid, "--pid");
  const start = startTicks(pid);
  return {
    ...process,
    ...(start === null ? {} : { filter_start_ticks: start, filter_start_on: true }),
  };
}

function commConstants(filter: string): Constants {
  const { negated, value: name } = negation(filter);
  const bytes = new TextEncoder().encode(name);
  if (bytes.length === 0 || bytes.length >= TASK_COMM_LEN) {
    throw new UsageError(`--comm takes 1 to ${TASK_COMM_LEN - 1} bytes: the kernel cuts names there.`);
  }
  const comm = new Uint8Array(TASK_COMM_LEN);
  comm.set(bytes);
  return { filter_comm: comm, filter_comm_on: true, filter_comm_negated: negated };
}

/**
 * Constants of bpf/lib/filter.bpf.h. Throws UsageError or KtopError for a filter that cannot match.
 *
 * @param ppidOption how the user typed `--ppid`
 */
export function filterConstants(
  { ktop, naming = "v2", self, pid, ppid, user, cgroup, comm, followed, ...names }: Filters,
  ppidOption = "--ppid",
): Constants {
  const { tgid, cgroupsAbove } = ktop ?? { tgid: Deno.pid, cgroupsAbove: 0 };
  parseTerms(names); // for its UsageError
  return {
    cgroup_naming: CGROUP_NAMINGS.indexOf(naming),
    self_tgid: self ? 0 : tgid,
    ...(pid === undefined ? {} : pidConstants(pid)),
    ...(ppid === undefined ? {} : parentConstants(ppid, ppidOption)),
    ...(user === undefined ? {} : userConstants(user)),
    ...(cgroup === undefined ? {} : cgroupConstants(cgroup, cgroupsAbove)),
    ...(comm === undefined ? {} : commConstants(comm)),
    ...(hasTerms(names) ? { filter_cgroup_names: true } : {}),
    ...(followed === undefined ? {} : { filter_followed: true }),
  };
}
