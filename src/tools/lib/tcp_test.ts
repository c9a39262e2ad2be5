import assert from "node:assert/strict";
import { UsageError } from "../../errors.ts";
import { addressText, ipVersion, parsePorts, tcpConstants } from "./tcp.ts";

const bytes = (hex: string): number[] => hex.match(/../g)!.map((byte) => parseInt(byte, 16));

Deno.test("addressText() writes addresses as RFC 5952 does, and mapped ones as IPv4", () => {
  for (
    const [hex, text] of [
      ["00000000000000000000000000000000", "::"],
      ["00000000000000000000000000000001", "::1"],
      ["00000000000000000000ffffc0000201", "192.0.2.1"],
      ["00000000000000000000000000000201", "::201"],
      ["20010db8000000000000000000000001", "2001:db8::1"],
      ["20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
      ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
      ["20010db8000000000001000000000000", "2001:db8:0:0:1::"],
      ["fe800000000000000a0b0c0d0e0f1011", "fe80::a0b:c0d:e0f:1011"],
      ["000100020003000400050006abcdef01", "1:2:3:4:5:6:abcd:ef01"],
    ] as const
  ) {
    assert.equal(addressText(bytes(hex)), text);
    assert.equal(ipVersion(bytes(hex)), text.includes(":") ? 6 : 4);
  }
});

Deno.test("parsePorts() sets the bit of each port", () => {
  const bits = parsePorts("1, 80,65535");
  const set = Array.from({ length: 65_536 }, (_, port) => port)
    .filter((port) => bits[port >> 3]! >> (port & 7) & 1);
  assert.deepEqual(set, [1, 80, 65_535]);
});

Deno.test("parsePorts() refuses what is not a port, and names it", () => {
  for (const list of ["", "0", "65536", "80,", "80,http", "1-9", "-1", "1e3", "80 443"]) {
    assert.throws(() => parsePorts(list), UsageError, list);
  }
  assert.throws(() => parsePorts("80,ht\x1btp"), { message: /^"ht\\x1btp" is not a port: --ports takes/ });
});

Deno.test("-4 and -6 exclude each other", () => {
  const options = { filters: { self: true }, flags: { ipv4: true, ipv6: true } };
  assert.throws(() => tcpConstants(options), UsageError);
});
