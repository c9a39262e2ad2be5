/**
 * Cgroups, processes and state files in memory.
 *
 * @module
 */
import { type CgroupFiles, readState, type StateFile, type StateRequest } from "../../src/cgroups/files.ts";
import { Users } from "../../src/cgroups/users.ts";
import type { DirectoryStatus } from "../../src/ffi/mod.ts";

const encoder = new TextEncoder();

/** Bytes as a text with a character for each, which can be compared. */
const key = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** UTF-8 as such a text. */
function byteText(text: string | Uint8Array): string {
  return key(typeof text === "string" ? encoder.encode(text) : text);
}

/** A state file. */
interface State {
  readonly owner: number;
  readonly content: string | Uint8Array;
  readonly version: number;
}

/** Files that {@linkcode Cgroups} reads. */
export class FakeCgroups implements CgroupFiles {
  /** By path. */
  readonly #directories = new Map<string, DirectoryStatus>();
  readonly #memberships = new Map<number, Uint8Array>();
  readonly #states = new Map<string, State>();
  readonly #users: Users;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];
  /** The clock, milliseconds. */
  time = 0;
  /** What reading a directory takes, milliseconds. */
  readingMs = 0;
  /** Paths of state files that were read whole. */
  readonly read: string[] = [];
  /** False: directories cannot be read whole. */
  readable = true;
  /** Directories that were listed. */
  listings = 0;

  /** @param passwd the text of /etc/passwd */
  constructor(passwd = "", readonly point = "/cg") {
    this.#users = new Users({ identity: () => "", text: () => passwd });
    this.add("", 1);
  }

  /** Makes a cgroup; its path is below the mount point. */
  add(below: string | Uint8Array, inode: number, owner = 0, device = 7): void {
    this.#directories.set(byteText(this.point) + byteText(below), { device, inode, owner });
  }

  remove(below: string): void {
    this.#directories.delete(byteText(this.point + below));
  }

  /** Makes a process with this /proc/PID/cgroup. */
  process(pid: number, membership: string | Uint8Array): void {
    this.#memberships.set(pid, typeof membership === "string" ? encoder.encode(membership) : membership);
  }

  /** Writes a state file: a text, bytes, or what JSON is made of. */
  write(path: string, written: unknown, owner = 0): void {
    const content = typeof written === "string" || written instanceof Uint8Array
      ? written
      : JSON.stringify(written);
    this.#states.set(path, { owner, content, version: (this.#states.get(path)?.version ?? 0) + 1 });
  }

  /** Lets time pass, and calls what was to be called. */
  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.time = Math.max(this.time, due.at);
      due.callback();
    }
    this.time = Math.max(this.time, end);
  }

  membership(pid: number): Uint8Array | null {
    return this.#memberships.get(pid) ?? null;
  }

  directory(path: Uint8Array): DirectoryStatus | null {
    return this.#directories.get(key(path)) ?? null;
  }

  *subdirectories(
    path: Uint8Array,
  ): Generator<{ name: Uint8Array; inode: number; isLeaf: boolean; owner: number }, boolean> {
    this.listings++;
    const start = `${key(path)}/`;
    for (const [below, { inode, owner }] of [...this.#directories]) {
      const name = below.startsWith(start) ? below.slice(start.length) : "/";
      if (name.includes("/")) continue;
      this.time += this.readingMs;
      const isLeaf = ![...this.#directories.keys()].some((other) => other.startsWith(`${below}/`));
      yield { name: Uint8Array.from(name, (char) => char.charCodeAt(0)), inode, isLeaf, owner };
    }
    return this.readable;
  }

  state(root: string, path: string, request: StateRequest): StateFile | "unchanged" | null {
    const whole = `${root}/${path}`;
    const found = this.#states.get(whole);
    if (found === undefined) return null;
    const bytes = typeof found.content === "string" ? encoder.encode(found.content) : found.content;
    const status = { identity: `${whole} ${found.version}`, owner: found.owner, size: bytes.length };
    const read = (): Uint8Array => {
      this.read.push(whole);
      return bytes;
    };
    return readState({ status, read }, request);
  }

  homeOf(uid: number): string | null {
    return this.#users.homeOf(uid);
  }

  now(): number {
    return this.time;
  }

  later(callback: () => void, ms: number): () => void {
    const timer = { at: this.time + ms, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
}
