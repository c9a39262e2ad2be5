/**
 * tcplife against traffic.c and connections.c.
 *
 * @module
 */
import assert from "node:assert/strict";
import { RunningKtop } from "../support/ktop.ts";
import { countRows, type JsonTick, losses, rowsOf } from "../support/ticks.ts";
import { watchTogether, watchWorkload } from "../support/watch.ts";
import { Workload } from "../support/workload.ts";
import * as connections from "../workloads/connections.ts";
import * as traffic from "../workloads/traffic.ts";

Deno.test("tcplife reports the bytes of each connection that both ends counted, without SYN and FIN", async () => {
  const { rows, pid, measured } = await watchWorkload(["traffic"], ["tcplife"]);
  const wanted = traffic.printedTcp(measured);
  assert.ok(Object.keys(wanted).length > 0);
  assert.deepEqual(traffic.summed(rows, wanted), wanted);
  assert.equal(rows.length, Object.keys(wanted).length / 2);
  assert.equal(traffic.wrongRow(rows), undefined);
  assert.equal(traffic.shortRow(rows, measured), undefined);
  assert.ok(rows.every((row) => row.pid === pid));
});

Deno.test("tcplife reports each established connection once at each end, and no other", async () => {
  const { rows, measured } = await watchWorkload(["connections"], ["tcplife"]);
  const counts = countRows(rows, connections.endAddressPort);
  assert.deepEqual(counts, connections.ended);
  assert.equal(rows.length, 2 * measured.passive_opens! - connections.NOT_ACCEPTED);
});

Deno.test("tcplife -L, -D, -4 and -6 report only those connections", async () => {
  const expected = [
    [["-L", "2003,443"], (key: string) => /^server .* 2003$/.test(key)],
    [["-D", "2003,4001"], (key: string) => /^client .* (2003|4001)$/.test(key)],
    [["-4"], (key: string) => key.includes("127.0.0.1")],
    [["-6", "-D", "2003"], (key: string) => key === "client ::1 2003"],
  ] as const;
  const runs = await watchTogether(["connections"], expected.map(([args]) => ["tcplife", ...args]));
  for (const [i, [args, passes]] of expected.entries()) {
    const wanted = Object.entries(connections.ended).filter(([key]) => passes(key));
    assert.ok(wanted.length > 0);
    const counts = countRows(runs[i]!.rows, connections.endAddressPort);
    assert.deepEqual(counts, Object.fromEntries(wanted), args.join(" "));
  }
});

/** What tcplife says of connections to a port while the workload runs. */
async function watchPort(port: number): Promise<JsonTick[]> {
  const work = await Workload.start("connections");
  const ktop = new RunningKtop(["tcplife", "--json", "-i", "0.2", "-L", String(port)]);
  await ktop.tick();
  await work.run();
  const { ticks, code } = await ktop.finish();
  assert.equal(code, 0);
  return ticks;
}

/** Runs until no other program's accept is lost: without -p all of them are followed, and a thread can close what another accepts. */
const ATTEMPTS = 5;

Deno.test("the owner of a connection that no program accepted or closed is unknown", async () => {
  let ticks = await watchPort(4001);
  for (let i = 1; i < ATTEMPTS && losses(ticks).keys > 0; i++) ticks = await watchPort(4001);
  assert.deepEqual(losses(ticks), { events: 0, keys: 0 });
  const rows = rowsOf(ticks).map(({ pid, comm, lport, tx_bytes, rx_bytes }) => [
    pid,
    comm,
    lport,
    tx_bytes,
    rx_bytes,
  ]);
  assert.deepEqual(rows, Array(connections.NOT_ACCEPTED).fill([null, null, 4001, 0, 0]));
});
