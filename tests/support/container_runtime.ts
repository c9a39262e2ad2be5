/**
 * Containers of podman and docker whose process waits and then runs a script of busybox's shell. All state of the runtime is in a
 * directory of the test's, which its commands and ktop see where the runtime has it by default.
 *
 * @module
 */
import assert from "node:assert/strict";
import type { KtopOptions } from "./ktop.ts";
import { lines } from "./ktop.ts";
import { until } from "./tmux.ts";

/** A runtime. */
export type RuntimeName = "podman" | "docker";

/** Whether a command is installed. */
const isInstalled = (command: string): boolean =>
  new Deno.Command("sh", { args: ["-c", `command -v ${command}`], stdout: "null" }).outputSync().success;

/** Whether a runtime's commands are installed. */
export const hasRuntime = (name: RuntimeName): boolean =>
  isInstalled(name === "docker" ? "dockerd" : "podman");

/** Limits that a container may have also where the machine's are lower than the runtime's defaults. */
const LIMITS = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"];

/** The processes of a container that waits. */
export class Container {
  readonly #process: Deno.ChildProcess;

  constructor(process: Deno.ChildProcess) {
    this.#process = process;
  }

  /** Lets it run its script, and waits for its end. */
  async run(): Promise<void> {
    const writer = this.#process.stdin.getWriter();
    await writer.write(new TextEncoder().encode("\n"));
    await writer.close();
    assert.equal((await this.#process.status).code, 0);
  }
}

/** A runtime, which is stopped at the end of a scope. */
export class ContainerRuntime implements AsyncDisposable {
  readonly #name: RuntimeName;
  readonly #directory: string;
  readonly #containers: string[] = [];
  #daemon: Deno.ChildProcess | undefined;

  private constructor(name: RuntimeName, directory: string) {
    this.#name = name;
    this.#directory = directory;
  }

  /** Starts a runtime with its state in a directory, which must exist. */
  static async start(name: RuntimeName, directory: string): Promise<ContainerRuntime> {
    const runtime = new ContainerRuntime(name, directory);
    for (const path of ["state", "root/bin", "root/proc", "root/sys", "root/dev", "root/etc", "root/tmp"]) {
      await Deno.mkdir(`${directory}/${path}`, { recursive: true });
    }
    await Deno.copyFile("/bin/busybox", `${directory}/root/bin/busybox`);
    await Deno.writeTextFile(`${directory}/root/opened`, "");
    if (name === "docker") await runtime.#startDaemon();
    return runtime;
  }

  /** Runs a command where the runtime's state is at its usual place. */
  get seesState(): KtopOptions & { readonly through: readonly string[] } {
    const at = this.#name === "docker" ? "/var/lib/docker" : "/var/lib/containers";
    const script = `mount -t tmpfs none /var/lib && mkdir ${at} && mount --bind "$0" ${at} && exec "$@"`;
    return { through: ["unshare", "--mount", "sh", "-c", script, `${this.#directory}/state`] };
  }

  #command(args: readonly string[], options: Deno.CommandOptions): Deno.Command {
    const [command, ...rest] = [...this.seesState.through, ...args];
    return new Deno.Command(command!, { ...options, args: rest });
  }

  get #socket(): string {
    return `unix://${this.#directory}/socket`;
  }

  async #startDaemon(): Promise<void> {
    const places = ["--exec-root", `${this.#directory}/run`, "--pidfile", `${this.#directory}/pid`];
    const plain = ["--iptables=false", "--ip6tables=false", "--bridge=none", "--storage-driver=vfs"];
    const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
    this.#daemon = this.#command(["dockerd", "-H", this.#socket, ...places, ...plain], streams).spawn();
    const asks = () =>
      new Deno.Command("docker", { args: ["-H", this.#socket, "info"], ...streams }).output();
    await until("dockerd to answer", asks, ({ success }) => success);
    const script = 'tar -C "$0" -c . | docker -H "$1" import - ktop-test:1';
    const imported = await new Deno.Command("sh", {
      args: ["-c", script, `${this.#directory}/root`, this.#socket],
    }).output();
    assert.ok(imported.success, new TextDecoder().decode(imported.stderr));
  }

  /** The runtime's command line client. */
  get #client(): readonly string[] {
    if (this.#name === "docker") return ["docker", "-H", this.#socket];
    const places = ["--runroot", `${this.#directory}/run`, "--tmpdir", `${this.#directory}/tmp`];
    return ["podman", "--cgroup-manager=cgroupfs", "--runtime", "runc", ...places];
  }

  /** The container's state stays until the runtime is stopped, so that its name can be read also after its end. */
  #run(
    name: string,
    script: string,
    options: readonly string[],
    streams: Deno.CommandOptions,
  ): Deno.Command {
    this.#containers.push(name);
    const root = this.#name === "docker" ? ["ktop-test:1"] : ["--rootfs", `${this.#directory}/root`];
    const run = ["run", "--network=none", "--name", name, ...LIMITS, ...options, ...root];
    return this.#command([...this.#client, ...run, "/bin/busybox", "sh", "-ec", script], streams);
  }

  /** Starts a container that will run the script, and waits until it waits. */
  async container(name: string, script: string): Promise<Container> {
    const streams = { stdin: "piped", stdout: "piped" } as const;
    const process = this.#run(name, `echo ready; read -r go; ${script}`, ["--interactive"], streams).spawn();
    const { value } = await lines(process.stdout).next();
    assert.equal(value, "ready");
    return new Container(process);
  }

  /** Runs a script in another container, which ends with it. */
  async brief(name: string, script: string): Promise<void> {
    const { code, stderr } = await this.#run(name, script, [], { stdin: "null" }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const removed = await this.#command([...this.#client, "rm", ...this.#containers], { stdin: "null" })
      .output();
    assert.ok(removed.success, new TextDecoder().decode(removed.stderr));
    if (!this.#daemon) return;
    this.#daemon.kill("SIGTERM");
    await this.#daemon.status;
  }
}
