/**
 * Applies the tables of `rooms.ts` to the whole tree. The functions are pure: a tree is a map of paths and texts.
 *
 * @module
 */
import { dirname, join } from "node:path/posix";
import { BPF_INCLUDES, OFFSETS_ALLOWED, POINTER_ROOM, REGISTRY_HOSTS, ROOMS, TEST_SUPPORT } from "./rooms.ts";

/** Paths from the top of the repository, with their texts. */
export type Tree = ReadonlyMap<string, string>;

/** The rules, with the heading under which violations are printed. */
export const RULES = {
  edge: "imports that the table of rooms does not allow",
  door: "imports of another room's files behind its mod.ts",
  tool: "imports of another tool's folder",
  cycle: "import cycles",
  outside: "imports from outside src",
  pointer: "pointers outside src/ffi",
  offset: "byte offsets outside src/ffi and the base of the generated readers",
  include: "includes of BPF programs other than their own header, lib/ and vmlinux.h",
  registry: "host names of package registries",
  path: "paths of files taken from URLs: a space in them is %20 (import.meta.dirname has the path)",
} as const;

/** One thing that breaks a rule. */
export interface Violation {
  readonly rule: keyof typeof RULES;
  readonly path: string;
  readonly text: string;
}

/** An import of a file of the tree. */
interface Import {
  readonly path: string;
  /** The text between `import` and `from`; empty for a dynamic import. */
  readonly clause: string;
}

/** The source without comments. Strings stay: specifiers are strings. */
function withoutComments(source: string): string {
  const token = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return source.replace(token, (text) => text.startsWith("/") ? " " : text);
}

/** A relative specifier as a path from the top of the repository. */
function resolve(from: string, specifier: string): string {
  return join(dirname(from), specifier);
}

/** Static, dynamic and re-exporting imports of relative specifiers in source without comments, and workers' modules. */
function importsOf(path: string, code: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, clause = ""): void => {
    if (specifier.startsWith(".")) found.push({ path: resolve(path, specifier), clause });
  };
  for (
    const [, clause, specifier] of code.matchAll(
      /\b(?:import|export)\s+((?:type\s+)?[\w$*\s{},]+?\s+from\s+)?["']([^"'\n]+)["']/g,
    )
  ) add(specifier!, clause);
  for (const [, specifier] of code.matchAll(/\b(?:import|new\s+URL)\(\s*["']([^"'\n]+\.ts)["']/g)) {
    add(specifier!);
  }
  return found;
}

/** The room of a file, a key of {@linkcode ROOMS} if the table has it; null outside src and main.ts. */
export function roomOf(path: string): string | null {
  if (path === "main.ts") return path;
  const parts = /^src\/([^/]+?)(?:\.ts)?(?:\/([^/]+)\/.+|\/.+)?$/.exec(path);
  if (!parts) return null;
  const [, outer, inner] = parts;
  return inner && `${outer}/${inner}` in ROOMS ? `${outer}/${inner}` : outer!;
}

/** The file through which other rooms import a room. */
function doorOf(room: string): string {
  return room === "errors" ? "src/errors.ts" : `src/${room}/mod.ts`;
}

