/**
 * Names of signals: Linux's, which are the same on x86-64 and arm64 (asm-generic).
 *
 * @module
 */

/** Names of 1 to 31 in order, from include/uapi/asm-generic/signal.h. */
const SIGNAL_NAMES: readonly string[] =
  `HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU
  XFSZ VTALRM PROF WINCH IO PWR SYS`.split(/\s+/);

/** The name of a signal: `SIGKILL`; of a real-time signal its number: `SIG34`. */
export const signalName = (number: number): string => `SIG${SIGNAL_NAMES[number - 1] ?? number}`;
