/**
 * Opens libbpf and its two dependencies. The compiled program carries copies and opens them through memfd_create(2):
 * nothing is written to disk and no planted file can be loaded. In development the system's libraries are opened by SONAME.
 *
 * @module
 */
import { BpfError, errnoOf, KtopError } from "../errors.ts";
import { errnoName } from "./errno.ts";
import { bindSymbols, type Functions, openWithSymbols } from "./lazy_symbols.ts";
import { libc } from "./libc.ts";
import { cString } from "./memory.ts";
import { mapLargeBlocks, raiseFileLimit } from "./process.ts";

/** In loading order: the dynamic loader matches the NEEDED entries of a library against the SONAMEs loaded before it. */
const DEPENDENCIES = ["libz.so.1", "libelf.so.1"] as const;
const LIBBPF = "libbpf.so.1";

const embeddedFile = (path: string): Uint8Array<ArrayBuffer> =>
  Deno.readFileSync(new URL(`../../build/${path}`, import.meta.url));

/** A file of build/lib; null when run from source, before a build. */
function embedded(name: string): Uint8Array<ArrayBuffer> | null {
  try {
    return embeddedFile(`lib/${name}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** A shared library that the program carries. */
export interface EmbeddedLibrary {
  /** Its SONAME: "libelf.so.1". */
  readonly file: string;
  /** Upstream version: "0.183"; "unknown" if the pin does not state it. */
  readonly version: string;
  /** Debian release, package and version: "Debian-11:libelf1=0.183-1". */
  readonly origin: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
}

/** The embedded libraries in loading order, as scripts/build listed them; empty when run from source, before a build. */
export function embeddedLibraries(): readonly EmbeddedLibrary[] {
  const bytes = embedded("libraries.json");
  return bytes === null ? [] : JSON.parse(new TextDecoder().decode(bytes));
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
 * Opens libbpf with `symbols`.
 *
 * @throws {KtopError} when a library cannot be opened; names it.
 */
export function openLibraries<S extends Deno.ForeignLibraryInterface>(symbols: S): Functions<S> {
  const files: number[] = [];
  const path = (name: string) => {
    const bytes = embedded(name);
    if (bytes === null) return name;
    const fd = memoryFile(name, bytes);
    files.push(fd);
    return `/proc/self/fd/${fd}`;
  };
  let current = "";
  raiseFileLimit();
  mapLargeBlocks();
  try {
    for (const name of DEPENDENCIES) Deno.dlopen(path(current = name), {});
    openWithSymbols(path(current = LIBBPF), symbols);
    return bindSymbols(LIBBPF, symbols);
  } catch (error) {
    if (error instanceof BpfError) throw error;
    if (errnoOf(error) === "EMFILE") throw new BpfError(`open ${current}`, "EMFILE");
    const reason = error instanceof Error ? error.message : String(error);
    throw new KtopError(`${current} cannot be opened: ${reason}`, {
      cause: error,
      remedy: files.length > 0 ? "" : "From source, install libbpf 1.1 or later (Debian: libbpf1).",
    });
  } finally {
    // Not earlier: the loader identifies a library by its path, and a reused descriptor number would repeat one.
    for (const fd of files) libc().close(fd);
  }
}

/** Number of libraries that {@linkcode openEmbedded} has opened. */
let openings = 0;

/**
 * Opens a library below build/. The loader identifies libraries by path, and libbpf's were /proc/self/fd/N: each path
 * differs even where the descriptor's number is the same.
 *
 * @throws what Deno throws, or BpfError
 */
export function openEmbedded<S extends Deno.ForeignLibraryInterface>(
  path: string,
  symbols: S,
): Functions<S> {
  const fd = memoryFile(path, embeddedFile(path));
  try {
    return Deno.dlopen(`/proc/self/fd/${"./".repeat(++openings)}${fd}`, symbols).symbols;
  } catch (error) {
    throw errnoOf(error) === "EMFILE" ? new BpfError(`open ${path}`, "EMFILE") : error;
  } finally {
    libc().close(fd);
  }
}

/**
 * Calls `use` with the path of a program below build/, held in memory. The path is valid during the call.
 *
 * @throws what Deno throws, or BpfError
 */
export function withProgram<T>(path: string, use: (path: string) => T): T {
  const writable = memoryFile(path, embeddedFile(path));
  const O_CLOEXEC = 0o2000000;
  const fd = libc().open(cString(`/proc/self/fd/${writable}`), O_CLOEXEC); // execve(2) refuses a file open for writing
  const errno = libc().errno();
  libc().close(writable);
  if (fd < 0) throw new BpfError(`open ${path}`, errnoName(errno));
  try {
    return use(`/proc/self/fd/${fd}`);
  } finally {
    libc().close(fd);
  }
}
