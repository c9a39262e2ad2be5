/**
 * The kernel lab (README.md): the compiled `ktop` beside workloads with known numbers, on pinned kernels in QEMU and on the
 * kernel of this machine. It imports nothing from `src`: it sees what a user sees, a program and its output.
 *
 * @module
 */
export type { Case, Outcome, Result } from "./case.ts";
export { runCase } from "./run.ts";
export { type Machine, startAgent } from "./machine.ts";
export { bootGuest } from "./qemu.ts";
