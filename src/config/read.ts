/**
 * Reads the configuration file if it can be trusted.
 *
 * @module
 */
import { UsageError } from "../errors.ts";
import { shownValue } from "../text/mod.ts";
import { followPath } from "./trust.ts";

/** Largest file that is read, bytes. */
const MAX_BYTES = 256 * 1024;

/** A configuration file, unparsed. */
export interface ConfigurationFile {
  /** As the user gave it. */
  readonly path: string;
  readonly text: string;
}

function readAll(file: Deno.FsFile, path: string): string {
  const bytes = new Uint8Array(MAX_BYTES + 1);
  let used = 0;
  while (used < bytes.length) {
    const count = file.readSync(bytes.subarray(used));
    if (count === null) break;
    used += count;
  }
  if (used > MAX_BYTES) {
    throw new UsageError(
      `${shownValue(path)} is larger than ${MAX_BYTES / 1024} KiB, too large for a configuration.`,
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, used));
  } catch {
    throw new UsageError(`${shownValue(path)} is not UTF-8 text.`);
  }
}

/**
 * Reads the file; null if there is none. Throws UsageError if other users could have written it, if it cannot be
 * read, or if it is not UTF-8.
 */
export function readConfiguration(path: string): ConfigurationFile | null {
  try {
    const { real, exists, problem } = followPath(path);
    if (!exists) return null;
    if (problem) throw problem;
    using file = Deno.openSync(real, { read: true });
    // Some files of /proc are regular, empty, and block their reader.
    return { path, text: file.statSync().size === 0 ? "" : readAll(file, path) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The configuration ${shownValue(path)} cannot be read: ${shownValue(why)}.`, {
      remedy: "Run with --no-config to use the defaults.",
    });
  }
}
