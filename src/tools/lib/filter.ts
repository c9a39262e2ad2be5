/**
 * The filters every tool shares, checked and put into the constants that bpf/lib/filter.bpf.h reads.
 *
 * @module
 */
import { cgroupDepth, inHostNamespace, learnSelf } from "../../bpf/mod.ts";
import { KtopError, UsageError } from "../../errors.ts";
import { escapeText } from "../../text/mod.ts";
import type { Constant, Filters } from "../tool.ts";

/** Bytes of the kernel's comm, with its NUL (TASK_COMM_LEN, include/linux/sched.h). */
const TASK_COMM_LEN = 16;

/** One mounted file system, from /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface Mount {
  /** Device number of its superblock as the kernel holds it (s_dev): major << 20 | minor. */
  readonly dev: number;
  /** The directory of that file system which is mounted. */
  readonly root: string;
  /** Where it is mounted. */
  readonly point: string;
  /** File-system type: "cgroup2". */
  readonly type: string;
}

/** Undoes the octal escapes of mountinfo (`\040` for a space). */
function unescapeOctal(text: string): string {
  const bytes = new Uint8Array(new TextEncoder().encode(text));
  const out: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const octal = /^\\([0-7]{3})/.exec(String.fromCharCode(...bytes.subarray(i, i + 4)));
    if (octal) i += 3;
    out.push(octal ? parseInt(octal[1]!, 8) : bytes[i]!);
  }
  return new TextDecoder().decode(Uint8Array.from(out));
}

/** Parses the text of /proc/PID/mountinfo; lines it does not understand are passed over. */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split("\n")) {
    const [left, right] = line.split(" - ", 2);
    const [, , device, root, point] = left!.split(" ");
    const [major, minor] = (device ?? "").split(":").map(Number);
    if (right === undefined || point === undefined || minor === undefined) continue;
    mounts.push({
      dev: kernelDevice(major!, minor),
      root: unescapeOctal(root!),
      point: unescapeOctal(point),
      type: right.split(" ")[0]!,
    });
  }
  return mounts;
}

/** The kernel's own device number (MKDEV, include/linux/kdev_t.h). */
export function kernelDevice(major: number, minor: number): number {
  return ((major << 20) | minor) >>> 0;
}

/**
 * The kernel's number of a device as stat(2) has it: glibc's encoding (gnu_dev_major in sys/sysmacros.h), without the high
 * bits of a major number, of which the kernel has 12.
 */
export function kernelDeviceOfStat(dev: bigint): number {
  const major = Number((dev >> 8n) & 0xfffn);
  const minor = Number(dev & 0xffn) | (Number((dev >> 12n) & 0xffffff00n));
  return kernelDevice(major, minor);
}

/** A device as `major:minor`, from the kernel's own number. */
export function deviceName(dev: number): string {
  return `${dev >>> 20}:${dev & 0xfffff}`;
}

/** The mount a path lies in: the longest mount point that is a prefix; of several on one point the last, which hides the others. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const inside = mount.point === "/" || path === mount.point || path.startsWith(`${mount.point}/`);
    if (inside && mount.point.length >= (best?.point.length ?? 0)) best = mount;
  }
  return best;
}

/** Mounts of this process. */
export function readMounts(): Mount[] {
  return parseMountinfo(Deno.readTextFileSync("/proc/self/mountinfo"));
}

/** A directory as the kernel knows it: bpf/lib/dir.bpf.h. */
export interface DirectoryIdentity {
  /** Its real path. */
  readonly real: string;
  /** Device number of its superblock. */
  readonly dev: number;
  readonly inode: bigint;
  /** On btrfs the device number of its subvolume, else 0. */
  readonly subvolume: number;
}

/** Resolves a directory to what the kernel calls it. Throws KtopError with a plain sentence where it is none. */
export function directoryIdentity(path: string): DirectoryIdentity {
  let real: string;
  let info: Deno.FileInfo;
  try {
    real = Deno.realPathSync(path);
    info = Deno.statSync(real);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound ? "does not exist" : "cannot be read";
    throw new KtopError(`The directory ${escapeText(path)} ${why}.`, { cause: error });
  }
  if (!info.isDirectory) throw new KtopError(`${escapeText(path)} is not a directory.`);
  if (info.ino === null) throw new KtopError(`${escapeText(path)} has no inode number.`);
  // btrfs's st_dev is not the superblock's, so mountinfo comes first; after chroot(2) it may not list the root's mount.
  const mount = mountOf(real, readMounts());
  const device = kernelDeviceOfStat(BigInt(info.dev));
  return {
    real,
    dev: mount?.dev ?? device,
    inode: BigInt(info.ino),
    subvolume: mount?.type === "btrfs" ? device : 0,
  };
}

/**
 * Id and depth of a cgroup v2 directory (its inode is the kernel's kernfs id, since 5.5).
 *
 * @param above levels of the hierarchy above the root of ktop's cgroup namespace, from which mountinfo counts
 */
function cgroupIdentity(path: string, above: number): { id: bigint; level: number } {
  const { inode, real } = directoryIdentity(path);
  const mount = mountOf(real, readMounts());
  if (mount?.type !== "cgroup2") {
    const hierarchy = readMounts().find(({ type }) => type === "cgroup2")?.point;
    throw new KtopError(`${escapeText(path)} is not a cgroup v2 directory.`, {
      remedy: hierarchy
        ? `The cgroup v2 hierarchy is at ${escapeText(hierarchy)}.`
        : "No cgroup v2 hierarchy is mounted here.",
    });
  }
  return { id: inode, level: above + cgroupDepth(mount.root) + cgroupDepth(real.slice(mount.point.length)) };
}

/** Whether something is there and may be looked at. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * The filters with what they need to know of ktop itself where it is in namespaces of its own. In the host's nothing is
 * asked.
 */
export async function locateFilters(filters: Filters): Promise<Filters> {
  const needed = (!filters.self && !inHostNamespace("pid")) ||
    (filters.cgroup !== undefined && !inHostNamespace("cgroup"));
  return needed ? { ...filters, ktop: await learnSelf() } : filters;
}

/** Constants of bpf/lib/filter.bpf.h. Throws UsageError or KtopError for a filter that cannot match. */
export function filterConstants(filters: Filters): Record<string, Constant> {
  const { tgid, cgroupsAbove } = filters.ktop ?? { tgid: Deno.pid, cgroupsAbove: 0 };
  const constants: Record<string, Constant> = { self_tgid: filters.self ? 0 : tgid };
  if (filters.pid !== undefined) {
    // --pid takes the host's ids, which /proc of another namespace does not list.
    if (inHostNamespace("pid") && !exists(`/proc/${filters.pid}`)) {
      throw new KtopError(`There is no process ${filters.pid}.`);
    }
    constants.filter_tgid = filters.pid;
  }
  if (filters.cgroup !== undefined) {
    const { id, level } = cgroupIdentity(filters.cgroup, cgroupsAbove);
    constants.filter_cgroup_id = id;
    constants.filter_cgroup_level = level;
  }
  if (filters.comm !== undefined) {
    const bytes = new TextEncoder().encode(filters.comm);
    if (bytes.length === 0 || bytes.length >= TASK_COMM_LEN) {
      throw new UsageError(`--comm takes 1 to ${TASK_COMM_LEN - 1} bytes: the kernel cuts names there.`);
    }
    const comm = new Uint8Array(TASK_COMM_LEN);
    comm.set(bytes);
    constants.filter_comm = comm;
    constants.filter_comm_on = true;
  }
  return constants;
}
