/**
 * syscount, offcputime, tcpconnect and tcplife, each beside its peer of libbpf-tools on the same run of a workload.
 *
 * @module
 */
import { type Counts, rowsOf, sumColumn } from "../../support/ticks.ts";
import * as connections from "../../workloads/connections.ts";
import * as mixed from "../../workloads/mixed_calls.ts";
import type { Case } from "../case.ts";
import { type Comparison, lines, rows, together } from "./peers_together.ts";

/** Counts by the first group of the lines that match, which have the count in the second. */
function countedLines(output: string, pattern: RegExp, name: (text: string) => string | null): Counts {
  const counts: Record<string, number> = {};
  for (const line of output.split("\n")) {
    const groups = pattern.exec(line);
    const key = groups && name(groups[1]!);
    if (key) counts[key] = (counts[key] ?? 0) + Number(groups[2]);
  }
  return counts;
}

/** The peer's name of a call as ktop writes it; null for the one that waits for the signal. */
function callName(text: string): string | null {
  if (text === mixed.WAITING) return null;
  const number = /^\[unknown: (\d+)\]$/.exec(text)?.[1];
  if (number === undefined) return text;
  return number === mixed.INVALID ? "null" : `#${number}`;
}

const syscount: Comparison = {
  tool: "syscount",
  workload: ["mixed_calls"],
  peer: (pid) => ["peer-syscount", "-T", "100", "-p", String(pid)],
  links: 1,
  ours: ({ ticks }) => mixed.sumsByCall(rowsOf(ticks), "count"),
  printsAtEnd: true,
  theirs: (output) => countedLines(output, /^(\S+|\[unknown: \d+\]) +(\d+)$/, callName),
  differs: {
    // The peer takes the numbers of 32-bit programs for those of 64-bit ones: 64 is getppid there and semget here.
    getppid: -mixed.CALLS32,
    semget: mixed.CALLS32,
    // It counts at sys_exit, where rt_sigreturn has no number, and leaves out calls without one.
    rt_sigreturn: -(13 + 11),
    null: -mixed.WITHOUT_NUMBER,
  },
};

/** Where a stack of the workload waits; null elsewhere. */
const waitsIn = (stack: string): string | null =>
  /nanosleep/.test(stack) ? "sleep" : /pipe_read|pipe_wait/.test(stack) ? "pipe" : null;

const offcputime: Comparison = {
  tool: "offcputime",
  workload: ["sleeps"],
  peer: (pid) => ["peer-offcputime", "-p", String(pid)],
  links: 1,
  ours: ({ ticks }) => {
    const us = (where: string): number =>
      sumColumn(rowsOf(ticks), "time_us", ({ stack }) => waitsIn(String(stack)) === where);
    return { sleep: us("sleep"), pipe: us("pipe") };
  },
  printsAtEnd: true,
  // Blocks of frames, the thread and its microseconds.
  theirs: (output) => {
    const counts: Record<string, number> = {};
    for (const block of output.split("\n\n")) {
      const name = waitsIn(block), us = /^ +(\d+)$/m.exec(block)?.[1];
      if (name && us) counts[name] = (counts[name] ?? 0) + Number(us);
    }
    return counts;
  },
  // Each walks the stack before it takes the time at which a wait starts, one after the other: about a millisecond in a guest.
  within: 0.05,
};

const tcpconnect: Comparison = {
  tool: "tcpconnect",
  workload: ["connections"],
  peer: (pid) => ["peer-tcpconnect", "-p", String(pid)],
  links: 4,
  ours: rows(({ daddr, dport }) => `${daddr} ${dport}`),
  theirs: lines(/^\d+ +connections +[46] +\S+ +(\S+) +(\d+) *$/, ([daddr, dport]) => `${daddr} ${dport}`),
  // The peer does not report connects that fail before a SYN is sent.
  differs: { "127.0.0.1 4001": -connections.WITHOUT_PORT },
};

/**
 * A client's end; null for a server's: the peer learns the owner of a passive end at LAST_ACK, and misses the end if its FIN crosses the
 * other's.
 */
function clientEnd(raddr: unknown, lport: unknown, rport: unknown): string | null {
  const end = connections.endAddressPort({
    raddr: String(raddr).replace("::ffff:", ""),
    lport: Number(lport),
    rport: Number(rport),
  });
  return end.startsWith("client") ? end : null;
}

const tcplife: Comparison = {
  tool: "tcplife",
  workload: ["connections"],
  peer: (pid) => ["peer-tcplife", "-p", String(pid)],
  links: 1,
  ours: rows(({ raddr, lport, rport }) => clientEnd(raddr, lport, rport)),
  theirs: lines(
    /^\d+ +connections +\S+ +(\d+) +(\S+) +(\d+) /,
    ([lport, raddr, rport]) => clientEnd(raddr, lport, rport),
  ),
  // The peer also reports connections that were never established.
  differs: {
    "client 127.0.0.1 3001": 37 + 11,
    "client ::1 3001": 23,
    "client 127.0.0.1 4001": 7 + 13 + 1 + connections.WITHOUT_PORT,
  },
};

export const peersServerCases: readonly Case[] = [syscount, offcputime, tcpconnect, tcplife].map(together);
