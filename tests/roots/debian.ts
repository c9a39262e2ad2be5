/**
 * A writable Debian 12 for tests that install packages.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { TemporaryDirectory } from "../support/directory.ts";
import { until } from "../support/tmux.ts";
import { debianDirectory } from "./roots.ts";

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What the tests use besides the essential packages. */
const PACKAGES = ["bash-completion", "man-db", "systemd"];

/** Mounts a writable copy of the directory $2 as $1. */
const MOUNTS = `
umask 022
mkdir "$1" "$1.lower" "$1.changes"
mount --bind "$2" "$1.lower"
mount -t tmpfs tmpfs "$1.changes"
mkdir "$1.changes/upper" "$1.changes/work"
mount -t overlay overlay -o "lowerdir=$1.lower,upperdir=$1.changes/upper,workdir=$1.changes/work" "$1"
mount -t proc proc "$1/proc"
`;

/** Keeps the mounts until it is killed. */
const HOLD = `${MOUNTS}
mount --rbind /sys "$1/sys"
mount --rbind /dev "$1/dev"
echo mounted
exec sleep infinity`;

/**
 * Starts systemd as process 1 of namespaces. It cannot change the machine: sysctls and sysfs are read-only, and its cgroups are those below
 * the cgroup $3.
 */
const BOOT = `
echo $$ > "$3/cgroup.procs"
exec unshare --mount --propagation=private --pid --fork --kill-child --net --uts --ipc --cgroup sh -ec '${MOUNTS}
mount --bind "$1/proc/sys" "$1/proc/sys"
mount -o remount,bind,ro "$1/proc/sys"
mount -t sysfs -o ro sysfs "$1/sys"
mount -t cgroup2 cgroup2 "$1/sys/fs/cgroup"
mount -t tracefs -o ro tracefs "$1/sys/kernel/tracing"
mount -t tmpfs tmpfs "$1/run"
mount -t tmpfs tmpfs "$1/tmp"
mount -t tmpfs -o mode=755 tmpfs "$1/dev"
mkdir "$1/dev/shm" "$1/dev/pts"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts"
ln -s pts/ptmx "$1/dev/ptmx"
ln -s /proc/self/fd "$1/dev/fd"
for device in null zero full random urandom tty; do
  touch "$1/dev/$device"
  mount --bind "/dev/$device" "$1/dev/$device"
done
printf "[Unit]\\nDescription=Tests\\n" > "$1/etc/systemd/system/tests.target"
mkdir "$1/old"
cd "$1"
pivot_root . old
umount -l old
rmdir old
mount --make-rshared /
echo mounted
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=tests.target --show-status=no
' sh "$@"`;

/** A writable copy of Debian 12 in a mount namespace, with the usual mounts. */
export class Debian implements AsyncDisposable {
  readonly #holder: Deno.ChildProcess;
  readonly #enter: readonly string[];
  /** The cgroup of systemd. */
  readonly #cgroup: string | null;

  private constructor(holder: Deno.ChildProcess, enter: readonly string[], cgroup: string | null) {
    this.#holder = holder;
    this.#enter = enter;
    this.#cgroup = cgroup;
  }

  /** Mounts it. Its processes are in the namespaces of the test, but for mounts. */
  static async start(files: TemporaryDirectory): Promise<Debian> {
    const root = join(files.path, "root");
    const lower = await debianDirectory("bookworm", PACKAGES);
    const args = ["--mount", "--propagation=private", "sh", "-ec", HOLD, "sh", root, lower];
    const holder = await holderOf("unshare", args);
    return new Debian(holder, [`--target=${holder.pid}`, "--mount", "chroot", root], null);
  }

  /** Mounts it, and starts its systemd in namespaces of all kinds but users. */
  static async boot(files: TemporaryDirectory): Promise<Debian> {
    const root = join(files.path, "root");
    const lower = await debianDirectory("bookworm", PACKAGES);
    const mount = /^(?:\S+ ){4}(\S+) .* - cgroup2 /m.exec(Deno.readTextFileSync("/proc/self/mountinfo"))?.[1];
    assert.ok(mount, "no cgroup v2 hierarchy is mounted");
    const cgroup = `${mount}/ktop-test-systemd-${Deno.pid}`;
    await Deno.mkdir(cgroup);
    const holder = await holderOf("sh", ["-ec", BOOT, "sh", root, lower, cgroup]);
    const children = await Deno.readTextFile(`/proc/${holder.pid}/task/${holder.pid}/children`);
    const namespaces = ["mount", "pid", "net", "uts", "ipc", "cgroup"].map((name) => `--${name}`);
    const debian = new Debian(
      holder,
      [`--target=${children.trim()}`, ...namespaces, "env", "--chdir=/"],
      cgroup,
    );
    await until(
      "the start of systemd",
      () => debian.shell("systemctl is-active tests.target || true"),
      (state) => state === "active\n",
    );
    return debian;
  }

  /** The command that runs a program in it. */
  command(argv: readonly string[]): string[] {
    return ["nsenter", ...this.#enter, ...argv];
  }

  /** Runs a shell command in it and returns its standard output. */
  async shell(command: string): Promise<string> {
    const [program, ...args] = this.command(["bash", "-ec", command]);
    const { code, stdout, stderr } = await new Deno.Command(program!, {
      args,
      clearEnv: true,
      cwd: "/",
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8", MANPAGER: "cat" },
    }).output();
    assert.equal(code, 0, `${command}: ${decode(stdout)}${decode(stderr)}`);
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
    if (this.#cgroup !== null) await removeCgroups(this.#cgroup);
  }
}

/** Starts a command that keeps mounts, and waits until it has made them. */
async function holderOf(command: string, args: readonly string[]): Promise<Deno.ChildProcess> {
  const holder = new Deno.Command(command, { args: [...args], stdout: "piped" }).spawn();
  const reader = holder.stdout.getReader();
  const { value } = await reader.read();
  assert.equal(decode(value ?? new Uint8Array()), "mounted\n");
  await reader.cancel();
  return holder;
}

/** Removes a cgroup and those below it, once their processes have ended. */
async function removeCgroups(directory: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (isDirectory) await removeCgroups(`${directory}/${name}`);
  }
  const events = () => Deno.readTextFile(`${directory}/cgroup.events`);
  await until("the end of the cgroup's processes", events, (text) => text.includes("populated 0"));
  await Deno.remove(directory);
}
