/**
 * Parses the kernel's files on pressure, network interfaces and disks. Pure.
 *
 * @module
 */
import type { Stall, Traffic } from "../model/mod.ts";

/** Bytes since the counters of a device started. */
export interface DeviceBytes {
  readonly in: bigint;
  readonly out: bigint;
}

/** The counters of devices, by name. */
export type Counters = ReadonlyMap<string, DeviceBytes>;

const SOME = /^some avg10=(\d+\.?\d*) /m;
const FULL = /^full avg10=(\d+\.?\d*) /m;

/** Parses a file of /proc/pressure: `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`, then the same with `full`. null: it has no `some`. */
export function parsePressure(text: string, resource: string): Stall | null {
  const percent = (pattern: RegExp): number | null => {
    const found = pattern.exec(text)?.[1];
    return found === undefined ? null : Number(found);
  };
  const some = percent(SOME);
  if (some === null) return null;
  // The machine's `full` of CPUs is a constant 0 (Documentation/accounting/psi.rst); kernels before 5.13 do not have the line.
  return { some, full: resource === "cpu" ? null : percent(FULL) };
}

/** Parses /proc/net/dev without the loopback interface. */
export function parseInterfaces(text: string): Map<string, DeviceBytes> {
  const counters = new Map<string, DeviceBytes>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim();
    if (colon < 0 || name === "lo") continue;
    const fields = line.slice(colon + 1).trim().split(/\s+/);
    if (fields.length < 9) continue;
    counters.set(name, { in: BigInt(fields[0]!), out: BigInt(fields[8]!) });
  }
  return counters;
}

/** Bytes of a sector in /proc/diskstats, whatever the disk's sectors are (Documentation/admin-guide/iostats.rst). */
const SECTOR_BYTES = 512n;

/** A line of /proc/diskstats: the name, the sectors read, the sectors written. */
const DISK = /^ *\d+ +\d+ (\S+) \d+ \d+ (\d+) \d+ \d+ \d+ (\d+) /gm;

/** Parses /proc/diskstats. @param isCounted Whether the device with this name is summed. */
export function parseDisks(text: string, isCounted: (name: string) => boolean): Map<string, DeviceBytes> {
  const counters = new Map<string, DeviceBytes>();
  for (const [, name, read, written] of text.matchAll(DISK)) {
    if (!isCounted(name!)) continue;
    counters.set(name!, { in: BigInt(read!) * SECTOR_BYTES, out: BigInt(written!) * SECTOR_BYTES });
  }
  return counters;
}

/** Names of devices whose data is that of others, or of memory: a disk's bytes would count twice. */
const VIRTUAL_DISK = /^(?:loop|ram|zram|dm-|md)\d/;

/**
 * Whether a device of /proc/diskstats is a whole disk that is no part of another: not a partition, a loop device, a mapped
 * or RAID device, or a path of a multipath disk.
 *
 * @param sysBlock The directory of the kernel's disks.
 */
export function isWholeDisk(name: string, sysBlock = "/sys/block"): boolean {
  if (VIRTUAL_DISK.test(name)) return false;
  const directory = `${sysBlock}/${name.replaceAll("/", "!")}`;
  try {
    for (const _ of Deno.readDirSync(`${directory}/slaves`)) return false;
  } catch {
    return false; // a partition, which is in the directory of its disk
  }
  try {
    return Deno.readTextFileSync(`${directory}/hidden`).trim() !== "1";
  } catch {
    return true; // kernels before 4.15 hide no disk
  }
}

/**
 * What moved between two readings: the sum over devices that both have and whose counters have not gone backwards.
 *
 * @returns null if there is no such device.
 */
export function trafficBetween(before: Counters, after: Counters, intervalS: number): Traffic | null {
  let [inBytes, outBytes, found] = [0n, 0n, false];
  for (const [name, now] of after) {
    const then = before.get(name);
    if (then === undefined || now.in < then.in || now.out < then.out) continue;
    inBytes += now.in - then.in;
    outBytes += now.out - then.out;
    found = true;
  }
  return found && intervalS > 0 ? { inBytes: Number(inBytes), outBytes: Number(outBytes), intervalS } : null;
}
