import assert from "node:assert/strict";
import { CLOCK, record, USER } from "../../../tests/support/record.ts";
import { UsageError } from "../../errors.ts";
import type { ToolOptions } from "../tool.ts";
import { NOBODY } from "../lib/who.ts";
import { TcplifeEvent } from "./layout.gen.ts";
import { readEvent, tcplife } from "./mod.ts";

const options = (flags: ToolOptions["flags"] = {}): ToolOptions => ({ filters: { self: false }, flags });

const ONE = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 2, 1];
const OTHER = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

Deno.test("a row of tcplife has the owner, both ends, the bytes and the lifetime of a connection", () => {
  const event = record(TcplifeEvent, {
    time_ns: 5_000_000_000n,
    life_ns: 1_234_567n,
    tx_bytes: 1009n,
    rx_bytes: 5_000_000_000n,
    laddr: ONE,
    raddr: ONE,
    lport: 443,
    rport: 50_000,
    ...USER.members,
    pid: 42,
    comm: "nginx",
  });
  assert.deepEqual(readEvent(event, CLOCK), {
    time: "at 5000000000",
    time_s: 5,
    pid: 42,
    comm: "nginx",
    ...NOBODY,
    ...USER.columns,
    ip: 4,
    laddr: "192.0.2.1",
    lport: 443,
    raddr: "192.0.2.1",
    rport: 50_000,
    tx_bytes: 1009,
    rx_bytes: 5_000_000_000,
    life_ms: 1.234567,
  });
});

Deno.test("an owner that was not seen is unknown", () => {
  const row = readEvent(record(TcplifeEvent, { raddr: OTHER, laddr: OTHER, pid: 0 }), CLOCK)!;
  assert.deepEqual([row.pid, row.comm, row.ip, row.raddr], [null, null, 6, "2001:db8::1"]);
});

Deno.test("-w makes the columns of addresses as wide as IPv6 addresses and shows IP", () => {
  const columns = tcplife.columnsFor!(options({ wide: true }));
  const column = (key: string) => columns.find((each) => each.key === key)!;
  assert.deepEqual([column("laddr").width, column("raddr").width, column("ip").shown], [39, 39, "always"]);
  assert.equal(column("comm").width, tcplife.columns.find(({ key }) => key === "comm")!.width);
});

Deno.test("-L sets local ports and -D remote ports, and both name the flag of a wrong port", () => {
  const constants = tcplife.configure(options({ "local-ports": "443", "remote-ports": "8" }));
  assert.deepEqual([constants.filter_ports_on, constants.filter_remote_ports_on], [true, true]);
  assert.equal((constants.filter_ports as Uint8Array)[443 >> 3], 1 << (443 & 7));
  assert.equal((constants.filter_remote_ports as Uint8Array)[1], 1);
  assert.throws(
    () => tcplife.configure(options({ "remote-ports": "0" })),
    (error) => error instanceof UsageError && error.message.includes("--remote-ports takes"),
  );
});
