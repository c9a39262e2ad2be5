import assert from "node:assert/strict";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import type { Members } from "../lib/struct.ts";
import { NOBODY } from "../lib/who.ts";
import { TcpconnectEvent } from "./layout.gen.ts";
import { readEvent, tcpconnect } from "./mod.ts";

const LOOPBACK_V4 = [...Array(10).fill(0), 0xff, 0xff, 127, 0, 0, 1];
const LOOPBACK_V6 = [...Array(15).fill(0), 1];

const read = (members: Members<TcpconnectEvent>) => readEvent(record(TcpconnectEvent, members), CLOCK)!;

Deno.test("tcpconnect reads caller, addresses, result and latency of an event", () => {
  const row = read({
    time_ns: 3_500_000_000n,
    lat_ns: 1_250_000n,
    saddr: LOOPBACK_V4,
    daddr: LOOPBACK_V4,
    lport: 40_000,
    dport: 443,
    ret: -111,
    pid: 11,
    tid: 12,
    ...USER.members,
    comm: "curl\x1b",
  });
  assert.deepEqual(row, {
    time_s: 3.5,
    time: "at 3500000000",
    pid: 11,
    tid: 12,
    comm: "curl\\x1b",
    ...NOBODY,
    ...USER.columns,
    uid_name: null,
    ip: 4,
    saddr: "127.0.0.1",
    lport: 40_000,
    daddr: "127.0.0.1",
    dport: 443,
    ret: -111,
    lat_ms: 1.25,
  });
});

Deno.test("tcpconnect distinguishes success from an unknown result, and an unknown local port", () => {
  const connected = read({ daddr: LOOPBACK_V6, lport: 1 });
  assert.deepEqual([connected.ip, connected.daddr, connected.lport, connected.ret], [6, "::1", 1, 0]);
  const abandoned = read({ daddr: LOOPBACK_V6, ret: 1 });
  assert.deepEqual([abandoned.lport, abandoned.ret], [null, null]);
});

Deno.test("tcpconnect has a column for every key of its rows", () => {
  const keys = tcpconnect.columns.map(({ key }) => key);
  assert.deepEqual(Object.keys(read({})).filter((key) => key !== "uid_name").sort(), keys.sort());
});

Deno.test("tcpconnect filters by user, IP version and port", () => {
  const options = { filters: { self: true }, flags: { uid: 0, ipv6: true, ports: "80" } };
  const constants = tcpconnect.configure(options);
  assert.deepEqual(
    [constants.filter_uid_on, constants.filter_uid, constants.filter_ip, constants.filter_ports_on],
    [true, 0, 6, true],
  );
});
