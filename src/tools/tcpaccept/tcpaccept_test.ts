import assert from "node:assert/strict";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import { NOBODY } from "../lib/who.ts";
import { TcpacceptEvent } from "./layout.gen.ts";
import { readEvent, tcpaccept } from "./mod.ts";

Deno.test("tcpaccept reads caller, addresses and ports of an event", () => {
  const event = record(TcpacceptEvent, {
    time_ns: 3_500_000_000n,
    raddr: [...Array(10).fill(0), 0xff, 0xff, 192, 0, 2, 1],
    laddr: [...Array(10).fill(0), 0xff, 0xff, 127, 0, 0, 1],
    rport: 40_000,
    lport: 443,
    ...USER.members,
    pid: 11,
    tid: 12,
    comm: "nginx\x1b",
  });
  assert.deepEqual(readEvent(event, CLOCK), {
    time: "at 3500000000",
    time_s: 3.5,
    pid: 11,
    tid: 12,
    comm: "nginx\\x1b",
    ...NOBODY,
    ...USER.columns,
    ip: 4,
    raddr: "192.0.2.1",
    rport: 40_000,
    laddr: "127.0.0.1",
    lport: 443,
  });
});

Deno.test("tcpaccept has a column for every key of its rows", () => {
  const row = readEvent(record(TcpacceptEvent, {}), CLOCK)!;
  assert.deepEqual(Object.keys(row).sort(), tcpaccept.columns.map(({ key }) => key).sort());
});

Deno.test("tcpaccept takes the number of the kernel function's arguments from the kernel's types", () => {
  const types = (count: number | null) => ({ parameterCount: () => count }) as never;
  const options = { filters: { self: true }, flags: {} };
  assert.deepEqual(tcpaccept.adapt!(types(4), options), { accept_argument_count: 4 });
  assert.deepEqual(tcpaccept.adapt!(types(null), options), {});
});
