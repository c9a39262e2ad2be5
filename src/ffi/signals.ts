/**
 * Dispositions of signals, and the guard (native/guard.c): it ends the process, with the terminal restored, when the event
 * loop cannot.
 *
 * @module
 */
import { c } from "./c_types.ts";
import { libc } from "./libc.ts";
import { openEmbedded } from "./libraries.ts";

/** Numbers of signals: the same on x86-64 and arm64 (signal(7)). */
const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15, SIGXFSZ: 25 } as const;

/** Signals that end a run. */
export type EndSignal = "SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGTERM";

const SIG_DFL = null;
const SIG_IGN = 1n;
/** Bytes of struct sigaction, whose first member is the handler: 152 with glibc. */
const SIGACTION_SIZE = 160;

/** True if the process ignores the signal: nohup(1) and shells start programs that way. */
export function isIgnored(signal: EndSignal): boolean {
  const action = new Uint8Array(SIGACTION_SIZE);
  libc().sigaction(NUMBERS[signal], null, action);
  return new BigUint64Array(action.buffer)[0] === SIG_IGN;
}

/**
 * Sets what a process should do with signals that it inherited: INT and TERM end it, although shells without job control
 * start background commands with INT ignored; a write above RLIMIT_FSIZE fails with EFBIG instead of SIGXFSZ.
 */
export function resetSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    if (isIgnored(signal)) libc().signal(NUMBERS[signal], SIG_DFL);
  }
  libc().signal(NUMBERS.SIGXFSZ, Deno.UnsafePointer.create(SIG_IGN));
}

const symbols = {
  // void guard_signals(const int *signals, unsigned count, unsigned seconds)
  guard_signals: { parameters: [c.buffer, c.unsigned, c.unsigned], result: c.void },
  // void guard_terminal(const char *sequences, size_t length)
  guard_terminal: { parameters: [c.buffer, c.size_t], result: c.void },
} as const satisfies Deno.ForeignLibraryInterface;

type Guard = Deno.DynamicLibrary<typeof symbols>["symbols"];

let opened: Guard | null | undefined;

/** The guard; null where memory may not be executed or /proc is absent: ktop runs without it. */
function guard(): Guard | null {
  if (opened === undefined) {
    try {
      opened = openEmbedded("native/guard.so", symbols);
    } catch {
      opened = null;
    }
  }
  return opened;
}

/**
 * Ends the process by the signal's default action if it has not ended `limitS` seconds after one of the signals arrived,
 * or when another one follows. Call it after the listeners were added: Deno's handlers stay behind the guard.
 */
export function guardSignals(signals: readonly EndSignal[], limitS: number): void {
  const numbers = Int32Array.from(signals, (signal) => NUMBERS[signal]);
  guard()?.guard_signals(new Uint8Array(numbers.buffer), numbers.length, limitS);
}

/** Starts the guard's time limit again: the event loop has seen the signal and ends the run. */
export function extendGuard(limitS: number): void {
  libc().alarm(limitS);
}

/**
 * Restores the terminal at standard output when a signal kills the process: sends the sequences and sets the modes of the
 * first call, or of the first after an empty one.
 *
 * @param leave ASCII, up to 256 bytes; empty: the terminal is left as it is
 */
export function guardTerminal(leave: string): void {
  const bytes = new TextEncoder().encode(leave);
  guard()?.guard_terminal(bytes, BigInt(bytes.length));
}
