/**
 * Whether the environment limits output to ASCII.
 *
 * @module
 */

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variable that limits output to ASCII: LC_ALL, LC_CTYPE or LANG, in this order of precedence (locale(7)), if the
 * locale's encoding is not UTF-8; TERM for the Linux console, whose font has neither eighth blocks nor round corners.
 *
 * @returns null if UTF-8 can be shown.
 */
export function asciiVariable(env: Environment): string | null {
  if (env["TERM"] === "linux") return "TERM";
  const name = ["LC_ALL", "LC_CTYPE", "LANG"].find((variable) => env[variable]) ?? "LANG";
  return /utf-?8/i.test(env[name] ?? "") ? null : name;
}
