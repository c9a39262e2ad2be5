/**
 * Device numbers and directories, as the kernel identifies them.
 *
 * @module
 */
import { kernelDevice, mountOf, readMounts } from "../../bpf/mod.ts";
import { KtopError } from "../../errors.ts";
import { shownValue } from "../../text/mod.ts";
import { sharedTexts } from "./shared_texts.ts";

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
