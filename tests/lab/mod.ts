/**
 * The kernel lab: the compiled `ktop` measured against workloads with known numbers, on real kernels in QEMU and on the
 * kernel of this machine. The harness runs outside and decides everything (cases, checks, report); inside a machine runs
 * only `guest/agent.c`, which starts programs and hands on what they print. Nothing of ktop's source is used here except
 * the name of a tier: the lab sees what a user sees, a program and its output. Data that people edit: `kernels.json`
 * (which kernels), `expectations.json` (what each is expected to do), `cases/` (what is measured), `workloads/` (how).
 *
 * @module
 */
export type { Case, Outcome, Result } from "./case.ts";
export { runCase } from "./run.ts";
export { type Machine, startAgent } from "./machine.ts";
export { bootGuest } from "./qemu.ts";
