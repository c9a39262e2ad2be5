/**
 * The mounts of a process (proc_pid_mountinfo(5)).
 *
 * @module
 */

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
  /** The super block's options: `["rw", "memory"]`. */
  readonly options: readonly string[];
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
    const [type, , options] = right.split(" ");
    mounts.push({
      dev: kernelDevice(major!, minor),
      root: unescapeOctal(root!),
      point: unescapeOctal(point),
      type: type!,
      options: options?.split(",") ?? [],
    });
  }
  return mounts;
}

/** A device number in the kernel's encoding (MKDEV, include/linux/kdev_t.h). */
export function kernelDevice(major: number, minor: number): number {
  return ((major << 20) | minor) >>> 0;
}

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
