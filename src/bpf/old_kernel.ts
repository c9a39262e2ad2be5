/**
 * Kernels older than those that ktop is tested on. The release never decides what is tried, because vendors back-port; it
 * only explains a failure.
 *
 * @module
 */
import { BpfError, isExhausted, UnsupportedError } from "../errors.ts";

/** The oldest kernel that ktop is tested on. */
const OLDEST = [5, 10] as const;
const OLDEST_RELEASE = `Linux ${OLDEST.join(".")}`;

/** What the user can do on an older kernel. */
export const OLD_REMEDY = `Run ${OLDEST_RELEASE} or later.`;

/** Whether a kernel's release (`uname -r`) is older than this version. */
export function isOlder(release: string, [major, minor]: readonly [number, number] = OLDEST): boolean {
  const [, first, second] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  if (first === undefined) return false;
  return Number(first) < major || (Number(first) === major && Number(second) < minor);
}

/** The kernel in a message, after "cannot run on". */
export function kernelName(release: string): string {
  return isOlder(release) ? `Linux ${release}, which is older than ${OLDEST.join(".")}` : "this kernel";
}

/** Missing privileges, and an object that was closed. */
const AGE_INDEPENDENT_ERRNOS: ReadonlySet<string> = new Set(["EPERM", "EACCES", "ECANCELED"]);

/**
 * Returns the error to throw: on a kernel older than {@linkcode OLDEST}, a BpfError becomes an UnsupportedError that names the release.
 *
 * @param release `uname -r`
 */
export function explainOnOldKernel(tool: string, error: unknown, release: string): unknown {
  if (!(error instanceof BpfError) || isExhausted(error) || AGE_INDEPENDENT_ERRNOS.has(error.errno)) {
    return error;
  }
  if (!isOlder(release)) return error;
  return new UnsupportedError(
    OLDEST_RELEASE,
    `${tool} cannot run on ${kernelName(release)}: ${error.message}.`,
    { cause: error, remedy: OLD_REMEDY },
  );
}
