/**
 * A lock that one process holds on a file. The kernel releases it when the process ends, however it ends, and children do not
 * inherit it (fcntl(2), "Advisory record locking").
 *
 * @module
 */
import { checkResult, errnoName } from "./errno.ts";
import { O_CLOEXEC, O_NOFOLLOW } from "./files.ts";
import { libc } from "./libc.ts";
import { cString } from "./memory.ts";

const O_RDWR = 2;
const O_NONBLOCK = 0o4000;
const F_TLOCK = 2;

/** A lock that this process holds until it ends or closes it. The process must not open the file otherwise: closing it releases the lock. */
export class FileLock implements Disposable {
  #fd: number | null;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /**
   * Locks a file that exists; null if another process holds the lock.
   *
   * @throws {BpfError} it cannot be opened, is a link, or its file system has no locks
   */
  static take(path: string): FileLock | null {
    const fd = libc().open(cString(path), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    checkResult(`open ${path}`, fd < 0 ? -libc().errno() : fd);
    if (libc().lockf(fd, F_TLOCK, 0n) === 0) return new FileLock(fd);
    const errno = libc().errno();
    libc().close(fd);
    if (["EACCES", "EAGAIN"].includes(errnoName(errno))) return null;
    checkResult(`lock ${path}`, -errno);
    return null;
  }

  /** Releases the lock. May be called twice. */
  [Symbol.dispose](): void {
    if (this.#fd !== null) libc().close(this.#fd);
    this.#fd = null;
  }
}
