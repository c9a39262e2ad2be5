/**
 * Users in /etc/passwd: ids for flags that take an id or a name, names for rows, and home directories. Users that are only in a name
 * service (LDAP, sssd) are not resolved.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { escapeText, shownValue } from "../text/mod.ts";

/** Largest user id; the next one is INVALID_UID (include/linux/uidgid.h). */
const MAX_UID = 0xffff_fffe;

/** A line of passwd(5), unescaped. */
interface PasswdLine {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
}

/** The lines that name a user. */
function* parsePasswd(passwd: string): Generator<PasswdLine> {
  for (const line of passwd.split("\n")) {
    const [name = "", , id = "", , , home = ""] = line.split(":", 6);
    if (name !== "" && /^\d+$/.test(id) && Number(id) <= MAX_UID) yield { name, uid: Number(id), home };
  }
}

/**
 * The id of a user given by number or by name.
 *
 * @param passwd the text of passwd(5)
 * @throws {UsageError} there is no such user
 */
export function parseUser(user: string, passwd: () => string): number {
  if (user === "") throw new UsageError("A user needs a name or an id, and none is given.");
  if (/^\d+$/.test(user)) {
    if (Number(user) <= MAX_UID) return Number(user);
  } else {
    for (const { name, uid } of parsePasswd(passwd())) if (name === user) return uid;
  }
  throw new UsageError(`There is no user ${shownValue(user)}.`, {
    remedy: "Use a user id, or a name from /etc/passwd.",
  });
}

/** A user. */
interface User {
  /** Escaped. */
  readonly name: string;
  /** A path as in the file; null: it is not absolute. */
  readonly home: string | null;
}

/** Users by id. If several lines have the same id, the first is used, as in getpwuid(3). */
function usersById(passwd: string): ReadonlyMap<number, User> {
  const users = new Map<number, User>();
  for (const { name, uid, home } of parsePasswd(passwd)) {
    if (!users.has(uid)) users.set(uid, { name: escapeText(name), home: home.startsWith("/") ? home : null });
  }
  return users;
}

/** The file with the users. Tests replace it. */
export interface PasswdFile {
  /** Another file, or the same one after a change, has another identity. Null: it cannot be read. */
  identity(): string | null;
  text(): string;
}

const PASSWD = "/etc/passwd";
/** Users in the lines beyond are unknown: about 60,000 lines. */
const MAX_BYTES = 4 * 1024 * 1024;

const SYSTEM_PASSWD: PasswdFile = {
  identity() {
    try {
      const { isFile, dev, ino, size, mtime } = Deno.statSync(PASSWD);
      return isFile ? `${dev}:${ino}:${size}:${mtime?.getTime()}` : null;
    } catch {
      return null;
    }
  },
  text: readPasswd,
};

/** The text of /etc/passwd, its first 4 MiB; empty if it cannot be read. */
export function readPasswd(): string {
  try {
    using file = Deno.openSync(PASSWD);
    const bytes = new Uint8Array(Math.min(MAX_BYTES, file.statSync().size));
    let length = 0;
    for (let read: number | null = 0; read !== null && length < bytes.length; length += read ?? 0) {
      read = file.readSync(bytes.subarray(length));
    }
    return new TextDecoder().decode(bytes.subarray(0, length));
  } catch {
    return "";
  }
}

/** How long users are used before ktop checks whether the file has changed, milliseconds. */
const MAX_AGE_MS = 10_000;

/** The users of the file. */
export class Users {
  readonly #file: PasswdFile;
  readonly #now: () => number;
  #users: ReadonlyMap<number, User> | null = null;
  #identity: string | null = null;
  #checkedAt = -Infinity;

  /** @param now milliseconds of a monotonic clock */
  constructor(file: PasswdFile = SYSTEM_PASSWD, now: () => number = () => performance.now()) {
    this.#file = file;
    this.#now = now;
  }

  /** The name of a user, escaped; null if it has none. */
  nameOf(uid: number): string | null {
    return this.#user(uid)?.name ?? null;
  }

  /** The home directory of a user, an absolute path; null if it has none. */
  homeOf(uid: number): string | null {
    return this.#user(uid)?.home ?? null;
  }

  /** Reads the file again if it has changed; checks that every {@linkcode MAX_AGE_MS}. Returns whether it was read. */
  refresh(): boolean {
    if (this.#now() - this.#checkedAt < MAX_AGE_MS) return false;
    this.#checkedAt = this.#now();
    const identity = this.#file.identity();
    if (this.#users !== null && identity === this.#identity) return false;
    this.#identity = identity;
    this.#users = usersById(identity === null ? "" : this.#file.text());
    return true;
  }

  #user(uid: number): User | undefined {
    if (this.#users === null) this.refresh();
    return this.#users?.get(uid);
  }
}

/** The users of this machine. */
export const SYSTEM_USERS = new Users();
