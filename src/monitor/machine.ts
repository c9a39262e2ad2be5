/**
 * Measures pressure, network and disks of the whole machine.
 *
 * @module
 */
import { ProcFile } from "../bpf/mod.ts";
import type { MachineFigures, Pressure, Stall, Traffic } from "../model/mod.ts";
import {
  type Counters,
  isWholeDisk,
  parseDisks,
  parseInterfaces,
  parsePressure,
  trafficBetween,
} from "./machine_files.ts";

/** One file with the counters of devices, and its previous reading. */
class TrafficMeter {
  readonly #file: ProcFile;
  readonly #parse: (text: string) => Counters;
  #before: { readonly text: string; readonly counters: Counters; readonly at: number } | null = null;

  constructor(path: string, parse: (text: string) => Counters) {
    this.#file = new ProcFile(path);
    this.#parse = parse;
  }

  /** What moved since the previous call; null in the first one, undefined if the kernel does not report it. */
  measure(): Traffic | null | undefined {
    const text = this.#file.read();
    if (text === null) return undefined;
    const at = performance.now();
    const before = this.#before;
    const counters = text === before?.text ? before.counters : this.#parse(text);
    this.#before = { text, counters, at };
    return before && trafficBetween(before.counters, counters, (at - before.at) / 1000);
  }

  close(): void {
    this.#file.close();
    this.#before = null;
  }
}

const RESOURCES = ["cpu", "io", "memory"] as const;

/** Reads each file once per call. */
export class MachineMeter {
  readonly #pressure: readonly (readonly [resource: typeof RESOURCES[number], file: ProcFile])[];
  readonly #network: TrafficMeter;
  readonly #disks: TrafficMeter;
  readonly #classify: (name: string) => boolean;
  /** Whether a device is summed, by name: what sysfs says is read once while a device exists. */
  #isDisk: ReadonlyMap<string, boolean> = new Map();

  /** @param proc Where procfs is mounted. */
  constructor(proc = "/proc", isDisk: (name: string) => boolean = isWholeDisk) {
    this.#classify = isDisk;
    this.#pressure = RESOURCES.map((resource) => [resource, new ProcFile(`${proc}/pressure/${resource}`)]);
    this.#network = new TrafficMeter(`${proc}/net/dev`, parseInterfaces);
    this.#disks = new TrafficMeter(`${proc}/diskstats`, (text) => this.#parseDisks(text));
  }

  /** The figures now. Those of network and disks are null in the first call, and in the first after {@linkcode MachineMeter.close}. */
  measure(): MachineFigures {
    const pressure = this.#readPressure();
    const network = this.#network.measure();
    const disks = this.#disks.measure();
    return {
      ...(pressure === null ? {} : { pressure }),
      ...(network === undefined ? {} : { network }),
      ...(disks === undefined ? {} : { disks }),
    };
  }

  /** Closes the files. May be called twice; the next measurement opens them again. */
  close(): void {
    for (const [, file] of this.#pressure) file.close();
    this.#network.close();
    this.#disks.close();
  }

  #readPressure(): Pressure | null {
    const found: [string, Stall][] = [];
    for (const [resource, file] of this.#pressure) {
      const text = file.read();
      const stall = text === null ? null : parsePressure(text, resource);
      if (stall !== null) found.push([resource, stall]);
    }
    return found.length === 0 ? null : Object.fromEntries(found);
  }

  #parseDisks(text: string): Counters {
    const before = this.#isDisk;
    const now = new Map<string, boolean>();
    this.#isDisk = now;
    return parseDisks(text, (name) => {
      const isCounted = before.get(name) ?? this.#classify(name);
      now.set(name, isCounted);
      return isCounted;
    });
  }
}
