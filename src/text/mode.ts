/**
 * Permissions as ls(1) shows them.
 *
 * @module
 */

/** Set-user-id, set-group-id and sticky: the bit, and the letter in place of `x` and of `-`. */
const SPECIAL = [[0o4000, "s", "S"], [0o2000, "s", "S"], [0o1000, "t", "T"]] as const;

/** The permissions of a mode in octal: "0644" is "rw-r--r--", "4755" is "rwsr-xr-x"; null if it is not octal. */
export function modeName(octal: string): string | null {
  if (!/^[0-7]{1,6}$/.test(octal)) return null;
  const mode = parseInt(octal, 8);
  return SPECIAL.map(([bit, executable, other], i) => {
    const bits = mode >> (6 - 3 * i);
    const special = (mode & bit) !== 0;
    const last = bits & 1 ? (special ? executable : "x") : special ? other : "-";
    return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${last}`;
  }).join("");
}
