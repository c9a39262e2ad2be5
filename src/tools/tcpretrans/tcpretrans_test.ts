import assert from "node:assert/strict";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import { NOBODY } from "../lib/who.ts";
import { TcpretransEvent } from "./layout.gen.ts";
import { eventReader, tcpretrans } from "./mod.ts";

const ONE = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1];
const OTHER = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

const RETRANSMISSION = 0, LOSS_PROBE = 1, SYNACK = 2;

Deno.test("a row of tcpretrans has the owner, both ends, the state and the segments of a retransmission", () => {
  const event = record(TcpretransEvent, {
    time_ns: 5n,
    laddr: ONE,
    raddr: ONE,
    lport: 443,
    rport: 50_000,
    seq: 4_000_000_000,
    segs: 3,
    state: 1,
    type: RETRANSMISSION,
    ...USER.members,
    pid: 42,
    comm: "nginx",
  });
  assert.deepEqual(eventReader(false)(event, CLOCK), {
    time: "at 5",
    pid: 42,
    comm: "nginx",
    ...NOBODY,
    ...USER.columns,
    ip: 4,
    laddr: "192.0.2.1",
    lport: 443,
    type: "R",
    raddr: "192.0.2.1",
    rport: 50_000,
    state: "ESTABLISHED",
    flow: "192.0.2.1:443 192.0.2.1:50000",
    seq: 4_000_000_000,
    segs: 3,
  });
});

Deno.test("a SYN-ACK has no sequence number, and an owner that was not seen is unknown", () => {
  const event = record(TcpretransEvent, {
    laddr: OTHER,
    raddr: OTHER,
    lport: 22,
    rport: 1,
    state: 12,
    type: SYNACK,
  });
  const { pid, comm, ip, state, flow, seq, type } = eventReader(true)(event, CLOCK)!;
  assert.deepEqual([pid, comm, ip, state, flow, seq, type], [
    null,
    null,
    6,
    "NEW_SYN_RECV",
    "[2001:db8::1]:22 [2001:db8::1]:1",
    null,
    "R",
  ]);
});

Deno.test("a tail loss probe is L with -l and R without it", () => {
  const event = record(TcpretransEvent, { laddr: ONE, raddr: ONE, state: 1, type: LOSS_PROBE });
  assert.equal(eventReader(true)(event, CLOCK)!.type, "L");
  assert.equal(eventReader(false)(event, CLOCK)!.type, "R");
});

Deno.test("the error of tcp_retransmit_skb is read where the kernel passes it", () => {
  const types = (parameters: number | null) => ({ parameterCount: () => parameters });
  type Types = Parameters<NonNullable<typeof tcpretrans.adapt>>[0];
  const adapted = (parameters: number | null) =>
    tcpretrans.adapt!(types(parameters) as unknown as Types, { filters: { self: false }, flags: {} })
      .has_error;
  assert.deepEqual([adapted(3), adapted(4), adapted(null)], [false, true, false]);
});
