/**
 * The reason why an object could not be loaded, from libbpf's warnings.
 *
 * @module
 */
import { BpfError, isExhausted, VerifierError } from "../errors.ts";
import { errnoName } from "../ffi/mod.ts";

/** A load that failed. */
export interface LoadFailure {
  /** The program that could not be loaded; null when another step failed, such as creating a map. */
  readonly program: string | null;
  /** The failure in a few words, for a list of reasons. */
  readonly reason: string;
  readonly error: BpfError;
}

const LOG = /^prog '[^']+': -- BEGIN PROG LOAD LOG --\n([\s\S]*?)-- END PROG LOAD LOG --$/;

/** What libbpf suspects when its first program cannot be loaded, whatever the error. */
const KERNEL_GUESS = /Make sure your kernel supports BPF/;
/** Warnings without a cause, and the hint at RLIMIT_MEMLOCK that libbpf prints on every EPERM. */
const UNSPECIFIC = /failed to load|BPF program load failed|-- BEGIN PROG LOAD LOG --|load attributes|ulimit/;

/** For a map refused with EPERM: since 5.11 (commit 3ac1f01b43b6) maps are charged to the cgroup, before to this limit. */
const MEMLOCK_REMEDY =
  "Before Linux 5.11 maps count against RLIMIT_MEMLOCK: raise it (ulimit -l unlimited), or run as root.";

/**
 * Explains a failed load by libbpf's warnings.
 *
 * @param object name of the object, for the message
 * @param result negative errno of bpf_object__load
 */
export function explainLoad(object: string, result: number, warnings: readonly string[]): LoadFailure {
  const errno = errnoName(result);
  const program = lastMatch(warnings, /^prog '([^']+)':/);
  const operation = `load ${program ?? object}`;
  const log = lastMatch(warnings, LOG);
  if (log !== null && log.trim() !== "") {
    const error = new VerifierError(operation, errno, log);
    return { program, reason: error.message.slice(operation.length + 2), error };
  }
  const exhausted = isExhausted(new BpfError(operation, errno));
  const detail = warnings.filter((warning) =>
    !UNSPECIFIC.test(warning) && !(exhausted && KERNEL_GUESS.test(warning))
  ).at(-1)?.replace(/^prog '[^']+': /, "");
  const remedy = errno === "EPERM" && /failed to create/.test(detail ?? "") ? MEMLOCK_REMEDY : "";
  const error = new BpfError(operation, errno, { detail, remedy });
  return { program, reason: detail ?? errno, error };
}

function lastMatch(warnings: readonly string[], pattern: RegExp): string | null {
  for (const warning of warnings.toReversed()) {
    const match = pattern.exec(warning);
    if (match !== null) return match[1]!;
  }
  return null;
}
