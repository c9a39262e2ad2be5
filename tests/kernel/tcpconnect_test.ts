/**
 * tcpconnect against connections.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { countRows, type Counts, sumColumn, total } from "../support/ticks.ts";
import { watchTogether, watchWorkload } from "../support/watch.ts";
import * as connections from "../workloads/connections.ts";

/** The initial timeout of a SYN, milliseconds: TCP_TIMEOUT_INIT of include/net/tcp.h. */
const FIRST_TIMEOUT_MS = 1000;

Deno.test("tcpconnect reports each connect with its caller, addresses and result, as many as the kernel counts", async () => {
  const { rows, pid, measured } = await watchWorkload(["connections"], ["tcpconnect"]);
  assert.deepEqual(countRows(rows, connections.addressPortResult), connections.connects);
  assert.equal(rows.length - connections.WITHOUT_PORT, measured.active_opens);
  for (const row of rows) {
    assert.deepEqual([row.pid, row.uid, row.uid_name, row.comm], [pid, 0, "root", "connections"]);
    assert.deepEqual([row.saddr, row.ip], [row.daddr, row.daddr === "::1" ? 6 : 4]);
  }
  assert.equal(rows.filter(({ tid }) => tid !== pid).length, connections.BY_THREAD);
  assert.equal(rows.filter(({ lport }) => lport === null).length, connections.WITHOUT_PORT);
});

Deno.test("tcpconnect measures no longer than the workload waited, and at least a timeout where there is no answer", async () => {
  const { rows, measured } = await watchWorkload(["connections"], ["tcpconnect", "-P", "1009,2003,4001"]);
  // The connects without blocking are the last of the main thread to port 1009.
  const open = rows.filter(({ dport }) => dport === 1009);
  const blocking = [...rows.filter(({ dport }) => dport === 2003), ...open.slice(0, 101)];
  assert.ok(sumColumn(blocking, "lat_ms") * 1000 <= measured.connect_us!);
  assert.ok(blocking.every(({ lat_ms }) => Number(lat_ms) > 0));
  const unanswered = rows.filter(({ ret_name }) => ret_name === "ETIMEDOUT");
  assert.ok(unanswered.every(({ lat_ms }) => Number(lat_ms) >= FIRST_TIMEOUT_MS));
});

Deno.test("tcpconnect -P, -4, -6, -u and --comm report only those connects", async () => {
  const expected: readonly (readonly [readonly string[], Counts])[] = [
    [["-P", "2003,3001"], connections.toPorts(connections.connects, [2003, 3001])],
    [["-4"], connections.ipv4Connects],
    [["-6"], connections.ipv6Connects],
    [["-6", "-P", "3001"], connections.toPorts(connections.ipv6Connects, [3001])],
    [["-u", "0"], connections.connects],
    [["-u", "12345"], {}],
    [["--comm", "connections"], connections.connects],
    [["--comm", "connection"], {}],
  ];
  const runs = await watchTogether(["connections"], expected.map(([args]) => ["tcpconnect", ...args]));
  for (const [i, [args, counts]] of expected.entries()) {
    assert.deepEqual(countRows(runs[i]!.rows, connections.addressPortResult), counts, args.join(" "));
  }
});

Deno.test("tcpconnect -c counts the connects to each address", async () => {
  const { rows } = await watchWorkload(["connections"], ["tcpconnect", "-c"]);
  const counts: Record<string, number> = {};
  for (const { daddr, events } of rows) counts[String(daddr)] = (counts[String(daddr)] ?? 0) + Number(events);
  assert.deepEqual(counts, {
    "127.0.0.1": total(connections.ipv4Connects),
    "::1": total(connections.ipv6Connects),
  });
});
