/**
 * Cgroups below this process's own one, with names of the test's choice and a process in each.
 *
 * @module
 */
import assert from "node:assert/strict";
import { cgroupOf, findHierarchy, type Hierarchy } from "../../src/cgroups/hierarchy.ts";
import { readMounts } from "../../src/ffi/mod.ts";
import { until } from "./tmux.ts";

/** A cgroup. */
export interface NamedCgroup {
  readonly id: number;
  /** The process in it. */
  readonly pid: number;
}

/** The hierarchies of this machine in which cgroups can be made. */
export function hierarchies(): Hierarchy[] {
  const mounts = readMounts();
  const found = [findHierarchy(mounts), findHierarchy(mounts.filter(({ type }) => type === "cgroup2"))];
  const all = found.filter((hierarchy) => hierarchy !== null);
  return all.filter(({ point }, index) => all.findIndex((other) => other.point === point) === index);
}

/** Runs a script of the shell and returns what it writes. */
async function shell(script: string, ...args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("sh", { args: ["-c", script, "sh", ...args] })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Cgroups that are removed at the end of a scope. */
export class NamedCgroups implements AsyncDisposable {
  readonly #processes: Deno.ChildProcess[] = [];

  private constructor(
    /** The cgroup in which they are, as a path in the hierarchy. */
    readonly path: string,
    /** Its directory. */
    readonly directory: string,
  ) {}

  static async make({ point, ...hierarchy }: Hierarchy): Promise<NamedCgroups> {
    const own = cgroupOf({ point, ...hierarchy }, Deno.readFileSync("/proc/self/cgroup"));
    assert.ok(own, "the hierarchy shows this process's cgroup");
    const name = `/ktop-test-names-${Deno.pid}`;
    const decoder = new TextDecoder();
    const made = new NamedCgroups(decoder.decode(own.path) + name, point + decoder.decode(own.below) + name);
    await Deno.mkdir(made.directory);
    return made;
  }

  /**
   * Makes a cgroup with a process. Its path may have octal escapes of printf(1): JavaScript's strings cannot hold names that are
   * not UTF-8.
   *
   * @param owner to whom its directory is given
   */
  async add(path: string, owner = 0): Promise<NamedCgroup> {
    const directory = this.directory.replaceAll("\\", "\\\\") + path;
    const make = `d=$(printf "$1") && mkdir -p "$d" && chown "$2" "$d" && stat -c %i "$d"`;
    const id = Number(await shell(make, directory, String(owner)));
    const join = `d=$(printf "$1") && echo $$ > "$d/cgroup.procs" && exec sleep 1000`;
    const child = new Deno.Command("sh", { args: ["-c", join, "sh", directory] }).spawn();
    this.#processes.push(child);
    await until(
      "the process in its cgroup",
      () => Deno.readTextFile(`/proc/${child.pid}/comm`),
      (comm) => comm === "sleep\n",
    );
    return { id, pid: child.pid };
  }

  /** Ends all processes. */
  async end(): Promise<void> {
    for (const child of this.#processes.splice(0)) {
      child.kill("SIGKILL");
      await child.status;
    }
  }

  /** Removes the cgroups. May be called twice. */
  async remove(): Promise<void> {
    await this.end();
    // A cgroup is busy for a moment after its last process has ended.
    const remove = `[ ! -d "$1" ] || find "$1" -depth -type d -exec rmdir {} + 2>&1 || true`;
    await until("removed cgroups", () => shell(remove, this.directory), (output) => output === "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove();
  }
}
