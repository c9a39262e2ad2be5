/**
 * tcpretrans against retransmits.c, and the kernel's counter of retransmitted segments.
 *
 * @module
 */
import { countRows, rowsOf } from "../../support/ticks.ts";
import * as retransmits from "../../workloads/retransmits.ts";
import type { Case, Outcome } from "../case.ts";
import { all, differences, nothingLost, printedNumber, printedNumbers } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** Whether the tier knows the owner of a connection that was made before: not before sock_send_length, of 6.3. */
const knowsEarly = ({ context: { cell, version } }: Outcome): boolean =>
  cell !== "tracepoint" || !["5.10", "6.1"].includes(version);

/** There is a row for each segment that the kernel counted, by connection and in all. */
function asKernelCounts(outcome: Outcome): string[] {
  const rows = rowsOf(outcome.ticks);
  const { [`segs_${retransmits.EARLY}`]: early, ...others } = retransmits.printed(printedNumbers(outcome));
  const known = knowsEarly(outcome);
  const counted = printedNumber(outcome, "retrans_segs") - printedNumber(outcome, "failed_segs") -
    (known ? 0 : early!);
  const found = retransmits.segments(rows);
  return [
    ...differences(
      retransmits.summed(rows),
      known ? { ...others, [`segs_${retransmits.EARLY}`]: early! } : others,
    ),
    ...found === counted ? [] : [`${found} segments, but the kernel counted ${counted}`],
  ];
}

/** Each row has its owner and addresses, and each state has rows. */
function complete({ ticks }: Outcome): string[] {
  const rows = rowsOf(ticks);
  const wrong = retransmits.wrongRow(rows);
  return [...retransmits.wrongStates(rows), ...wrong ? [`a row is wrong: ${JSON.stringify(wrong)}`] : []];
}

/** As many tail loss probes as the kernel counted; the early connection's are missing where its owner is unknown. */
function asProbes(outcome: Outcome): string[] {
  const found = countRows(rowsOf(outcome.ticks), ({ type }) => String(type)).L ?? 0;
  const counted = printedNumber(outcome, "loss_probes");
  const wanted = found > 0 && (knowsEarly(outcome) ? found === counted : found <= counted);
  return wanted ? [] : [`${found} tail loss probes, but the kernel counted ${counted}`];
}

export const tcpretransCases: readonly Case[] = [
  workloadCase({
    name: "each retransmission is reported with the owner of its socket, as many as in RetransSegs",
    tool: "tcpretrans",
    workload: ["retransmits"],
    check: all(asKernelCounts, complete, nothingLost),
  }),
  workloadCase({
    name: "-l marks tail loss probes, as many as in TCPLossProbes",
    tool: "tcpretrans",
    options: ["-l"],
    workload: ["retransmits"],
    check: all(asProbes, nothingLost),
  }),
];
