/**
 * A slice at the top of a cgroup hierarchy, in which tests make cgroups that are named as systemd and container runtimes name them.
 *
 * @module
 */
import type { Hierarchy } from "../../src/cgroups/hierarchy.ts";
import { until } from "./tmux.ts";

/** A container's id that begins with these hexadecimal digits. */
export const containerId = (start: string): string => start.padEnd(64, "0");

/** A slice, which is removed at the end of a scope. Its processes must have ended. */
export class Slice implements AsyncDisposable {
  readonly directory: string;
  readonly #made: string[] = [];

  constructor({ point }: Hierarchy) {
    this.directory = `${point}/ktop_test_${Deno.pid}.slice`;
    Deno.mkdirSync(this.directory);
  }

  /** Makes a cgroup and moves a process into it. */
  async add(name: string, pid: number): Promise<void> {
    const directory = `${this.directory}/${name}`;
    await Deno.mkdir(directory);
    this.#made.push(directory);
    await Deno.writeTextFile(`${directory}/cgroup.procs`, String(pid));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const directory of [...this.#made, this.directory]) {
      await until(
        `the end of the processes in ${directory}`,
        () => Deno.readTextFile(`${directory}/cgroup.procs`),
        (pids) => pids === "",
      );
      await Deno.remove(directory);
    }
  }
}
