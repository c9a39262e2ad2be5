import assert from "node:assert/strict";
import { type Members, pack, type Struct, type StructClass } from "../lib/struct.ts";
import { UsageError } from "../../errors.ts";
import type { Row } from "../../model/mod.ts";
import type { ToolOptions } from "../tool.ts";
import { USER } from "../../../tests/support/record.ts";
import { NOBODY } from "../lib/who.ts";
import { NettopKey, NettopValue } from "./layout.gen.ts";
import { flowRow, nettop } from "./mod.ts";

const options = (flags: ToolOptions["flags"] = {}): ToolOptions => ({ filters: { self: false }, flags });

const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** A struct with these members. */
function structOf<S extends Struct>(struct: StructClass<S>, members: Members<S>): S {
  const bytes = pack(struct, members);
  return new struct(new DataView(bytes.buffer), bytes.byteOffset, bytes.length);
}

/** The row of a flow that received 5 bytes in 1 call, and sent 2^32 + 7 in 3. */
function rowOf(members: Members<NettopKey>, comm: string): Row {
  const value = {
    comm,
    ...USER.members,
    rx_bytes: 5n,
    rx_calls: 1n,
    tx_bytes: (1n << 32n) + 7n,
    tx_calls: 3n,
  };
  return flowRow(structOf(NettopKey, members), structOf(NettopValue, value));
}

Deno.test("a flow of nettop has its process, protocol, addresses and ports", () => {
  const connected = rowOf({
    pid: 42,
    protocol: 6,
    laddr: [...MAPPED, 192, 0, 2, 1],
    raddr: [...MAPPED, 192, 0, 2, 99],
    lport: 443,
    rport: 50_000,
  }, "nginx");
  assert.deepEqual(connected, {
    pid: 42,
    comm: "nginx",
    ...NOBODY,
    ...USER.columns,
    proto: "tcp",
    ip: 4,
    laddr: "192.0.2.1",
    lport: 443,
    raddr: "192.0.2.99",
    rport: 50_000,
    rx_bytes: 5,
    tx_bytes: 2 ** 32 + 7,
    rx_calls: 1,
    tx_calls: 3,
  });
});

Deno.test("addresses and ports that a UDP socket does not have are unknown", () => {
  for (const [address, ip] of [[[...MAPPED, 0, 0, 0, 0], 4], [Array(16).fill(0), 6]] as const) {
    const ends = rowOf(
      { pid: 1, protocol: 17, laddr: [...address], raddr: [...address], lport: 53, rport: 0 },
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

Deno.test("rows of nettop are sorted by bytes, the largest sum first", () => {
  const rows = [[1, 2], [0, 7], [5, 0]].map(([rx_bytes, tx_bytes]) => ({
    rx_bytes: rx_bytes!,
    tx_bytes: tx_bytes!,
  }));
  assert.deepEqual(nettop.derive(rows, null, options()).rows, [rows[1], rows[2], rows[0]]);
});

Deno.test("--tcp and --udp exclude each other", () => {
  assert.throws(() => nettop.configure(options({ tcp: true, udp: true })), UsageError);
  assert.equal(nettop.configure(options({ udp: true })).filter_protocol, 17);
  assert.equal(nettop.configure(options({})).filter_protocol, 0);
});
