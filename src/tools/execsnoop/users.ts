/**
 * Users, for flags that take an id or a name.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { shownValue } from "../../text/mod.ts";

/** Largest user id; the next one is INVALID_UID (include/linux/uidgid.h). */
const MAX_UID = 0xffff_fffe;

/**
 * The id of a user given by number or by name.
 *
 * @param passwd the text of passwd(5)
 * @throws {UsageError} there is no such user
 */
export function parseUser(user: string, passwd: () => string): number {
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

/** The text of /etc/passwd; empty if it cannot be read. */
export function readPasswd(): string {
  try {
    return Deno.readTextFileSync("/etc/passwd");
  } catch {
    return "";
  }
}
