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

/** How long names are used before the file is read again, milliseconds. */
const NAMES_AGE_MS = 10_000;

/** The escaped names of users by id. If several lines have the same id, the first is used, as in getpwuid(3). */
export function parseUserNames(passwd: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of passwd.split("\n")) {
    const [name = "", , id = ""] = line.split(":", 3);
    if (name !== "" && /^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), escapeText(name));
  }
  return names;
}

/**
 * Returns a lookup of user names by id, which re-reads the file after {@linkcode NAMES_AGE_MS}.
 *
 * @param now milliseconds of a monotonic clock
 * @returns the lookup; null for an id without a name
 */
export function userNames(
  passwd: () => string = readPasswd,
  now: () => number = () => performance.now(),
): (uid: number) => string | null {
  let names: ReadonlyMap<number, string> = new Map();
  let readAt = -Infinity;
  return (uid) => {
    if (now() - readAt > NAMES_AGE_MS) {
      readAt = now();
      names = parseUserNames(passwd());
    }
    return names.get(uid) ?? null;
  };
}

/** The text of /etc/passwd; empty if it cannot be read. */
export function readPasswd(): string {
  try {
    return Deno.readTextFileSync("/etc/passwd");
  } catch {
    return "";
  }
}
