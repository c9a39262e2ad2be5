/**
 * Opens libbpf and its two dependencies. The compiled program carries copies and opens them through memfd_create(2):
 * nothing is written to disk and no planted file can be loaded. In development the system's libraries are opened by SONAME.
 *
 * @module
 */
import { BpfError, KtopError } from "../errors.ts";
import { errnoName } from "./errno.ts";
import { libc } from "./libc.ts";
import { cString } from "./memory.ts";
import { mapLargeBlocks } from "./process.ts";

/** In loading order: the dynamic loader matches the NEEDED entries of a library against the SONAMEs loaded before it. */
const DEPENDENCIES = ["libz.so.1", "libelf.so.1"] as const;
const LIBBPF = "libbpf.so.1";

/** A file of build/lib, embedded in the compiled program; null when it is missing, as libbpf is when run from source. */
function embedded(name: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Deno.readFileSync(new URL(`../../build/lib/${name}`, import.meta.url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * An anonymous file in memory that holds `bytes` (memfd_create(2), close-on-exec). The caller closes it.
 *
 * @throws {BpfError} out of memory or descriptors
 */
function memoryFile(name: string, bytes: Uint8Array): number {
  const MFD_CLOEXEC = 1;
  const fd = libc().memfd_create(cString(name), MFD_CLOEXEC);
  if (fd < 0) throw new BpfError(`memfd_create ${name}`, errnoName(libc().errno()));
  for (let done = 0; done < bytes.length;) {
    const written = Number(libc().write(fd, bytes.subarray(done), BigInt(bytes.length - done)));
    if (written < 0) {
      const errno = errnoName(libc().errno());
      libc().close(fd);
      throw new BpfError(`write ${name} to memory`, errno);
    }
    done += written;
  }
  return fd;
}

/**
 * Calls `use` with the path of a file that scripts/bpf has compiled, held in memory. The path is valid during the call.
 *
 * @throws {KtopError} scripts/bpf has not run
 */
export function withOwnFile<T>(name: string, use: (path: string) => T): T {
  const bytes = embedded(name);
  if (bytes === null) {
    throw new KtopError(`build/lib/${name} is missing.`, { remedy: "From source, run scripts/bpf." });
  }
  const writable = memoryFile(name, bytes);
  const O_CLOEXEC = 0o2000000;
  const fd = libc().open(cString(`/proc/self/fd/${writable}`), O_CLOEXEC); // read-only: execve(2) refuses an open writer
  const errno = libc().errno();
  libc().close(writable);
  if (fd < 0) throw new BpfError(`open ${name}`, errnoName(errno));
  try {
    return use(`/proc/self/fd/${fd}`);
  } finally {
    libc().close(fd);
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
  mapLargeBlocks();
  try {
    for (const name of DEPENDENCIES) Deno.dlopen(path(current = name), {});
    return Deno.dlopen(path(current = LIBBPF), symbols).symbols;
  } catch (error) {
    throw new KtopError(`${current} cannot be opened: ${error instanceof Error ? error.message : error}`, {
      cause: error,
      remedy: "From source, install libbpf 1.1 or later (Debian: libbpf1).",
    });
  } finally {
    // Not earlier: the loader identifies a library by its path, and a reused descriptor number would repeat one.
    for (const fd of files) libc().close(fd);
  }
}
