/**
 * Pressure, network and disks of the whole machine: files with known numbers, and this machine beside lsblk and sysfs.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ProcFile } from "../../src/bpf/mod.ts";
import { MachineMeter } from "../../src/monitor/machine.ts";
import { isWholeDisk } from "../../src/monitor/machine_files.ts";
import { TemporaryDirectory } from "../support/directory.ts";

// glibc stays open from its first use: open it before any test looks for leaks.
new ProcFile("/proc/self/statm").read();

const diskLine = (name: string, read: bigint, written: bigint): string =>
  ` 254 0 ${name} 1 0 ${read} 0 1 0 ${written} 0 0 0 0\n`;

const interfaceLine = (name: string, received: bigint, sent: bigint): string =>
  `${name}: ${received} 1 0 0 0 0 0 0 ${sent} 1 0 0 0 0 0 0\n`;

const PRESSURE =
  "some avg10=1.50 avg60=0.00 avg300=0.00 total=1\nfull avg10=0.25 avg60=0.00 avg300=0.00 total=1\n";

/** A directory with the files of /proc, and a function that writes one. */
async function procFiles(): Promise<{
  readonly directory: TemporaryDirectory;
  readonly write: (path: string, text: string) => Promise<void>;
}> {
  const directory = await TemporaryDirectory.make();
  await Deno.mkdir(join(directory.path, "net"));
  await Deno.mkdir(join(directory.path, "pressure"));
  return { directory, write: (path, text) => Deno.writeTextFile(join(directory.path, path), text) };
}

Deno.test("MachineMeter.measure() subtracts exactly, shows nothing of the first interval, and leaves out what is refused", async () => {
  const { directory, write } = await procFiles();
  await using _ = directory;
  const large = 2n ** 63n;
  await write("net/dev", interfaceLine("lo", 1n, 1n) + interfaceLine("eth0", large, 5n));
  await write("diskstats", diskLine("vda", 10n, 20n) + diskLine("vda1", 10n, 20n));
  await write("pressure/cpu", PRESSURE);
  // Reading a directory fails, as the files do on a kernel that was started with psi=0.
  await Deno.mkdir(join(directory.path, "pressure/io"));
  const asked: string[] = [];
  const meter = new MachineMeter(directory.path, (name) => {
    asked.push(name);
    return name === "vda";
  });
  try {
    const pressure = { cpu: { some: 1.5, full: null } };
    assert.deepEqual(meter.measure(), { pressure, network: null, disks: null });
    await write("net/dev", interfaceLine("lo", 9n, 9n) + interfaceLine("eth0", large + 1001n, 12n));
    await write("diskstats", diskLine("vda", 13n, 25n) + diskLine("vda1", 13n, 25n));
    const { network, disks } = meter.measure();
    assert.deepEqual([network?.inBytes, network?.outBytes], [1001, 7]);
    assert.deepEqual([disks?.inBytes, disks?.outBytes], [3 * 512, 5 * 512]);
    assert.deepEqual(asked, ["vda", "vda1"], "sysfs is read once a device");
    meter.close();
    assert.equal(meter.measure().network, null, "after a pause there is no interval");
  } finally {
    meter.close();
  }
});

Deno.test("MachineMeter.measure() returns nothing without procfs", async () => {
  await using directory = await TemporaryDirectory.make();
  assert.deepEqual(new MachineMeter(directory.path).measure(), {});
});

Deno.test("ProcFile.read() reads files of this machine as they are now", () => {
  const path = "/proc/self/coredump_filter";
  const before = Deno.readTextFileSync(path);
  const file = new ProcFile(path);
  try {
    assert.equal(file.read(), before);
    Deno.writeTextFileSync(path, "0x11");
    assert.equal(file.read(), "00000011\n");
  } finally {
    Deno.writeTextFileSync(path, `0x${before}`);
    file.close();
  }
  // Several pages.
  const algorithms = new ProcFile("/proc/crypto");
  const names = (text: string | null) => text?.match(/^name .*$/gm);
  assert.deepEqual(names(algorithms.read()), names(Deno.readTextFileSync("/proc/crypto")));
  algorithms.close();
  assert.equal(new ProcFile("/proc/absent").read(), null);
  assert.equal(new ProcFile("/proc").read(), null, "reading a directory fails (EISDIR)");
});

Deno.test("isWholeDisk() finds the disks that lsblk lists", async () => {
  const lsblk = new Deno.Command("lsblk", {
    args: ["--all", "--nodeps", "--noheadings", "--output", "NAME,TYPE"],
  });
  const { success, stdout } = await lsblk.output();
  assert.ok(success);
  const listed = new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.split(/\s+/));
  const disks = listed.filter(([name = "", type = ""]) =>
    ["disk", "rom"].includes(type) && !/^(zram|ram)/.test(name)
  );
  const devices = Deno.readTextFileSync("/proc/diskstats").trim().split("\n").map((line) =>
    line.trim().split(/\s+/)[2]!
  );
  const inDiskstats = disks.map(([name]) => name!).filter((name) => devices.includes(name));
  assert.deepEqual(devices.filter((name) => isWholeDisk(name)).sort(), inDiskstats.sort());
  assert.ok(inDiskstats.length > 0);
});

/** Bytes read from and written to the whole disks so far, by sysfs. */
function diskBytes(): { in: number; out: number } {
  const sum = { in: 0, out: 0 };
  for (const { name } of Deno.readDirSync("/sys/block")) {
    if (!isWholeDisk(name)) continue;
    const fields = Deno.readTextFileSync(`/sys/block/${name}/stat`).trim().split(/\s+/).map(Number);
    sum.in += fields[2]! * 512;
    sum.out += fields[6]! * 512;
  }
  return sum;
}

Deno.test("MachineMeter.measure() lies between what sysfs counted around it, with 4 MiB that are written", async () => {
  await using directory = await TemporaryDirectory.make("ktop-disk-", "/var/tmp");
  const meter = new MachineMeter();
  try {
    const before = diskBytes();
    meter.measure();
    const first = diskBytes();
    using file = await Deno.create(join(directory.path, "data"));
    for (let i = 0; i < 64; i++) await file.write(crypto.getRandomValues(new Uint8Array(65536)));
    await file.syncData();
    const last = diskBytes();
    const { disks } = meter.measure();
    const after = diskBytes();
    assert.ok(disks);
    assert.ok(disks.outBytes >= last.out - first.out && disks.outBytes <= after.out - before.out);
    assert.ok(disks.inBytes >= last.in - first.in && disks.inBytes <= after.in - before.in);
  } finally {
    meter.close();
  }
});
