/**
 * tcpaccept against connections.c, and the kernel's counter of passive connections.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import * as connections from "../../workloads/connections.ts";
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost, printedNumber, rowCounts } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** There are as many rows as passive connections that the kernel counted, apart from those that are never accepted. */
function asKernelCounts(outcome: Outcome): string[] {
  const counted = printedNumber(outcome, "passive_opens") - connections.NOT_ACCEPTED;
  const { length } = rowsOf(outcome.ticks);
  return length === counted ? [] : [`${length} rows, but the kernel counted ${counted} connections`];
}

/** Each event has its caller and both ends. */
function complete({ ticks }: Outcome): string[] {
  const bad = rowsOf(ticks).find((row) =>
    row.comm !== "connections" || row.laddr !== row.raddr || row.ip !== (row.raddr === "::1" ? 6 : 4) ||
    !(Number(row.rport) > 0)
  );
  return bad ? [`an event is incomplete: ${JSON.stringify(bad)}`] : [];
}

export const tcpacceptCases: readonly Case[] = [
  workloadCase({
    name: "each accepted connection is reported with its addresses, as many as in PassiveOpens",
    tool: "tcpaccept",
    workload: ["connections"],
    check: all(
      rowCounts(connections.accepts, connections.addressPort),
      asKernelCounts,
      complete,
      nothingLost,
    ),
  }),
  workloadCase({
    name: "-6 and -P report only connections over IPv6 to these ports",
    tool: "tcpaccept",
    options: ["-6", "-P", "2003,443"],
    workload: ["connections"],
    check: all(rowCounts(connections.ipv6Accepts, connections.addressPort), nothingLost),
  }),
];
