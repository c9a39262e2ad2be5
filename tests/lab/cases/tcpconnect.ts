/**
 * tcpconnect against connections.c, and the kernel's counter of active connections.
 *
 * @module
 */
import { rowsOf } from "../../support/ticks.ts";
import * as connections from "../../workloads/connections.ts";
import * as users from "../../workloads/users.ts";
import type { Case, Outcome } from "../case.ts";
import { all, nothingLost, printedNumber, rowCounts } from "../checks.ts";
import { workloadCase } from "./workload_case.ts";

/** There are as many rows as active connections that the kernel counted, and those that sent no SYN. */
function asKernelCounts(outcome: Outcome): string[] {
  const counted = printedNumber(outcome, "active_opens") + connections.WITHOUT_PORT;
  const { length } = rowsOf(outcome.ticks);
  return length === counted ? [] : [`${length} rows, but the kernel counted ${counted} connects`];
}

/** Each event has its caller, both addresses and a latency; a local port unless none was free. */
function complete({ ticks }: Outcome): string[] {
  const rows = rowsOf(ticks);
  const bad = rows.find((row) =>
    row.comm !== "connections" || row.uid !== 0 || row.saddr !== row.daddr ||
    row.ip !== (row.daddr === "::1" ? 6 : 4) || !(Number(row.lat_ms) > 0)
  );
  const portless = rows.filter(({ lport }) => lport === null).length;
  return [
    ...bad ? [`an event is incomplete: ${JSON.stringify(bad)}`] : [],
    ...portless === connections.WITHOUT_PORT ? [] : [`${portless} events have no local port`],
  ];
}

export const tcpconnectCases: readonly Case[] = [
  workloadCase({
    name: "each connect is reported with its addresses and result, as many as in ActiveOpens",
    tool: "tcpconnect",
    workload: ["connections"],
    check: all(
      rowCounts(connections.connects, connections.addressPortResult),
      asKernelCounts,
      complete,
      nothingLost,
    ),
  }),
  workloadCase({
    name: "-6 and -P report only connects over IPv6 to these ports",
    tool: "tcpconnect",
    options: ["-6", "-P", "2003,443"],
    workload: ["connections"],
    check: all(
      rowCounts(connections.toPorts(connections.ipv6Connects, [2003]), connections.addressPortResult),
      nothingLost,
    ),
  }),
  workloadCase({
    name: "each connect has the user of its process",
    tool: "tcpconnect",
    options: ["--comm", users.COMM],
    wholeMachine: true,
    workload: ["users"],
    check: all(rowCounts(users.byId(users.CONNECTS), ({ uid }) => String(uid)), nothingLost),
  }),
];
