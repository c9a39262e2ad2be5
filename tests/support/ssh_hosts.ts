/**
 * Machines to reach through ssh: sshd processes on ports of the loopback interface, each with host key, configuration and environment
 * in a temporary directory. Neither /etc/ssh nor ~/.ssh is read or written.
 *
 * @module
 */
import assert from "node:assert/strict";
import { runCommand } from "./commands.ts";
import { TemporaryDirectory } from "./directory.ts";
import { quoted } from "./shell.ts";
import { killIfAlive, until } from "./tmux.ts";

/** A free port of the loopback interface. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

const readText = (path: string): Promise<string> => Deno.readTextFile(path).catch(() => "");

/** Hosts by name. `await using` ends them. */
export class SshHosts implements AsyncDisposable {
  readonly #directory: TemporaryDirectory;
  readonly #daemons: Deno.ChildProcess[] = [];

  private constructor(directory: TemporaryDirectory) {
    this.#directory = directory;
  }

  /**
   * Starts hosts.
   *
   * @param ktop the shell command that is the ktop of their PATH; it sees the name of its host as `$HOST`. Null: they have none
   */
  static async start(names: readonly string[], ktop: string | null): Promise<SshHosts> {
    const directory = await TemporaryDirectory.make();
    const hosts = new SshHosts(directory);
    const { path } = directory;
    if (Deno.uid() === 0) await Deno.mkdir("/run/sshd", { recursive: true });
    await runCommand("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${path}/user`);
    const user = await runCommand("id", "-un");
    let config = "";
    for (const name of names) config += await hosts.#startOne(name, ktop);
    await Deno.writeTextFile(
      `${path}/config`,
      `${config}Host *
  User ${user}
  IdentityFile ${path}/user
  IdentitiesOnly yes
  UserKnownHostsFile ${path}/known
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
`,
    );
    return hosts;
  }

  /** The value of KTOP_SSH. */
  get ssh(): string {
    return `ssh -F ${this.#directory.path}/config`;
  }

  /** The directory of a host: its cache is in `cache`. */
  directory(name: string): string {
    return `${this.#directory.path}/${name}`;
  }

  /** The process ids of the ktop that were started on a host, the newest last. */
  async started(name: string): Promise<number[]> {
    return (await readText(`${this.directory(name)}/pids`)).split("\n").filter((line) => line !== "").map(
      Number,
    );
  }

  /** Waits until this many ktop were started on a host, and returns the process id of the last. */
  async ktopOf(name: string, count = 1): Promise<number> {
    const pids = await until(
      `ktop ${count} on ${name}`,
      () => this.started(name),
      ({ length }) => length >= count,
    );
    return pids.at(-1)!;
  }

  /** Starts an sshd; returns its part of the configuration of ssh. */
  async #startOne(name: string, ktop: string | null): Promise<string> {
    const { path } = this.#directory;
    const own = this.directory(name);
    const port = freePort();
    await Deno.mkdir(`${own}/bin`, { recursive: true });
    if (ktop !== null) {
      const script = `#!/bin/sh\necho $$ >>${
        quoted(`${own}/pids`)
      }\nHOST=${name}\nexport HOST\nexec ${ktop} "$@"\n`;
      await Deno.writeTextFile(`${own}/bin/ktop`, script, { mode: 0o755 });
    }
    await runCommand("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${own}/key`);
    const key = (await readText(`${own}/key.pub`)).split(" ").slice(0, 2).join(" ");
    await Deno.writeTextFile(`${path}/known`, `${name} ${key}\n`, { append: true });
    await Deno.writeTextFile(
      `${own}/sshd_config`,
      `Port ${port}
ListenAddress 127.0.0.1
HostKey ${own}/key
PidFile none
AuthorizedKeysFile ${path}/user.pub
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
SetEnv PATH=${own}/bin:/usr/bin:/bin XDG_CACHE_HOME=${own}/cache
`,
    );
    const daemon = new Deno.Command("/usr/sbin/sshd", {
      args: ["-D", "-e", "-f", `${own}/sshd_config`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#daemons.push(daemon);
    await until(`sshd of ${name}`, () => accepts(port), (open) => open);
    return `Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n  HostKeyAlias ${name}\n`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const daemon of this.#daemons) {
      killIfAlive(daemon.pid, "SIGTERM");
      await daemon.status;
    }
    await this.#directory[Symbol.asyncDispose]();
  }
}

async function accepts(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

/** The process id of a process's parent. */
export function parentOf(pid: number): number {
  const parent = /^PPid:\s+(\d+)$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
  assert.ok(parent, `process ${pid} has no parent`);
  return Number(parent);
}
