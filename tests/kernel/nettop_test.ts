/**
 * nettop against traffic.c, and against connections of this process.
 *
 * @module
 */
import assert from "node:assert/strict";
import { RunningKtop } from "../support/ktop.ts";
import { losses, rowsOf, sumColumn } from "../support/ticks.ts";
import { watchTogether, watchWorkload } from "../support/watch.ts";
import { Workload } from "../support/workload.ts";
import * as traffic from "../workloads/traffic.ts";

Deno.test("nettop counts each byte and call as both ends do, by connection", async () => {
  const { rows, pid, measured } = await watchWorkload(["traffic"], ["nettop"]);
  assert.deepEqual(traffic.summed(rows, measured), measured);
  assert.equal(traffic.wrongRow(rows), undefined);
  assert.ok(rows.every((row) => row.pid === pid));
});

Deno.test("nettop --tcp, --udp, -4 and -6 count only those connections", async () => {
  const expected = [
    [["--tcp"], (port: number) => traffic.protocolOf(port) === "tcp"],
    [["--udp"], (port: number) => traffic.protocolOf(port) === "udp"],
    [["-4"], (port: number) => traffic.addressOf(port) === "127.0.0.1"],
    [
      ["-6", "--udp"],
      (port: number) => traffic.addressOf(port) === "::1" && traffic.protocolOf(port) === "udp",
    ],
  ] as const;
  const runs = await watchTogether(["traffic"], expected.map(([args]) => ["nettop", ...args]));
  for (const [i, [args, passes]] of expected.entries()) {
    const { rows, measured } = runs[i]!;
    const wanted = traffic.printed(measured, passes);
    assert.ok(Object.keys(wanted).length > 0);
    assert.deepEqual(traffic.summed(rows, wanted), wanted, args.join(" "));
  }
});

Deno.test("nettop --by process has one row with the sums of a process", async () => {
  const { ticks, pid, measured } = await watchWorkload(["traffic"], ["nettop", "--by", "process"]);
  const wanted = (word: string): number =>
    Object.entries(measured).reduce((sum, [name, n]) => name.startsWith(word) ? sum + n : sum, 0);
  for (const { rows } of ticks) {
    assert.ok(rows.length <= 1);
    for (const row of rows) assert.deepEqual([row.pid, row.comm], [pid, "traffic"]);
  }
  const rows = rowsOf(ticks);
  assert.equal(sumColumn(rows, "tx_bytes"), wanted("sent_"));
  assert.equal(sumColumn(rows, "rx_bytes"), wanted("received_"));
});

Deno.test("nettop counts a connection again that was idle for several intervals", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = listener.accept();
  using client = await Deno.connect({ hostname: "127.0.0.1", port: (listener.addr as Deno.NetAddr).port });
  using server = await accepted;
  const ktop = new RunningKtop(["nettop", "--json", "-i", "0.2", "-p", String(Deno.pid)]);
  const seen = [await ktop.tick()];
  const sizes = [1009, 2003, 3001];
  for (const size of sizes) {
    assert.equal(await client.write(new Uint8Array(size)), size);
    assert.equal(await server.read(new Uint8Array(size)), size);
    for (let idle = 0; idle < 4; idle++) seen.push(await ktop.tick());
  }
  const { ticks: rest, code } = await ktop.finish();
  const ticks = [...seen, ...rest];
  assert.equal(code, 0);
  assert.deepEqual(losses(ticks), { events: 0, keys: 0 });
  const { port } = client.localAddr as Deno.NetAddr;
  const grown = (key: string, side: "lport" | "rport"): number[] =>
    rowsOf(ticks).filter((row) => row[side] === port).map((row) => Number(row[key]));
  assert.deepEqual(grown("tx_bytes", "lport"), sizes);
  assert.deepEqual(grown("rx_bytes", "rport"), sizes);
});

Deno.test("nettop counts as lost the calls of flows for which its map has no room", async () => {
  const work = await Workload.start("traffic", ["many"]);
  const ktop = new RunningKtop(["nettop", "--json", "-i", "2", "-p", String(work.pid)]);
  const first = await ktop.tick();
  await work.run();
  const { ticks: rest, code } = await ktop.finish();
  const ticks = [first, ...rest];
  assert.equal(code, 0);
  const { keys, events } = losses(ticks);
  const counted = sumColumn(rowsOf(ticks), "tx_bytes");
  assert.deepEqual([counted + keys, events], [traffic.MANY, 0]);
  assert.ok(keys > 0);
});
