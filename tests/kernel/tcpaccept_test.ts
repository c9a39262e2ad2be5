/**
 * tcpaccept against connections.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countRows } from "../support/ticks.ts";
import { watchTogether, watchWorkload } from "../support/watch.ts";
import * as connections from "../workloads/connections.ts";

Deno.test("tcpaccept reports each accepted connection with its addresses, as many as the kernel counts", async () => {
  const { rows, pid, measured } = await watchWorkload(["connections"], ["tcpaccept"]);
  assert.deepEqual(countRows(rows, connections.addressPort), connections.accepts);
  assert.equal(rows.length + connections.NOT_ACCEPTED, measured.passive_opens);
  for (const row of rows) {
    assert.deepEqual([row.pid, row.comm], [pid, "connections"]);
    assert.deepEqual([row.laddr, row.ip], [row.raddr, row.raddr === "::1" ? 6 : 4]);
  }
  assert.equal(rows.filter(({ tid }) => tid !== pid).length, connections.BY_THREAD);
});

Deno.test("tcpaccept shows as remote port what tcpconnect shows as local port", async () => {
  const [accepts, connects] = await watchTogether(["connections"], [["tcpaccept"], ["tcpconnect"]]);
  // The kernel may give a port of a closed connection to a later one.
  const accepted = countRows(accepts!.rows, ({ rport, lport }) => `${rport} ${lport}`);
  const connected = connects!.rows.filter(({ ret, dport }) => ret === 0 && dport !== 4001);
  assert.deepEqual(countRows(connected, ({ lport, dport }) => `${lport} ${dport}`), accepted);
});

Deno.test("tcpaccept -P, -4 and -6 report only those connections", async () => {
  const expected = [
    [["-P", "2003,443"], connections.toPorts(connections.accepts, [2003])],
    [["-4"], connections.ipv4Accepts],
    [["-6"], connections.ipv6Accepts],
  ] as const;
  const runs = await watchTogether(["connections"], expected.map(([args]) => ["tcpaccept", ...args]));
  for (const [i, [args, counts]] of expected.entries()) {
    assert.deepEqual(countRows(runs[i]!.rows, connections.addressPort), counts, args.join(" "));
  }
});
