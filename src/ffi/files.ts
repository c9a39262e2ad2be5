/**
 * Opens and reads files of other processes. Nothing that opening a file can start or wait for happens before the file is known
 * to be a regular one: no FIFO blocks, no device acts. Paths are resolved inside a root directory (openat2(2), Linux 5.6).
 *
 * @module
 */
import { libc } from "./libc.ts";
import { cString } from "./memory.ts";

const O_NONBLOCK = 0o4000;
const O_NOCTTY = 0o400;
export const O_CLOEXEC = 0o2000000;
const O_PATH = 0o10000000;
export const O_NOFOLLOW = Deno.build.arch === "aarch64" ? 0o100000 : 0o400000;
const AT_EMPTY_PATH = 0x1000;
/** The same number on every architecture. */
const SYS_OPENAT2 = 437n;
const RESOLVE_NO_XDEV = 0x01n;
const RESOLVE_NO_MAGICLINKS = 0x02n;
const RESOLVE_NO_SYMLINKS = 0x04n;
const RESOLVE_IN_ROOT = 0x10n;
const STATX_BASIC_STATS = 0x7ff;
const S_IFMT = 0o170000;
const S_IFREG = 0o100000;

/** Offsets have the type off_t. */
const MAX_OFFSET = 2 ** 63;

/** What a file is: another file, or the same one after a change, differs in `identity`. */
export interface FileStatus {
  /** Device, inode, size and the times of the last changes. */
  readonly identity: string;
  /** Device and inode only. */
  readonly inode: string;
  readonly regular: boolean;
  /** Bytes; inexact above 2^53. */
  readonly size: number;
  /** The user id of the owner. */
  readonly owner: number;
}

/** Offsets in struct statx, the same on every architecture. */
export const Statx = { links: 16, owner: 20, mode: 28, inode: 32, size: 40, major: 136, minor: 140 } as const;
const STATX_TIMES = [96, 112];
const statxView = new DataView(new ArrayBuffer(256));
const statxBytes = new Uint8Array(statxView.buffer);

/** What statx(2) returns, valid until the next call; null if it fails. */
export function statx(directory: number, path: Uint8Array, flags: number): DataView | null {
  return libc().statx(directory, path, flags, STATX_BASIC_STATS, statxBytes) === 0 ? statxView : null;
}

const NO_PATH = cString("");

function statusOf(fd: number): FileStatus | null {
  const view = statx(fd, NO_PATH, AT_EMPTY_PATH);
  if (view === null) return null;
  const device = `${view.getUint32(Statx.major, true)}:${view.getUint32(Statx.minor, true)}`;
  const inode = `${device}:${view.getBigUint64(Statx.inode, true)}`;
  const size = view.getBigUint64(Statx.size, true);
  const [changed, modified] = STATX_TIMES.map((at) =>
    `${view.getBigInt64(at, true)}.${view.getUint32(at + 8, true)}`
  );
  return {
    identity: `${inode}:${size}:${modified}:${changed}`,
    inode,
    regular: (view.getUint16(Statx.mode, true) & S_IFMT) === S_IFREG,
    size: Number(size),
    owner: view.getUint32(Statx.owner, true),
  };
}

/** How {@linkcode ReadOnlyFile.openInRoot} follows symbolic links: inside the root, none at the end of the path, or none at all. */
export type SymbolicLinks = "inside" | "not last" | "none";

/** A file opened for reading. Nothing throws: what cannot be read is absent. */
export class ReadOnlyFile implements Disposable {
  readonly #fd: number;
  readonly status: FileStatus;

  private constructor(fd: number, status: FileStatus) {
    this.#fd = fd;
    this.status = status;
  }

  /** Opens a file of /proc, which the kernel makes and which is not a regular file with a size; null if it cannot be opened. */
  static openProc(path: string): ReadOnlyFile | null {
    const fd = libc().open(cString(path), O_CLOEXEC);
    return fd < 0 ? null : ReadOnlyFile.#with(fd, () => true);
  }

  /** Opens the regular file that a link of /proc leads to (`/proc/PID/map_files/…`); null if it cannot be opened. */
  static openLink(path: string): ReadOnlyFile | null {
    return ReadOnlyFile.#openRegular(libc().open(cString(path), O_PATH | O_CLOEXEC));
  }

  /**
   * Opens a regular file below the directory `root`, which the path does not leave; null if it cannot be opened.
   *
   * @param mounts "same": a file below another mount point than `root` is not opened
   */
  static openInRoot(
    root: string,
    path: string,
    links: SymbolicLinks,
    mounts: "any" | "same" = "any",
  ): ReadOnlyFile | null {
    if (path.includes("\0")) return null;
    const directory = libc().open(cString(root), O_PATH | O_CLOEXEC);
    if (directory < 0) return null;
    // struct open_how: u64 flags, u64 mode, u64 resolve.
    const how = BigUint64Array.of(
      BigInt(O_PATH | O_CLOEXEC | (links === "not last" ? O_NOFOLLOW : 0)),
      0n,
      RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | (links === "none" ? RESOLVE_NO_SYMLINKS : 0n) |
        (mounts === "same" ? RESOLVE_NO_XDEV : 0n),
    );
    const opened = libc().openat2(
      SYS_OPENAT2,
      directory,
      cString(path),
      new Uint8Array(how.buffer),
      BigInt(how.byteLength),
    );
    libc().close(directory);
    return ReadOnlyFile.#openRegular(Number(opened));
  }

  /** Opens for reading what `path` refers to (a descriptor with O_PATH, which it closes), if it is a regular file. */
  static #openRegular(path: number): ReadOnlyFile | null {
    if (path < 0) return null;
    const regular = statusOf(path)?.regular === true;
    const flags = O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    const fd = regular ? libc().open(cString(`/proc/self/fd/${path}`), flags) : -1;
    libc().close(path);
    return fd < 0 ? null : ReadOnlyFile.#with(fd, (status) => status.regular);
  }

  static #with(fd: number, accepts: (status: FileStatus) => boolean): ReadOnlyFile | null {
    const status = statusOf(fd);
    if (status !== null && accepts(status)) return new ReadOnlyFile(fd, status);
    libc().close(fd);
    return null;
  }

  /** Up to `length` bytes at `offset`; fewer at the end of the file or after an error. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    if (offset + length >= MAX_OFFSET) return new Uint8Array();
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const rest = bytes.subarray(done);
      const read = Number(libc().pread(this.#fd, rest, BigInt(rest.length), BigInt(offset + done)));
      if (read <= 0) break;
      done += read;
    }
    return done === length ? bytes : bytes.slice(0, done);
  }

  [Symbol.dispose](): void {
    libc().close(this.#fd);
  }
}

/** The inode of what a path leads to, a link of /proc such as `/proc/PID/ns/mnt` included; null if it cannot be read. */
export function inodeOf(path: string): string | null {
  const fd = libc().open(cString(path), O_PATH | O_CLOEXEC);
  if (fd < 0) return null;
  const inode = statusOf(fd)?.inode ?? null;
  libc().close(fd);
  return inode;
}
