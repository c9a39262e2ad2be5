/**
 * The files that cgroups are read from. Tests replace them.
 *
 * @module
 */
import {
  type DirectoryStatus,
  directoryStatus,
  ReadOnlyFile,
  subdirectories,
  type Subdirectory,
} from "../ffi/mod.ts";

/** A state file of a container runtime. */
export interface StateFile {
  /** Another file, or the same one after a change, has another identity. */
  readonly identity: string;
  /** The user id of its owner. */
  readonly owner: number;
  readonly text: string;
}

/** Access to files. Nothing throws: what cannot be read is absent. */
export interface CgroupFiles {
  /** The content of /proc/PID/cgroup; null if the process has ended. */
  membership(pid: number): Uint8Array | null;
  directory(path: Uint8Array): DirectoryStatus | null;
  /** The result is false if some may be missing. */
  subdirectories(path: Uint8Array): Iterator<Subdirectory, boolean>;
  /**
   * A regular file of at most `maxBytes` of UTF-8, whose path does not leave `root` and contains no symbolic link. `known` is the
   * identity of the file whose text is known: it is not read again, and "unchanged" is returned.
   */
  state(root: string, path: string, maxBytes: number, known?: string): StateFile | "unchanged" | null;
  /** Milliseconds of a clock that is never set. */
  now(): number;
  /** Calls a function later, unless ktop has ended by then or the returned function was called. */
  later(callback: () => void, ms: number): () => void;
}

/** Of /proc/PID/cgroup: a line per hierarchy, each with a path of less than 4,096 bytes. */
const MAX_MEMBERSHIP_BYTES = 65_536;
const USUAL_MEMBERSHIP_BYTES = 1024;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** The files of this machine. */
export const SYSTEM_FILES: CgroupFiles = {
  membership(pid) {
    using file = ReadOnlyFile.openProc(`/proc/${pid}/cgroup`);
    if (file === null) return null;
    const bytes = file.read(0, USUAL_MEMBERSHIP_BYTES);
    return bytes.length < USUAL_MEMBERSHIP_BYTES ? bytes : file.read(0, MAX_MEMBERSHIP_BYTES);
  },
  directory: directoryStatus,
  subdirectories,
  state(root, path, maxBytes, known) {
    using file = ReadOnlyFile.openInRoot(root, path, "none");
    if (file === null || file.status.size > maxBytes) return null;
    const { identity, owner } = file.status;
    if (identity === known) return "unchanged";
    try {
      return { identity, owner, text: decoder.decode(file.read(0, file.status.size)) };
    } catch {
      return null;
    }
  },
  now: () => performance.now(),
  later(callback, ms) {
    const timer = setTimeout(callback, ms);
    Deno.unrefTimer(timer);
    return () => clearTimeout(timer);
  },
};

/** Maximum bytes of a limit. */
const MAX_VALUE_BYTES = 64;

/** The start of a small file of a cgroup, below the mount point `root`, without following links; null if it cannot be read. */
export function readValue(root: string, path: string): string | null {
  using file = ReadOnlyFile.openInRoot(root, path, "none");
  return file && new TextDecoder().decode(file.read(0, MAX_VALUE_BYTES));
}
