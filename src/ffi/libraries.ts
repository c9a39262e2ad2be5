/**
 * Opens libbpf with its two dependencies: the copies embedded in the compiled program through memfd_create(2), so
 * that nothing touches the disk and no planted file can be loaded; in development the system's by SONAME.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import { libc, memoryFile, returnLargeBlocks } from "./libc.ts";

/** In the order the dynamic loader needs them: it matches the NEEDED entries of the later by SONAME. */
const DEPENDENCIES = ["libz.so.1", "libelf.so.1"] as const;
const LIBBPF = "libbpf.so.1";

/** The embedded copy of a library; null in development, where build/lib is absent. */
function embedded(name: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Deno.readFileSync(new URL(`../../build/lib/${name}`, import.meta.url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Opens libbpf with `symbols`.
 *
 * @throws {KtopError} when a library cannot be opened; names it.
 */
export function openLibraries<S extends Deno.ForeignLibraryInterface>(
  symbols: S,
): Deno.DynamicLibrary<S>["symbols"] {
  const files: number[] = [];
  const path = (name: string) => {
    const bytes = embedded(name);
    if (bytes === null) return name;
    const fd = memoryFile(name, bytes);
    files.push(fd);
    return `/proc/self/fd/${fd}`;
  };
  let current = "";
  returnLargeBlocks();
  try {
    for (const name of DEPENDENCIES) Deno.dlopen(path(current = name), {});
    return Deno.dlopen(path(current = LIBBPF), symbols).symbols;
  } catch (error) {
    throw new KtopError(`${current} cannot be opened: ${error instanceof Error ? error.message : error}`, {
      cause: error,
      remedy: "From source, install libbpf 1.1 or later (Debian: libbpf1).",
    });
  } finally {
    // Only now: a number used again while the loader knows its path would give the wrong library.
    for (const fd of files) libc().close(fd);
  }
}
