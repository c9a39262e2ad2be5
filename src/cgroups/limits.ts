/**
 * The limits that apply to a cgroup: the lowest of those of the cgroup and of the ones around it. Documentation/admin-guide/cgroup-v2.rst,
 * cgroup-v1/memory.rst, scheduler/sched-bwc.rst.
 *
 * @module
 */
import type { Mount } from "../ffi/mod.ts";
import { readValue } from "./files.ts";
import { cgroupAt, cgroupOf, type Controller, controllerHierarchy, type Hierarchy } from "./hierarchy.ts";

/** Each is null if there is no limit, and absent if it is unknown. */
export interface CgroupLimits {
  readonly memoryBytes?: number | null;
  /** CPU time, as a number of CPUs. */
  readonly cpus?: number | null;
  /** Processes and threads. */
  readonly pids?: number | null;
}

/** A limit in the directory of a cgroup; Infinity: none; null: the file is missing or is not a limit. */
type ReadLimit = (file: (name: string) => string | null) => number | null;

/** Limits of v1 above this mean none: LONG_MAX rounded down to a page. */
const MAX_MEMORY = 2 ** 62;

/** A number as the kernel writes it; "max" and, of v1, −1 mean none. */
function numberIn(text: string | null): number | null {
  const value = text?.trim() ?? "";
  if (value === "max" || value === "-1") return Infinity;
  return /^\d{1,20}$/.test(value) ? Number(value) : null;
}

function memory(file: (name: string) => string | null): number | null {
  const bytes = numberIn(file("memory.max") ?? file("memory.limit_in_bytes"));
  return bytes !== null && bytes >= MAX_MEMORY ? Infinity : bytes;
}

function cpus(file: (name: string) => string | null): number | null {
  const [quota, period] = file("cpu.max")?.trim().split(" ") ??
    [file("cpu.cfs_quota_us"), file("cpu.cfs_period_us")];
  const [allowed, of] = [numberIn(quota ?? null), numberIn(period ?? null)];
  return allowed === null || of === null || of === 0 ? null : allowed / of;
}

const LIMITS: readonly (readonly [keyof CgroupLimits, Controller, ReadLimit])[] = [
  ["memoryBytes", "memory", memory],
  ["cpus", "cpu", cpus],
  ["pids", "pids", (file) => numberIn(file("pids.max"))],
];

/** Levels that are read, from the mount point down. The limits of deeper cgroups are not found. */
const MAX_LEVELS = 64;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** A path below a mount point as text; null if it is not UTF-8. */
function textOf(below: Uint8Array): string | null {
  try {
    return decoder.decode(below);
  } catch {
    return null;
  }
}

/** The lowest limit from the mount point down to a cgroup; Infinity: none; null: no file has one. */
function lowest(
  { point }: Hierarchy,
  below: string,
  readLimit: ReadLimit,
  read: typeof readValue,
): number | null {
  const levels = below.split("/").slice(0, MAX_LEVELS);
  const limits = levels.flatMap((_, level) => {
    const path = levels.slice(0, level + 1).join("/");
    return readLimit((name) => read(point, `${path}/${name}`)) ?? [];
  });
  return limits.length === 0 ? null : Math.min(...limits);
}

/** Which cgroup: that of a process, else one with a path in the hierarchy that names processes. */
export interface CgroupOfLimits {
  readonly hierarchy: Hierarchy;
  /** The content of /proc/PID/cgroup; null: the process has ended. */
  readonly membership: Uint8Array | null;
  /** As in /proc/PID/cgroup; null: unknown. */
  readonly path: Uint8Array | null;
}

/** The limits of a cgroup. Reads two small files for each limit and level. */
export function readLimits(
  { hierarchy, membership, path }: CgroupOfLimits,
  mounts: readonly Mount[],
  read = readValue,
): CgroupLimits {
  const found = LIMITS.flatMap(([key, controller, readLimit]) => {
    const mounted = controllerHierarchy(controller, mounts);
    if (mounted === null) return [];
    // In other hierarchies the cgroup of an ended process may have been another one.
    const known = mounted.point === hierarchy.point ? path : null;
    const place = membership ? cgroupOf(mounted, membership) : known && cgroupAt(mounted, known);
    const below = place && textOf(place.below);
    const limit = below === null ? null : lowest(mounted, below, readLimit, read);
    return limit === null ? [] : [[key, limit === Infinity ? null : limit] as const];
  });
  return Object.fromEntries(found);
}
