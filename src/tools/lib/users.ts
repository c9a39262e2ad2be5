/**
 * Users in /etc/passwd: ids for flags that take an id or a name, and names for rows. Users that are only in a name service
 * (LDAP, sssd) are not resolved.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { escapeText, shownValue } from "../../text/mod.ts";

/** Largest user id; the next one is INVALID_UID (include/linux/uidgid.h). */
const MAX_UID = 0xffff_fffe;

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
    const line = passwd().split("\n").find((text) => text.startsWith(`${user}:`));
    const id = line?.split(":")[2];
    if (id !== undefined && /^\d+$/.test(id)) return Number(id);
  }
  throw new UsageError(`There is no user ${shownValue(user)}.`, {
    remedy: "Use a user id, or a name from /etc/passwd.",
  });
}

/** The escaped names of users by id. If several lines have the same id, the first is used, as in getpwuid(3). */
export function parseUserNames(passwd: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of passwd.split("\n")) {
    const [name = "", , id = ""] = line.split(":", 3);
    if (name !== "" && /^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), escapeText(name));
  }
  return names;
}

/** The file with the names of users. Tests replace it. */
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

/** How long names are used before ktop checks whether the file has changed, milliseconds. */
const NAMES_AGE_MS = 10_000;

/** The names of users by id. */
export class UserNames {
  readonly #file: PasswdFile;
  readonly #now: () => number;
  #names: ReadonlyMap<number, string> | null = null;
  #identity: string | null = null;
  #checkedAt = -Infinity;

  /** @param now milliseconds of a monotonic clock */
  constructor(file: PasswdFile = SYSTEM_PASSWD, now: () => number = () => performance.now()) {
    this.#file = file;
    this.#now = now;
  }

  /** The name of a user, escaped; null if it has none. */
  nameOf(uid: number): string | null {
    if (this.#names === null) this.refresh();
    return this.#names?.get(uid) ?? null;
  }

  /** Reads the file again if it has changed; checks that every {@linkcode NAMES_AGE_MS}. Returns whether it was read. */
  refresh(): boolean {
    if (this.#now() - this.#checkedAt < NAMES_AGE_MS) return false;
    this.#checkedAt = this.#now();
    const identity = this.#file.identity();
    if (this.#names !== null && identity === this.#identity) return false;
    this.#identity = identity;
    this.#names = parseUserNames(identity === null ? "" : this.#file.text());
    return true;
  }
}
