/**
 * Expands patterns of directories. The file system is read one component at a time, up to a limit: without one, a pattern of
 * many levels would walk through /proc/self/root forever.
 *
 * @module
 */

/** Most entries that one pattern may compare, a second of work; opening a directory takes as long as comparing 20. */
const MAX_WORK = 200_000;
const DIRECTORY_WORK = 20;

/** Any text, or one character that passes the test. */
type Token = "any" | ((character: string) => boolean);

/** The token of `[a-z]` or `[!a-z]` at an index, and the index behind it; null if there is no closing bracket. */
function classAt(characters: readonly string[], start: number): { token: Token; next: number } | null {
  const negated = characters[start + 1] === "!" || characters[start + 1] === "^";
  const first = start + (negated ? 2 : 1);
  const end = characters.indexOf("]", first + 1);
  if (end < 0) return null;
  const ranges: [from: string, to: string][] = [];
  for (let i = first; i < end; i++) {
    const isRange = characters[i + 1] === "-" && i + 2 < end;
    ranges.push([characters[i]!, characters[isRange ? i + 2 : i]!]);
    if (isRange) i += 2;
  }
  return {
    token: (character) => ranges.some(([from, to]) => from <= character && character <= to) !== negated,
    next: end + 1,
  };
}

function tokensOf(component: string): Token[] {
  const characters = [...component];
  const tokens: Token[] = [];
  for (let i = 0; i < characters.length;) {
    const character = characters[i]!;
    const group = character === "[" ? classAt(characters, i) : null;
    if (group !== null) tokens.push(group.token);
    else if (character === "*") tokens.push("any");
    else if (character === "?") tokens.push(() => true);
    else tokens.push((other) => other === character);
    i = group?.next ?? i + 1;
  }
  return tokens;
}

/** A test of names, in time proportional to the lengths of both: after a mismatch only the last `*` takes more text. */
export function nameMatcher(component: string): (name: string) => boolean {
  const tokens = tokensOf(component);
  return (name) => {
    if (name.startsWith(".") && !component.startsWith(".")) return false;
    const characters = [...name];
    let token = 0;
    let lastAny = -1;
    let resume = 0;
    for (let at = 0; at < characters.length;) {
      const expected = tokens[token];
      if (expected === "any") {
        lastAny = token++;
        resume = at;
      } else if (expected?.(characters[at]!)) {
        token++;
        at++;
      } else if (lastAny >= 0) {
        token = lastAny + 1;
        at = ++resume;
      } else return false;
    }
    return tokens.slice(token).every((rest) => rest === "any");
  };
}

/** The names of the entries of a directory that may be directories; none if it cannot be read. */
function* entriesOf(path: string): Generator<string> {
  try {
    for (const { name, isFile } of Deno.readDirSync(path === "" ? "." : path)) if (!isFile) yield name;
  } catch {
    // absent, not a directory, or not accessible
  }
}

/**
 * The paths that match a pattern with `*`, `?` and `[…]` in its components. A leading dot is matched only by a dot.
 *
 * @returns null if too much of the file system would have to be read
 */
export function expandPattern(pattern: string): string[] | null {
  let paths = [pattern.startsWith("/") ? "/" : ""];
  let work = 0;
  for (const component of pattern.split("/").filter((part) => part !== "")) {
    if (!/[*?[]/.test(component)) {
      paths = paths.map((path) => `${path}${component}/`);
      continue;
    }
    const matches = nameMatcher(component);
    const found: string[] = [];
    for (const path of paths) {
      work += DIRECTORY_WORK;
      for (const name of entriesOf(path)) {
        if (++work > MAX_WORK) return null;
        if (matches(name)) found.push(`${path}${name}/`);
      }
    }
    paths = found;
  }
  return paths.map((path) => path.replace(/(.)\/$/, "$1"));
}
