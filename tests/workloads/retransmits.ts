/**
 * What tcpretrans reports for retransmits.c.
 *
 * @module
 */
import { type Counts, type Row, sumColumn } from "../support/ticks.ts";

/** Local port of the connection that is made before the tool starts. */
export const EARLY = 11_009;

/** The ports of the connections that only lose segments without data, by state. */
const WITHOUT_DATA: Readonly<Record<string, readonly number[]>> = {
  FIN_WAIT1: [14_007],
  SYN_SENT: [4001, 4003],
  NEW_SYN_RECV: [4003],
};

/** The segments that were sent again, by `segs_<local port>`, as retransmits.c printed them. */
export const printed = (measured: Counts): Counts =>
  Object.fromEntries(Object.entries(measured).filter(([name]) => name.startsWith("segs_")));

/** The same sums of rows. */
export function summed(rows: readonly Row[]): Counts {
  const sums: Record<string, number> = {};
  for (const { state, lport, segs } of rows) {
    if (state === "ESTABLISHED") sums[`segs_${lport}`] = (sums[`segs_${lport}`] ?? 0) + Number(segs);
  }
  return sums;
}

/** All segments that were sent again. */
export const segments = (rows: readonly Row[]): number => sumColumn(rows, "segs");

/** What is wrong with the rows of connections that lose no data: states without a row, and rows on another port. */
export function wrongStates(rows: readonly Row[]): string[] {
  return Object.entries(WITHOUT_DATA).flatMap(([state, ports]) => {
    const found = rows.filter((row) => row.state === state);
    const wrong = found.find(({ lport, rport }) =>
      !ports.includes(Number(lport)) && !ports.includes(Number(rport))
    );
    const missing = ports.filter((port) =>
      !found.some(({ lport, rport }) => lport === port || rport === port)
    );
    return [
      ...missing.map((port) => `no row of port ${port} is ${state}`),
      ...wrong ? [`a row is wrong: ${JSON.stringify(wrong)}`] : [],
    ];
  });
}

/** The first row whose owner, addresses or result are wrong. `retransmits.c` uses one address at both ends. */
export function wrongRow(rows: readonly Row[]): Row | undefined {
  return rows.find((row) =>
    row.comm !== "retransmits" || row.laddr !== row.raddr || row.ip !== (row.raddr === "::1" ? 6 : 4) ||
    (row.seq === null) !== (row.state === "NEW_SYN_RECV") ||
    !(Number(row.lport) > 0 && Number(row.rport) > 0)
  );
}
