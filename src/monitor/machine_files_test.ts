import assert from "node:assert/strict";
import { parseDisks, parseInterfaces, parsePressure, trafficBetween } from "./machine_files.ts";

const IO = "some avg10=22.86 avg60=21.95 avg300=13.82 total=38625321335\n" +
  "full avg10=0.03 avg60=0.20 avg300=0.26 total=62289548\n";

Deno.test("parsePressure() reads the averages of ten seconds; of CPUs only some", () => {
  assert.deepEqual(parsePressure(IO, "io"), { some: 22.86, full: 0.03 });
  assert.deepEqual(parsePressure(IO, "cpu"), { some: 22.86, full: null });
  assert.deepEqual(parsePressure(IO.split("\n")[0] + "\n", "cpu"), { some: 22.86, full: null });
  assert.equal(parsePressure("", "io"), null);
});

const INTERFACES = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 432936592   14097    0    0    0     0          0         0 432936592   14097    0    0    0     0       0          0
  eth0:18446744073709551615  603600    0    0    0     0          0         0 27449960  376964    0    0    0     0       0          0
wlan-long-name: 7       0    0    0    0     0          0         0        9       0    0    0    0     0       0          0
`;

Deno.test("parseInterfaces() reads received and sent bytes of every interface but lo, up to the largest u64", () => {
  assert.deepEqual([...parseInterfaces(INTERFACES)], [
    ["eth0", { in: 18446744073709551615n, out: 27449960n }],
    ["wlan-long-name", { in: 7n, out: 9n }],
  ]);
});

const DISKS = `   7       0 loop0 10 0 80 1 0 0 0 0 0 0 1 0 0 0 0 0 0
 254       0 vda 1038420 186 8839116 111801 146925 94383 16929972 166717 0 198000 309171 0 0 0 0 16802 30653
 254       1 vda1 1038420 186 8839116 111801 146925 94383 16929972 166717 0 198000 309171
`;

Deno.test("parseDisks() counts sectors of 512 bytes, of the disks that are asked for", () => {
  const asked: string[] = [];
  const counters = parseDisks(DISKS, (name) => {
    asked.push(name);
    return name === "vda";
  });
  assert.deepEqual([...counters], [["vda", { in: 8839116n * 512n, out: 16929972n * 512n }]]);
  assert.deepEqual(asked, ["loop0", "vda", "vda1"]);
});

Deno.test("trafficBetween() subtracts counters above 2^53 exactly", () => {
  const before = new Map([["eth0", { in: 2n ** 64n - 100n, out: 2n ** 60n }]]);
  const after = new Map([["eth0", { in: 2n ** 64n - 1n, out: 2n ** 60n + 1n }]]);
  assert.deepEqual(trafficBetween(before, after, 0.5), { inBytes: 99, outBytes: 1, intervalS: 0.5 });
});

Deno.test("trafficBetween() leaves out devices that are new or went away, and counters that went backwards", () => {
  const before = new Map([
    ["kept", { in: 10n, out: 20n }],
    ["reset", { in: 1000n, out: 5n }],
    ["gone", { in: 1n, out: 1n }],
  ]);
  const after = new Map([
    ["kept", { in: 13n, out: 25n }],
    ["reset", { in: 7n, out: 6n }],
    ["new", { in: 1n << 40n, out: 1n << 40n }],
  ]);
  assert.deepEqual(trafficBetween(before, after, 2), { inBytes: 3, outBytes: 5, intervalS: 2 });
  assert.equal(trafficBetween(new Map(), after, 2), null);
});
