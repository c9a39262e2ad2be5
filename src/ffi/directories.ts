/**
 * Directories whose names need not be UTF-8: paths and names are bytes. Symbolic links are not followed at the end of a path, and
 * nothing throws: what cannot be read is absent.
 *
 * @module
 */
import { errnoName } from "./errno.ts";
import { O_CLOEXEC, O_NOFOLLOW, Statx, statx } from "./files.ts";
import { libc } from "./libc.ts";
import { kernelDevice } from "./mounts.ts";

const O_DIRECTORY = Deno.build.arch === "aarch64" ? 0o40000 : 0o200000;
const SYS_GETDENTS64 = Deno.build.arch === "aarch64" ? 61n : 217n;
const DT_DIR = 4;

/** Offsets in struct linux_dirent64 (include/linux/dirent.h). */
const D_RECLEN = 16;
const D_TYPE = 18;
const D_NAME = 19;

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;

/** Bytes of entries per system call: about 400 files of a cgroup. */
const BYTES_PER_CALL = 16_384;

/** A directory in another one. */
export interface Subdirectory {
  readonly name: Uint8Array;
  /** Inexact above 2^53. */
  readonly inode: number;
  /** True if no directory is in it; for directories of kernfs, such as cgroups. */
  readonly isLeaf: boolean;
  /** The user id of its owner; null: unknown, or something else is mounted there. */
  readonly owner: number | null;
}

/** A path or name as an argument of a system call. */
function terminated(path: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(path.length + 1);
  bytes.set(path);
  return bytes;
}

/** A directory by its inode. */
export interface DirectoryStatus {
  /** In the kernel's encoding ({@linkcode kernelDevice}). */
  readonly device: number;
  /** Inexact above 2^53. */
  readonly inode: number;
  /** The user id of its owner. */
  readonly owner: number;
}

/** What is at a path, which should be a directory; null if there is nothing. */
export function directoryStatus(path: Uint8Array): DirectoryStatus | null {
  const view = statx(AT_FDCWD, terminated(path), AT_SYMLINK_NOFOLLOW);
  return view && {
    device: kernelDevice(view.getUint32(Statx.major, true), view.getUint32(Statx.minor, true)),
    inode: Number(view.getBigUint64(Statx.inode, true)),
    owner: view.getUint32(Statx.owner, true),
  };
}

/**
 * The directories in a directory, read as they are asked for; the directory is open until then, or until return(). The result is
 * false if some may be missing, because the directory could not be read; one that does not exist has none.
 */
export function* subdirectories(path: Uint8Array): Generator<Subdirectory, boolean> {
  const fd = libc().open(terminated(path), O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return errnoName(libc().errno()) === "ENOENT";
  try {
    const buffer = new Uint8Array(BYTES_PER_CALL);
    const view = new DataView(buffer.buffer);
    for (;;) {
      const length = Number(libc().getdents64(SYS_GETDENTS64, fd, buffer, BigInt(buffer.length)));
      if (length === 0) return true;
      // A directory that was removed after it was opened has no entries (ENOENT).
      if (length < 0) return errnoName(libc().errno()) === "ENOENT";
      for (let at = 0; at < length; at += view.getUint16(at + D_RECLEN, true)) {
        if (buffer[at + D_TYPE] !== DT_DIR) continue;
        const name = buffer.slice(at + D_NAME, buffer.indexOf(0, at + D_NAME));
        const isDots = name[0] === 0x2e && (name.length === 1 || (name.length === 2 && name[1] === 0x2e));
        if (isDots) continue;
        const inode = view.getBigUint64(at, true);
        const status = statx(fd, terminated(name), AT_SYMLINK_NOFOLLOW);
        const isLeaf = status?.getUint32(Statx.links, true) === 2;
        const isSame = status?.getBigUint64(Statx.inode, true) === inode;
        const owner = isSame ? status!.getUint32(Statx.owner, true) : null;
        yield { name, inode: Number(inode), isLeaf, owner };
      }
    }
  } finally {
    libc().close(fd);
  }
}
