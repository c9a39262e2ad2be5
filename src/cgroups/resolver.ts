/**
 * Names of cgroups by id. An id is the inode number of the cgroup's directory (cgroup_ino() in the kernel, since Linux 5.5). On
 * 64-bit machines kernfs counts ids up and uses none again as long as the hierarchy exists, so that a name stays right after the
 * cgroup has gone; they repeat in other hierarchies, and one resolver has one hierarchy.
 *
 * @module
 */
import type { DirectoryStatus } from "../ffi/mod.ts";
import { escapeBytes } from "../text/mod.ts";
import { type CgroupFiles, ROOT, SYSTEM_FILES } from "./files.ts";
import { cgroupAt, cgroupBelow, cgroupOf, type CgroupPath, type Hierarchy } from "./hierarchy.ts";
import { type CgroupName, nameCgroup } from "./names.ts";
import { type ParsedContainer, parsePath } from "./path_names.ts";
import { StateFiles } from "./state_files.ts";
import { concat, TreeWalk } from "./tree_walk.ts";

/** Names to remember: at most about a kilobyte each, 300 bytes in practice. */
const MAX_NAMES = 8192;
/** Bytes of the longest path to remember in addition to its escaped text. */
const MAX_RAW_PATH = 1024;
/** Cgroups without a row yet: at most about 100 bytes each in practice. */
const MAX_PATHS = 16_384;
/** Lookups by process in a period, milliseconds: each takes about 0.1 ms. The others wait for the walk through the tree. */
const MAX_LOOKUPS = 500;
const PERIOD_MS = 1000;
/** A runtime may write a container's state file after it has made the cgroup: from one look to the next, twice as long each time, up to 25 seconds. */
const FIRST_RETRY_MS = 100;
const MAX_RETRIES = 8;
/** Cgroups whose state file is waited for; a name beyond is final at once. */
const MAX_WAITING = 512;
/** Looks at a time: each takes up to 0.2 ms. */
const RETRIES_AT_ONCE = 20;
const SLASH = 0x2f;

/** A container without a state file. */
interface Waiting {
  readonly cgroup: CgroupPath;
  readonly retries: number;
  /** When to look again. */
  readonly due: number;
}

const encoder = new TextEncoder();

const equals = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

/** The part of a path up to its component number `depth`. */
function ancestor(path: Uint8Array, depth: number): Uint8Array {
  let components = 0;
  for (let at = 0; at < path.length; at++) {
    if (path[at] === SLASH && components++ === depth) return path.subarray(0, at);
  }
  return path;
}

function depthOf(path: Uint8Array): number {
  return path.reduce((depth, byte) => depth + (byte === SLASH ? 1 : 0), 0);
}

/** The cgroups of a hierarchy. */
export class Cgroups {
  readonly #hierarchy: Hierarchy;
  readonly #files: CgroupFiles;
  readonly #states: StateFiles;
  readonly #walk: TreeWalk;
  readonly #point: Uint8Array;
  /** By id, the one that was used last at the end. Null: the hierarchy does not show it. */
  readonly #names = new Map<number, CgroupName | null>();
  /** The paths of those whose names have another one, escaped or cut. */
  readonly #rawPaths = new Map<number, Uint8Array>();
  /** Where cgroups were that have no name yet, below the mount point. */
  readonly #paths = new Map<number, Uint8Array>();
  readonly #waiting = new Map<number, Waiting>();
  #periodStart = -Infinity;
  #lookups = 0;
  #onSeen: ((id: number, below: Uint8Array, owner: number | null) => void) | null = null;

