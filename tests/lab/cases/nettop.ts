/**
 * nettop against traffic.c.
 *
 * @module
 */
import { type Counts, rowsOf } from "../../support/ticks.ts";
import * as traffic from "../../workloads/traffic.ts";
import type { Case, Check, Outcome } from "../case.ts";
import { all, differences, nothingLost, printedNumbers } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** The bytes and calls by local port are those that the workload counted. */
const asBothEnds = (passes?: (port: number) => boolean): Check => (outcome: Outcome) => {
  const wanted: Counts = traffic.printed(printedNumbers(outcome), passes);
  return [
    ...Object.keys(wanted).length === 0 ? ["the workload printed nothing"] : [],
    ...differences(traffic.summed(rowsOf(outcome.ticks), wanted), wanted),
  ];
};

/** Each row has its process, protocol and addresses. */
function complete({ ticks }: Outcome): string[] {
  const wrong = traffic.wrongRow(rowsOf(ticks));
  return wrong ? [`a row is wrong: ${JSON.stringify(wrong)}`] : [];
}

export const nettopCases: readonly Case[] = [
  workloadCase({
    name: "each byte and call is counted as both ends count them, by connection",
    tool: "nettop",
    workload: ["traffic"],
    check: all(asBothEnds(), complete, nothingLost),
  }),
  workloadCase({
    name: "-6 and --udp count only these",
    tool: "nettop",
    options: ["-6", "--udp"],
    workload: ["traffic"],
    check: all(
      asBothEnds((port) => traffic.addressOf(port) === "::1" && traffic.protocolOf(port) === "udp"),
      nothingLost,
    ),
  }),
];
