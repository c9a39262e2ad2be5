/**
 * tcplife against traffic.c and connections.c.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import * as connections from "../../workloads/connections.ts";
import * as traffic from "../../workloads/traffic.ts";
import type { Case, Outcome } from "../case.ts";
import { all, differences, nothingLost, printedNumbers, rowCounts } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** The bytes of both directions by local port are those that the workload counted. */
function asBothEnds(outcome: Outcome): string[] {
  const wanted = traffic.printedTcp(printedNumbers(outcome));
  return [
    ...Object.keys(wanted).length === 0 ? ["the workload printed nothing"] : [],
    ...differences(traffic.summed(rowsOf(outcome.ticks), wanted), wanted),
  ];
}

/** Each row has its process and addresses, and a lifetime that is long enough. */
function complete(outcome: Outcome): string[] {
  const rows = rowsOf(outcome.ticks);
  const bad = traffic.wrongRow(rows) ?? traffic.shortRow(rows, printedNumbers(outcome));
  return bad ? [`a row is wrong: ${JSON.stringify(bad)}`] : [];
}

export const tcplifeCases: readonly Case[] = [
  workloadCase({
    name: "the bytes of each connection are those that both ends counted, without SYN and FIN",
    tool: "tcplife",
    workload: ["traffic"],
    check: all(asBothEnds, complete, nothingLost),
  }),
  workloadCase({
    name: "each established connection is reported once at each end, and no other",
    tool: "tcplife",
    workload: ["connections"],
    check: all(rowCounts(connections.ended, connections.endAddressPort), nothingLost),
  }),
];