/** Whether a tool, or what tools share, imports a tool. */
function crossesTools(path: string, target: string): boolean {
  const [from, to] = [path, target].map((file) => /^src\/tools\/([^/]+)\//.exec(file)?.[1]);
  return from !== undefined && to !== undefined && from !== to && to !== "lib" && !path.endsWith("_test.ts");
}

function checkImport(path: string, target: string): Violation | null {
  const from = roomOf(path), to = roomOf(target);
  if (from === null) return null;
  if (from === to) return crossesTools(path, target) ? { rule: "tool", path, text: target } : null;
  if (to === null) {
    const allowed = path.endsWith("_test.ts") && TEST_SUPPORT.some((folder) => target.startsWith(folder));
    return allowed || target.endsWith(".json") ? null : { rule: "outside", path, text: target };
  }
  const allowed = ROOMS[from] ?? [];
  if (allowed.includes(to) && target === doorOf(to)) return null;
  // From outside of src/tui, its inner rooms are behind the door of the whole.
  const outer = to.replace(/\/.*/, "");
  const behind = allowed.includes(to) || (allowed.includes(outer) && !from.startsWith(outer));
  return behind
    ? { rule: "door", path, text: target }
    : { rule: "edge", path, text: `${from} → ${to}: ${target}` };
}

/** Members of `Deno` that open native code or make, hold or follow pointers. */
const POINTERS =
  /\bDeno(?:\.|\[["'])(dlopen|Unsafe\w*|Pointer\w*|ForeignFunction|ForeignLibraryInterface|DynamicLibrary)\b/g;
/** The same by destructuring. */
const TAKEN_POINTERS = /\{[^{}]*\b(dlopen|Unsafe\w*)\b[^{}]*\}\s*=\s*(?:globalThis\.)?Deno\b/g;
const OFFSETS = /\.([gs]et(?:Uint|Int|BigUint|BigInt|Float)(?:8|16|32|64))\(/g;

function checkPointers(path: string, code: string, imports: readonly Import[]): Violation[] {
  if (!path.startsWith("src/") || path.startsWith(POINTER_ROOM)) return [];
  const found: Violation[] = [];
  for (const [, member] of [...code.matchAll(POINTERS), ...code.matchAll(TAKEN_POINTERS)]) {
    found.push({ rule: "pointer", path, text: `Deno.${member}` });
  }
  const takesHandle = imports.some(({ path, clause }) =>
    path.startsWith(POINTER_ROOM) && /\bHandle\b/.test(clause)
  );
  if (takesHandle) found.push({ rule: "pointer", path, text: "Handle" });
  // Tests build the bytes of records by hand: a check of the generated readers that does not use them.
  if (!path.endsWith("_test.ts") && !OFFSETS_ALLOWED.some((pattern) => pattern.test(path))) {
    const calls = [...code.matchAll(OFFSETS)].map(([, name]) => name!);
    if (calls.length > 0) {
      found.push({ rule: "offset", path, text: `${calls.length} × ${[...new Set(calls)].join(", ")}` });
    }
  }
  return found;
}

function checkIncludes(path: string, source: string): Violation[] {
  const folder = /^bpf\/([^/]+)\//.exec(path)?.[1];
  if (folder === undefined || folder === "lib") return [];
  const found: Violation[] = [];
  for (const [, included] of source.matchAll(/^\s*#\s*include\s+("[^"]+"|<[^>]+>)/gm)) {
    const own = included!.startsWith('"') && !included!.includes("/") && included !== '"vmlinux.h"';
    if (!own && !BPF_INCLUDES.test(included!)) found.push({ rule: "include", path, text: included! });
  }
  return found;
}

/** Lines that name a registry's host. */
function checkRegistries(path: string, text: string): Violation[] {
  return text.split("\n").flatMap((line, index): Violation[] => {
    const host = REGISTRY_HOSTS.exec(line);
    return host ? [{ rule: "registry", path: `${path}:${index + 1}`, text: host[0] }] : [];
  });
}

/**
 * A shortest cycle in each group of files that import each other. `imports` has the files that each
 * file imports.
 */
export function cycles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const seen = new Set<string>();
  for (const start of imports.keys()) {
    if (seen.has(start)) continue;
    const cycle = cycleThrough(start, imports);
    if (!cycle) continue;
    found.push(cycle);
    for (const path of cycle) seen.add(path);
  }
  return found;
}

/** A shortest path from a file back to itself: breadth first. */
function cycleThrough(start: string, imports: ReadonlyMap<string, readonly string[]>): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const path of queue) {
    for (const target of imports.get(path) ?? []) {
      if (target === start) {
        const cycle = [path];
        while (cycle[0] !== start) cycle.unshift(cameFrom.get(cycle[0]!)!);
        return cycle;
      }
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, path);
      queue.push(target);
    }
  }
  return null;
}

/** All violations in a tree. */
export function check(tree: Tree): Violation[] {
  const found: Violation[] = [];
  const graph = new Map<string, string[]>();
  for (const [path, text] of tree) {
    found.push(...checkRegistries(path, text));
    if (/\.[ch]$/.test(path)) found.push(...checkIncludes(path, text));
    if (!path.endsWith(".ts")) continue;
    const code = withoutComments(text);
    const imports = importsOf(path, code);
    graph.set(path, imports.map((one) => one.path));
    for (const target of new Set(imports.map((one) => one.path))) {
      const violation = checkImport(path, target);
      if (violation) found.push(violation);
    }
    found.push(...checkPointers(path, code, imports));
    if (/[\w)]\.pathname\b/.test(code)) found.push({ rule: "path", path, text: "pathname" });
  }
  for (const cycle of cycles(graph)) {
    found.push({ rule: "cycle", path: cycle[0]!, text: cycle.slice(1).join(" → ") || "itself" });
  }
  return found;
}
