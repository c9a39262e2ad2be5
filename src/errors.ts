/**
 * ktop's errors, each with the exit code of a run that it ends. A message is one or two plain sentences: what happened
 * and why; `remedy` is what the user can do about it. Both are safe to print: the constructor escapes control characters.
 *
 * @module
 */

import { ERRNO_NAMES, messageText } from "./text/mod.ts";

/** Exit codes of the program: a public interface. */
export const ExitCode = {
  done: 0,
  failure: 1,
  usage: 2,
  notPermitted: 3,
  unsupported: 4,
  /** A command that ktop starts exists, and cannot be executed: as in the shell. */
  notExecutable: 126,
  /** There is no such command: as in the shell. */
  notFound: 127,
} as const;
/** One of {@linkcode ExitCode}. */
export type ExitCode = typeof ExitCode[keyof typeof ExitCode];

/** Base of ktop's errors: a message, a remedy and the exit code. */
export class KtopError extends Error {
  override name = "KtopError";
  readonly exitCode: ExitCode = ExitCode.failure;
  /** What the user can do, as a full sentence; empty when nothing helps. */
  readonly remedy: string;

  constructor(message: string, options: ErrorOptions & { remedy?: string } = {}) {
    super(messageText(message), options);
    this.remedy = messageText(options.remedy ?? "");
  }
}

/** A mistake on the command line: an unknown tool or flag, a bad number. Exit code 2. */
export class UsageError extends KtopError {
  override name = "UsageError";
  override readonly exitCode: ExitCode = ExitCode.usage;
}

/** Why a file cannot be executed, by errno of execve(2). */
const REASONS_NOT_EXECUTED: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EISDIR: "is a directory",
};

/** A command that ktop was to start cannot be executed. Exit code 127: there is none; 126: another reason. */
export class CommandError extends KtopError {
  override name = "CommandError";
  override readonly exitCode: ExitCode;

  /** @param errno of execve(2) */
  constructor(command: string, errno: string) {
    const isMissing = errno === "ENOENT";
    super(
      `${command}: ${
        isMissing ? "not found" : REASONS_NOT_EXECUTED[errno] ?? `cannot be executed: ${errno}`
      }`,
    );
    this.exitCode = isMissing ? ExitCode.notFound : ExitCode.notExecutable;
  }
}

/** The process does not have a required capability. Exit code 3. */
export class PermissionError extends KtopError {
  override name = "PermissionError";
  override readonly exitCode: ExitCode = ExitCode.notPermitted;
}

/** The kernel does not support a feature that the command needs. Exit code 4. */
export class UnsupportedError extends KtopError {
  override name = "UnsupportedError";
  override readonly exitCode: ExitCode = ExitCode.unsupported;
  /** The missing kernel feature, by the kernel's name: "CONFIG_KPROBES". */
  readonly feature: string;

  constructor(feature: string, message: string, options: ErrorOptions & { remedy?: string } = {}) {
    super(message, options);
    this.feature = feature;
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  EMFILE: "Allow more open files: ulimit -n 1024.",
  ENFILE: "Allow more open files on this system: sysctl fs.file-max.",
  ENOMEM: "Free memory, or raise the memory limit of the cgroup.",
  EFBIG: "Allow larger files: ulimit -f unlimited.",
};

/** The remedy for an error that any system call can return; empty if there is none. */
export function errnoRemedy(errno: string): string {
  return REMEDIES[errno] ?? "";
}

/** The system's reason in an error of Deno, without the number and the call: "Not a directory"; else the message. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ \(os error \d+\).*$/s, "");
}

/** The errno of an error of ktop or Deno, which names some only by number or text in the message; empty if it has none. */
export function errnoOf(error: unknown): string {
  if (error instanceof BpfError) return error.errno;
  if (!(error instanceof Error)) return "";
  const number = /\(os error (\d+)\)/.exec(error.message)?.[1];
  const text = /too many open files/i.test(error.message) ? "EMFILE" : "";
  return (error as { code?: string }).code ?? ERRNO_NAMES[Number(number) - 1] ?? text;
}

/** Whether the process or the system has run out of descriptors or memory. Such an error does not show what the kernel supports. */
export function isExhausted(error: unknown): boolean {
  return ["EMFILE", "ENFILE", "ENOMEM"].includes(errnoOf(error));
}

/** A call of libbpf or libc failed. Exit code 1. */
export class BpfError extends KtopError {
  override name = "BpfError";
  /** What was attempted: "load filetop", "attach vfs_read_exit__fentry". */
  readonly operation: string;
  /** Symbolic errno ("EPERM"); libbpf's own numbers too ("LIBBPF_ERRNO__VERIFY"). */
  readonly errno: string;

  constructor(
    operation: string,
    errno: string,
    options: ErrorOptions & { remedy?: string; detail?: string } = {},
  ) {
    super(`${operation}: ${errno}${options.detail ? ` (${options.detail})` : ""}`, {
      ...options,
      remedy: options.remedy || errnoRemedy(errno),
    });
    this.operation = operation;
    this.errno = errno;
  }
}

/** The kernel's verifier rejected a program. The message has the line of its log that states the reason. */
export class VerifierError extends BpfError {
  override name = "VerifierError";
  /** The complete log of the kernel's verifier. */
  readonly log: string;

  constructor(operation: string, errno: string, log: string) {
    super(operation, errno, { detail: VerifierError.#summary(log) });
    this.log = log;
  }

  /** The last non-empty line of the log before the statistics at its end. */
  static #summary(log: string): string {
    const lines = log.split("\n").map((line) => line.trim()).filter((line) =>
      line !== "" && !/^(processed \d+ insns|verification time|stack depth|-- )/.test(line)
    );
    return lines.at(-1) ?? "";
  }
}
