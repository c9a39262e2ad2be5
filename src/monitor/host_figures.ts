/**
 * The figures of the machine in the header: always load and uptime, where they are wanted also pressure, network and disks.
 *
 * @module
 */
import type { HostInfo, MachineFigures } from "../model/mod.ts";
import { HostMeter } from "./host.ts";
import { MachineMeter } from "./machine.ts";

/** Measures the machine. */
export class HostFigures {
  readonly #host = new HostMeter();
  readonly #machine = new MachineMeter();
  readonly #measuresMachine: () => boolean;

  /** @param measuresMachine whether pressure, network and disks are wanted, asked at every call of `measure` */
  constructor(measuresMachine: () => boolean = () => false) {
    this.#measuresMachine = measuresMachine;
  }

  /** The figures since the last call; files that are not needed are closed. */
  measure(): HostInfo & MachineFigures {
    const host = this.#host.measure();
    if (this.#measuresMachine()) return { ...host, ...this.#machine.measure() };
    this.#machine.close();
    return host;
  }

  /** Closes all files. */
  close(): void {
    this.#machine.close();
    this.#host.close();
  }
}
