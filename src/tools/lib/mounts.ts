/**
 * Mounts, device numbers and directories, as the kernel identifies them.
 *
 * @module
 */
import { KtopError } from "../../errors.ts";
import { escapeText } from "../../text/mod.ts";

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

/** Whether something is there and may be looked at. */
export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
