/**
 * Measures pressure, network and disks of the whole machine.
 *
 * @module
 */
import type { MachineFigures, Pressure, Stall, Traffic } from "../model/mod.ts";
import {
  type Counters,
  isWholeDisk,
  parseDisks,
  parseInterfaces,
  parsePressure,
  trafficBetween,
} from "./machine_files.ts";

const decoder = new TextDecoder();
/** Shared by all files: they are read one after another. */
const chunk = new Uint8Array(16 * 1024);

/** A file of /proc that stays open and is read again from its start. After a failure it is not tried again. */
class ProcFile {
  readonly #path: string;
  /** undefined: not opened yet; null: absent or refused. */
  #file: Deno.FsFile | null | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** The whole text; null if the kernel has no such file or refuses to open or read it. */
  read(): string | null {
    if (this.#file === null) return null;
    try {
      this.#file ??= Deno.openSync(this.#path);
      this.#file.seekSync(0, Deno.SeekMode.Start);
      let text = "";
      for (let count; (count = this.#file.readSync(chunk)) !== null && count > 0;) {
        text += decoder.decode(chunk.subarray(0, count), { stream: true });
      }
      return text + decoder.decode();
    } catch {
      // A kernel that was started with psi=0 has the files and refuses to read them (EOPNOTSUPP).
      this.close();
      this.#file = null;
      return null;
    }
  }

  /** Closes it; the next read opens it again. */
  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

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
