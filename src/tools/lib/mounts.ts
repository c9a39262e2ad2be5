/**
 * Mounts, device numbers and directories, as the kernel identifies them.
 *
 * @module
 */
import { KtopError } from "../../errors.ts";
import { shownValue } from "../../text/mod.ts";
import { sharedTexts } from "./shared_texts.ts";

/** A mount, from /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export interface Mount {
  /** Device number of its superblock in the kernel's encoding (s_dev): major << 20 | minor. */
  readonly dev: number;
  /** The mounted directory, relative to the root of the file system. */
  readonly root: string;
  /** The mount point. */
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

/** Parses the text of /proc/PID/mountinfo; malformed lines are skipped. */
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

/** A device number in the kernel's encoding (MKDEV, include/linux/kdev_t.h). */
export function kernelDevice(major: number, minor: number): number {
  return ((major << 20) | minor) >>> 0;
}

/**
 * Converts a device number of stat(2), which has glibc's encoding (gnu_dev_major in sys/sysmacros.h). The kernel's major
 * numbers have 12 bits; higher ones are dropped.
 */
export function kernelDeviceOfStat(dev: bigint): number {
  const major = Number((dev >> 8n) & 0xfffn);
  const minor = Number(dev & 0xffn) | (Number((dev >> 12n) & 0xffffff00n));
  return kernelDevice(major, minor);
}

/** A device number in the kernel's encoding as `major:minor`. */
export const deviceName: (dev: number) => string = sharedTexts((dev) => `${dev >>> 20}:${dev & 0xfffff}`);

/** The mount of a path: the longest mount point that is a prefix. Of several on one point the last, which hides the others. */
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

/** Mounts of this process and of init, whose mount namespace may be another one; unreadable ones are left out. */
export function readAllMounts(): Mount[] {
  return ["self", "1"].flatMap((process) => {
    try {
      return parseMountinfo(Deno.readTextFileSync(`/proc/${process}/mountinfo`));
    } catch {
      return [];
    }
  });
}

/** A directory as the kernel identifies it (bpf/lib/dir.bpf.h). */
export interface DirectoryIdentity {
  /** Its real path. */
  readonly real: string;
  /** Device number of its superblock. */
  readonly dev: number;
  readonly inode: bigint;
  /** Device number of its subvolume on btrfs, otherwise 0. */
  readonly subvolume: number;
}

/** Resolves a directory. Throws KtopError if the path is not a directory. */
export function directoryIdentity(path: string): DirectoryIdentity {
  let real: string;
  let info: Deno.FileInfo;
  try {
    real = Deno.realPathSync(path);
    info = Deno.statSync(real);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "does not exist"
      : error instanceof Deno.errors.PermissionDenied
      ? "cannot be read: permission denied"
      : "cannot be read";
    throw new KtopError(`The directory ${shownValue(path)} ${why}.`, { cause: error });
  }
  if (!info.isDirectory) throw new KtopError(`${shownValue(path)} is not a directory.`);
  if (info.ino === null) throw new KtopError(`${shownValue(path)} has no inode number.`);
  // mountinfo first, because st_dev on btrfs is not the superblock's. After chroot(2) the root's mount may be missing.
  const mount = mountOf(real, readMounts());
  const device = kernelDeviceOfStat(BigInt(info.dev));
  return {
    real,
    dev: mount?.dev ?? device,
    inode: BigInt(info.ino),
    subvolume: mount?.type === "btrfs" ? device : 0,
  };
}

/** True if the path exists and is accessible. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
