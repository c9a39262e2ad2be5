/**
 * The executable of this ktop, for copying it to another machine.
 *
 * @module
 */
import { UsageError } from "../errors.ts";

/** Path, checksum and machine of the executable. */
export interface OwnExecutable {
  readonly path: string;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
  /** As `uname -m` prints it. */
  readonly machine: string;
}

/** Reads the executable in pieces. Throws UsageError if ktop runs from source. */
export async function ownExecutable(): Promise<OwnExecutable> {
  if (!Deno.build.standalone) {
    throw new UsageError("--install copies the compiled ktop, and this one runs from source.", {
      remedy: "Build it with scripts/build.",
    });
  }
  const { createHash } = await import("node:crypto");
  const path = Deno.execPath();
  using file = await Deno.open(path);
  const hash = createHash("sha256");
  const buffer = new Uint8Array(1024 * 1024);
  for (let count; (count = await file.read(buffer)) !== null;) hash.update(buffer.subarray(0, count));
  return { path, sha256: hash.digest("hex"), machine: Deno.build.arch };
}
