/**
 * BPF program runs that a preemptible kernel skips while processes read on few CPUs.
 *
 * @module
 */
import { skippedRuns } from "../../support/ticks.ts";
import type { Case, Check } from "../case.ts";
import { sum } from "../checks.ts";
import { type Machine, type Program, Signal } from "../machine.ts";
import { workloadCase } from "./workload_case.ts";

const READS = 300_000;
const READERS = 4;
const READER = "while :; do dd if=/bin/busybox of=/dev/null bs=64 count=3000 2>/dev/null; done";

/** What the kernel has counted for all programs that are loaded. */
async function kernelCount(machine: Machine): Promise<number> {
  const list = await machine.shell("bpftool prog show");
  return [...list.matchAll(/recursion_misses (\d+)/g)].reduce((total, [, count]) => total + Number(count), 0);
}

function contended(): Case {
  let readers: Program[] = [], machine: Machine, counted = 0;
  const check: Check = (outcome) => {
    const received = sum(outcome, "reads"), runs = skippedRuns(outcome.ticks);
    const failures: string[] = [];
    if (runs !== counted) failures.push(`ktop reports ${runs} skipped runs, bpftool ${counted}`);
    if (runs === 0) failures.push("no run was skipped");
    // A range: the skipped runs include those for the readers, and those at the end of a call whose start was skipped.
    if (received + runs < READS || received > READS) {
      failures.push(`${received} received + ${runs} skipped, ${READS} made`);
    }
    return failures;
  };
  return workloadCase({
    name: "runs that the kernel skipped are counted as the kernel counts them",
    tool: "filetop",
    workload: ["flood", String(READS), "0", "read"],
    options: ["--read-only"],
    // The other lab kernels do not preempt kernel code.
    kernels: ["7.2"],
    native: false,
    during: async (guest) => {
      machine = guest;
      readers = [];
      for (let i = 0; i < READERS; i++) readers.push(await guest.start(["sh", "-c", READER]));
    },
    atEnd: async () => {
      for (const reader of readers) {
        reader.kill(Signal.KILL);
        await reader.end(60_000);
      }
      counted = await kernelCount(machine);
    },
    check,
  });
}

export const skippedCases: readonly Case[] = [contended()];
