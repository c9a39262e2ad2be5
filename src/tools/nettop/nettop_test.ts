import assert from "node:assert/strict";
import { pack } from "../lib/struct.ts";
import { UsageError } from "../../errors.ts";
import type { ToolOptions } from "../tool.ts";
import { NettopKey } from "./layout.gen.ts";
import { endsOf, type Flow, isIdle, nettop, type Sample } from "./mod.ts";

const options = (flags: ToolOptions["flags"] = {}): ToolOptions => ({ filters: { self: false }, flags });

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** A key with these members. */
function key(members: Parameters<typeof pack<NettopKey>>[1]): NettopKey {
  const bytes = pack(NettopKey, members);
  return new NettopKey(new DataView(bytes.buffer), bytes.byteOffset, bytes.length);
}

const flow = (
  comm: string,
  ...[rx_bytes, tx_bytes, rx_calls, tx_calls]: [bigint, bigint, bigint, bigint]
): Flow => ({
  ends: { comm },
  counters: { rx_bytes, tx_bytes, rx_calls, tx_calls },
});

Deno.test("a flow of nettop has its process, protocol, addresses and ports", () => {
  const connected = key({
    pid: 42,
    protocol: 6,
    laddr: [...MAPPED, 192, 0, 2, 1],
    raddr: [...MAPPED, 192, 0, 2, 99],
    lport: 443,
    rport: 50_000,
  });
  assert.deepEqual(endsOf(connected, "nginx"), {
    pid: 42,
    comm: "nginx",
    proto: "tcp",
    ip: 4,
    laddr: "192.0.2.1",
    lport: 443,
    raddr: "192.0.2.99",
    rport: 50_000,
  });
});

Deno.test("addresses and ports that a UDP socket does not have are unknown", () => {
  for (const [address, ip] of [[[...MAPPED, 0, 0, 0, 0], 4], [Array(16).fill(0), 6]] as const) {
    const ends = endsOf(
      key({ pid: 1, protocol: 17, laddr: [...address], raddr: [...address], lport: 53, rport: 0 }),
      "dns",
    );
    assert.deepEqual([ends.proto, ends.ip, ends.laddr, ends.lport, ends.raddr, ends.rport], [
      "udp",
      ip,
      null,
      53,
      null,
      null,
    ]);
  }
});

Deno.test("rows of nettop are what flows grew by, most bytes first; the first sample has none", () => {
  const before: Sample = new Map([["a", flow("a", 1n << 60n, 10n, 3n, 1n)]]);
  const now: Sample = new Map([
    ["a", flow("a", (1n << 60n) + 7n, 10n, 4n, 1n)],
    ["b", flow("b", 0n, 9n, 0n, 2n)],
  ]);
  assert.deepEqual(nettop.derive(now, before, options()).rows, [
    { comm: "b", rx_bytes: 0, tx_bytes: 9, rx_calls: 0, tx_calls: 2 },
    { comm: "a", rx_bytes: 7, tx_bytes: 0, rx_calls: 1, tx_calls: 0 },
  ]);
  assert.deepEqual(nettop.derive(now, null, options()).rows, []);
});

Deno.test("a flow is idle if it made no call since the sample before; a new one is not", () => {
  const before = flow("a", 5n, 5n, 1n, 1n);
  assert.ok(isIdle(flow("a", 5n, 5n, 1n, 1n), before));
  assert.ok(!isIdle(flow("a", 5n, 5n, 2n, 1n), before), "an empty datagram");
  assert.ok(!isIdle(before, undefined));
});

Deno.test("--tcp and --udp exclude each other", () => {
  assert.throws(() => nettop.configure(options({ tcp: true, udp: true })), UsageError);
  assert.equal(nettop.configure(options({ udp: true })).filter_protocol, 17);
  assert.equal(nettop.configure(options({})).filter_protocol, 0);
});
