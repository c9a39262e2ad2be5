/**
 * A writable Debian 12 for tests that install packages.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { TemporaryDirectory } from "../support/directory.ts";
import { debianDirectory } from "./roots.ts";

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A writable copy of Debian 12 in a mount namespace, with the usual mounts. */
export class Debian implements AsyncDisposable {
  readonly #holder: Deno.ChildProcess;
  readonly #root: string;

  private constructor(holder: Deno.ChildProcess, root: string) {
    this.#holder = holder;
    this.#root = root;
  }

  static async start(files: TemporaryDirectory): Promise<Debian> {
    const lower = await debianDirectory("bookworm", ["man-db", "bash-completion"]);
    const root = join(files.path, "root");
    const mounts = `
umask 022
mkdir "$1" "$1.lower" "$1.changes"
mount --bind "$2" "$1.lower"
mount -t tmpfs tmpfs "$1.changes"
mkdir "$1.changes/upper" "$1.changes/work"
mount -t overlay overlay -o "lowerdir=$1.lower,upperdir=$1.changes/upper,workdir=$1.changes/work" "$1"
mount -t proc proc "$1/proc"
mount --rbind /sys "$1/sys"
mount --rbind /dev "$1/dev"
echo mounted
exec sleep infinity`;
    const holder = new Deno.Command("unshare", {
      args: ["--mount", "--propagation=private", "sh", "-ec", mounts, "sh", root, lower],
      stdout: "piped",
    }).spawn();
    const reader = holder.stdout.getReader();
    const { value } = await reader.read();
    assert.equal(decode(value!), "mounted\n");
    await reader.cancel();
    return new Debian(holder, root);
  }

  /** The command that runs a program in it. */
  command(argv: readonly string[]): string[] {
    return ["nsenter", `--target=${this.#holder.pid}`, "--mount", "chroot", this.#root, ...argv];
  }

  /** Runs a shell command in it and returns its standard output. */
  async shell(command: string): Promise<string> {
    const [program, ...args] = this.command(["sh", "-ec", command]);
    const { code, stdout, stderr } = await new Deno.Command(program!, {
      args,
      clearEnv: true,
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8", MANPAGER: "cat" },
    }).output();
    assert.equal(code, 0, `${command}: ${decode(stderr)}`);
    return decode(stdout);
  }

  /** Writes a file of this machine into it. */
  async put(file: string, path: string): Promise<void> {
    const [program, ...args] = this.command(["sh", "-c", 'cat > "$1"', "sh", path]);
    using source = await Deno.open(file);
    const child = new Deno.Command(program!, { args, stdin: "piped" }).spawn();
    await source.readable.pipeTo(child.stdin);
    assert.ok((await child.status).success);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#holder.kill("SIGKILL");
    await this.#holder.status;
  }
}