  /** @param files Tests replace it. */
  constructor(hierarchy: Hierarchy, files: CgroupFiles = SYSTEM_FILES) {
    this.#hierarchy = hierarchy;
    this.#files = files;
    this.#states = new StateFiles(files);
    this.#point = encoder.encode(hierarchy.point);
    this.#walk = new TreeWalk(files, this.#point, {
      seen: (id, below, owner) => this.#seen(id, below, owner),
      found: (id, below) => this.#nameIfPresent(id, cgroupBelow(hierarchy, below)),
      absent: (id) => {
        const isMounted = this.#nameIfPresent(id, cgroupBelow(hierarchy, new Uint8Array()));
        if (!isMounted) this.#cacheName(id, null, null);
      },
    });
  }

  /**
   * The name of a cgroup; null: unknown. A name that was found is final unless it {@linkcode Cgroups.isProvisional}: a container that is
   * renamed keeps its old one here.
   *
   * @param id of the cgroup in this hierarchy
   * @param pid of a process that was in it; it may have moved or ended since
   */
  nameOf(id: number, pid: number | null): CgroupName | null {
    const known = this.#names.get(id);
    if (known !== undefined) {
      // The one that was used last is at the end.
      this.#names.delete(id);
      this.#names.set(id, known);
      return known;
    }
    if (pid !== null && this.#nameFromProcess(id, pid)) return this.#names.get(id)!;
    const path = this.#paths.get(id);
    if (path !== undefined) {
      this.#nameFromPath(id, cgroupBelow(this.#hierarchy, path));
      return this.#names.get(id)!;
    }
    this.#walk.want(id);
    return this.#names.get(id) ?? null;
  }

  /** Whether a cgroup has a name without its container's, for which {@linkcode Cgroups.retry} looks again. */
  isProvisional(id: number): boolean {
    return this.#waiting.has(id);
  }

  /** Whether any name is provisional. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Looks again for state files that were absent, for some seconds after the first look. Returns the cgroups whose name is final now. */
  retry(): readonly number[] {
    const now = this.#files.now();
    const due = [...this.#waiting].filter(([, waiting]) => waiting.due <= now).slice(0, RETRIES_AT_ONCE);
    for (const [id, { cgroup }] of due) if (!this.#nameIfPresent(id, cgroup)) this.#waiting.delete(id);
    return due.map(([id]) => id).filter((id) => !this.#waiting.has(id));
  }

  /** Whether a process is in a cgroup now. */
  isIn(id: number, pid: number): boolean {
    const membership = this.#files.membership(pid);
    const cgroup = membership && cgroupOf(this.#hierarchy, membership);
    return cgroup !== null && this.#status(id, cgroup) !== null;
  }

  /** The path of a cgroup that has a name, as in /proc/PID/cgroup; null: it has been removed, or its path is unknown. */
  currentPath(id: number): Uint8Array | null {
    const name = this.#names.get(id);
    const path = this.#rawPaths.get(id) ?? (name ? encoder.encode(name.path) : null);
    const cgroup = path && cgroupAt(this.#hierarchy, path);
    return cgroup !== null && this.#status(id, cgroup) !== null ? path : null;
  }

  /**
   * Goes through the tree once, in slices of time: cgroups that exist now have a name even if they and their processes are gone when a
   * row of them is read.
   */
  start(): void {
    this.#walk.walkOnce();
  }

  /**
   * Passes on all cgroups that exist, as {@linkcode Cgroups.nameOf} names them, in slices of time between which other work is done. Takes
   * 20 ms of CPU time for 1,000.
   *
   * @param onCgroup returns what is remembered of the cgroup; its path takes less memory than its name
   */
  async list(onCgroup: (id: number, name: CgroupName) => "name" | "path" | null): Promise<void> {
    this.#onSeen = (id, below, owner) => {
      const cgroup = cgroupBelow(this.#hierarchy, below);
      const name = this.#names.get(id) ?? this.#describe(id, cgroup, owner);
      const kept = onCgroup(id, name);
      if (kept === "name") this.#cacheName(id, name, cgroup);
      else if (kept === "path") this.#cachePath(id, below);
    };
    const root = this.#files.directory(this.#point);
    if (root !== null) this.#onSeen(root.inode, new Uint8Array(), root.owner);
    await this.#walk.walkAll();
    this.#onSeen = null;
  }

  /**
   * Names a cgroup that the kernel says it has created. If it has gone since, whose it was is unknown: it is named after its path, and
   * after a container only if no other than root can make cgroups there.
   *
   * @param path as in /proc/PID/cgroup
   */
  created(id: number, path: Uint8Array): void {
    const cgroup = cgroupAt(this.#hierarchy, path);
    if (cgroup !== null) this.#nameFromPath(id, cgroup);
  }

  /** Ends the search for cgroups that is in progress. May be called twice. */
  close(): void {
    this.#walk.close();
  }

  #seen(id: number, below: Uint8Array, owner: number | null): void {
    if (this.#onSeen !== null) this.#onSeen(id, below, owner);
    else this.#cachePath(id, below);
  }

  #cachePath(id: number, below: Uint8Array): void {
    if (!this.#names.has(id) && this.#paths.size < MAX_PATHS) this.#paths.set(id, below);
  }

  /** Names a cgroup that was there; if it has gone since, whose it was is unknown. */
  #nameFromPath(id: number, cgroup: CgroupPath): void {
    if (!this.#nameIfPresent(id, cgroup)) this.#cacheName(id, this.#describe(id, cgroup, null), cgroup);
  }

  #nameFromProcess(id: number, pid: number): boolean {
    const now = this.#files.now();
    if (now - this.#periodStart >= PERIOD_MS) {
      this.#periodStart = now;
      this.#lookups = 0;
    }
    if (this.#lookups >= MAX_LOOKUPS) return false;
    this.#lookups++;
    const membership = this.#files.membership(pid);
    const cgroup = membership && cgroupOf(this.#hierarchy, membership);
    const isFound = cgroup !== null && this.#nameIfPresent(id, cgroup);
    if (isFound) this.#walk.forget(id);
    return isFound;
  }

  /** The directory of the cgroup with this path; null if it does not have this id. */
  #status(id: number, { below }: CgroupPath): DirectoryStatus | null {
    const root = this.#files.directory(this.#point);
    const status = this.#files.directory(concat(this.#point, below));
    return status?.inode === id && status.device === root?.device ? status : null;
  }

  /** Names the cgroup with this path if it has this id. */
  #nameIfPresent(id: number, cgroup: CgroupPath): boolean {
    const status = this.#status(id, cgroup);
    if (status === null) return false;
    this.#cacheName(id, this.#describe(id, cgroup, status.owner), cgroup);
    return true;
  }

  /** @param owner the user id of the cgroup's owner; null: unknown, because it has gone */
  #describe(id: number, cgroup: CgroupPath, owner: number | null): CgroupName {
    const parsed = parsePath(cgroup.path.length === 0 ? "/" : escapeBytes(cgroup.path));
    const { container } = parsed;
    const isProven = container !== undefined &&
      (!container.needsRoot || (owner !== null && this.#belongsToRoot(cgroup, container, owner)));
    const found = container !== undefined && isProven ? this.#states.find(container, parsed.uid) : null;
    const isMissing = container !== undefined && isProven && found === null &&
      this.#states.mayDescribe(container, parsed.uid);
    if (isMissing && owner !== null) this.#wait(id, cgroup);
    else this.#waiting.delete(id);
    return nameCgroup(parsed, isProven, found);
  }

  #wait(id: number, cgroup: CgroupPath): void {
    const before = this.#waiting.get(id);
    const retries = before === undefined ? 0 : before.retries + 1;
    this.#waiting.delete(id);
    if (retries >= MAX_RETRIES || this.#waiting.size >= MAX_WAITING) return;
    this.#waiting.set(id, { cgroup, retries, due: this.#files.now() + FIRST_RETRY_MS * 2 ** retries });
  }

  /** True if the container's cgroup belongs to root. One that the mount does not show is above what it shows, and root's. */
  #belongsToRoot({ path, below }: CgroupPath, { depth }: ParsedContainer, owner: number): boolean {
    const all = depthOf(path), hidden = all - depthOf(below);
    if (depth < hidden) return true;
    if (depth === all) return owner === ROOT;
    return this.#files.directory(concat(this.#point, ancestor(below, depth - hidden)))?.owner === ROOT;
  }

  #cacheName(id: number, name: CgroupName | null, cgroup: CgroupPath | null): void {
    this.#paths.delete(id);
    this.#forget(id);
    this.#names.set(id, name);
    const { path } = cgroup ?? {};
    if (name !== null && path && path.length > 0 && path.length <= MAX_RAW_PATH) {
      if (!equals(encoder.encode(name.path), path)) this.#rawPaths.set(id, path);
    }
    const [oldest] = this.#names.keys();
    if (this.#names.size > MAX_NAMES) this.#forget(oldest!);
  }

  #forget(id: number): void {
    this.#names.delete(id);
    this.#rawPaths.delete(id);
  }
}
