/**
 * Paths at which a new file is to be created.
 *
 * @module
 */
import { dirname } from "node:path";
import { errnoOf, KtopError, UsageError } from "../errors.ts";
import { shownValue } from "../text/mod.ts";
import { writeFailure } from "./stdout.ts";

/** File systems of the kernel, whose links to open files (/dev/stdout, /proc/self/fd/1) can be regular files. */
const KERNEL_DIRECTORY = /^\/(dev|proc|sys)(\/|$)/;

const STANDARD_OUTPUT = "The path - is standard output.";

function realDirectory(path: string): string | null {
  try {
    return Deno.realPathSync(dirname(path));
  } catch {
    return null;
  }
}

/**
 * Checks the path of a new file; `-` is always valid.
 *
 * @param option how the path was given, for the message: "--flame"
 * @param forceRemedy how an existing file is replaced; absent: it cannot be
 * @param force replace an existing file
 * @throws {UsageError} the path is empty, or begins as an option does
 * @throws {KtopError} something exists there that is not to be replaced
 */
export function checkNewPath(
  path: string,
  { option, force = false, forceRemedy = "" }: { option: string; force?: boolean; forceRemedy?: string },
): void {
  if (path === "-") return;
  if (path.startsWith("-")) {
    const name = shownValue(path);
    throw new UsageError(`${option} needs a path, and ${name} looks like an option.`, {
      remedy: `A file with this name is ./${name}.`,
    });
  }
  if (path === "") throw new UsageError(`${option} needs a path.`, { remedy: STANDARD_OUTPUT });
  let info: Deno.FileInfo;
  try {
    info = Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return; // opening it reports a missing directory
    throw createFailure(path, error);
  }
  const name = shownValue(path);
  const isDescriptor = info.isSymlink && KERNEL_DIRECTORY.test(realDirectory(path) ?? "");
  if (isDescriptor || (!info.isFile && !info.isSymlink)) {
    const remedy = info.isDirectory ? "Name a file in it." : STANDARD_OUTPUT;
    throw new KtopError(`${name} is not a regular file.`, { remedy });
  }
  if (!force) throw new KtopError(`${name} already exists.`, { remedy: forceRemedy });
}

/** The cause of a failure to create a file, as the end of a sentence. */
export function createCause(path: string, error: unknown): string {
  // In /proc: the directory exists, and takes no files.
  const directory = errnoOf(error) === "ENOENT" ? realDirectory(path) : null;
  return directory === null ? writeFailure(error) : `no file can be created in ${shownValue(directory)}`;
}

/** The error for a file that cannot be created. */
export function createFailure(path: string, error: unknown): KtopError {
  return new KtopError(`Cannot create ${shownValue(path)}: ${createCause(path, error)}.`, { cause: error });
}
