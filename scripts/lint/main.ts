/**
 * Prints the violations of the import rules (`rooms.ts`), grouped by rule; exits with 1 if there are any.
 *
 *     deno task rooms
 *
 * @module
 */
import { check, RULES, type Tree } from "./check.ts";

const root = `${import.meta.dirname}/../../`;

/** The text of each file that git tracks or would track. Binary files have no text. */
function readTree(): Tree {
  const listed = new Deno.Command("git", {
    args: ["-C", root, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
  }).outputSync();
  if (!listed.success) throw new Error("git ls-files failed");
  const tree = new Map<string, string>();
  for (const path of new TextDecoder().decode(listed.stdout).split("\0")) {
    const text = path && isFile(root + path) ? Deno.readTextFileSync(root + path) : "";
    if (text && !text.includes("\0")) tree.set(path, text);
  }
  return tree;
}

/** False for files that were removed and not yet committed. */
function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

const violations = check(readTree());
for (const [rule, heading] of Object.entries(RULES)) {
  const group = violations.filter((violation) => violation.rule === rule);
  if (group.length === 0) continue;
  console.log(`${heading}: ${group.length}`);
  for (const { path, text } of group.toSorted((a, b) => a.path < b.path ? -1 : 1)) {
    console.log(`  ${path}: ${text}`);
  }
}
if (violations.length > 0) Deno.exit(1);
