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
import { SYSTEM_USERS } from "./users.ts";

/** A state file of a container runtime. */
export interface StateFile {
  /** Another file, or the same one after a change, has another identity. */
  readonly identity: string;
  /** Bytes that were read. */
  readonly size: number;
  /** Empty if it is not UTF-8. */
  readonly text: string;
}

/** Which state file is read. */
export interface StateRequest {
  /** The user id of its owner. A file of another owner is not read. */
  readonly owner: number;
  readonly maxBytes: number;
  /** The identity of the file whose text is known: it is not read again, whatever its size. */
  readonly known?: string | undefined;
}

/** A file that is open. */
export interface OpenState {
  readonly status: { readonly identity: string; readonly owner: number; readonly size: number };
  read(offset: number, length: number): Uint8Array;
}

/** Access to files. Nothing throws: what cannot be read is absent. */
export interface CgroupFiles {
  /** The content of /proc/PID/cgroup; null if the process has ended. */
  membership(pid: number): Uint8Array | null;
  directory(path: Uint8Array): DirectoryStatus | null;
  /** The result is false if some may be missing. */
  subdirectories(path: Uint8Array): Iterator<Subdirectory, boolean>;
  /**
   * A regular file whose path does not leave `root` and contains no symbolic link. The path of a user's file contains no mount point
   * either: FUSE lets users mount file systems, whose reads may never end. "unchanged": it is the one that is known.
   */
  state(root: string, path: string, request: StateRequest): StateFile | "unchanged" | null;
  /** The home directory of a user; null: unknown. */
  homeOf(uid: number): string | null;
  /** Milliseconds of a clock that is never set. */
  now(): number;
  /** Calls a function later, unless ktop has ended by then or the returned function was called. */
  later(callback: () => void, ms: number): () => void;
}

/** Of /proc/PID/cgroup: a line per hierarchy, each with a path of less than 4,096 bytes. */
const MAX_MEMBERSHIP_BYTES = 65_536;
const USUAL_MEMBERSHIP_BYTES = 1024;

export const ROOT = 0;

const decoder = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return "";
  }
}

/** Reads an open file, if it is the requested one. */
export function readState(file: OpenState, request: StateRequest): StateFile | "unchanged" | null {
  const { identity, owner, size } = file.status;
  if (owner !== request.owner) return null;
  if (identity === request.known) return "unchanged";
  if (size > request.maxBytes) return null;
  return { identity, size, text: decode(file.read(0, size)) };
}

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
  state(root, path, request) {
    const mounts = request.owner === ROOT ? "any" : "same";
    using file = ReadOnlyFile.openInRoot(root, path, "none", mounts);
    return file && readState(file, request);
  },
  homeOf: (uid) => SYSTEM_USERS.homeOf(uid),
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
