/**
 * What scripts/package makes: the same bytes from the same files, and a Debian package that installs and leaves nothing.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../lab/pins.ts";
import { debianDirectory } from "../roots/roots.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { shellCommand } from "../support/shell.ts";
import { Tmux } from "../support/tmux.ts";

const ROOT = join(import.meta.dirname!, "../..");
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Copies the files of this working tree, without those that are made, into a directory. */
async function copyTree(to: string): Promise<void> {
  const files = `git -C "$1" ls-files -z --cached --others --exclude-standard`;
  await run("sh", ["-ec", `${files} | tar -C "$1" --null -T - -c | tar -C "$2" -x`, "sh", ROOT, to]);
  // Deno and its cache. The bundle names modules by their real paths from the root: no symbolic link.
  const parts = [...Deno.readDirSync(join(ROOT, ".deno"))].map(({ name }) => name);
  await Deno.mkdir(join(to, ".deno"));
  for (const part of parts.filter((name) => name !== "lab" && name !== "roots")) {
    await run("cp", ["-al", join(ROOT, ".deno", part), join(to, ".deno", part)]);
  }
}

/** Makes the packages of a tree, all files with this time, and returns their checksums by name. */
async function packagesOf(tree: string): Promise<Map<string, string>> {
  const { success, stderr } = await new Deno.Command(join(tree, "scripts/package"), {
    env: { SOURCE_DATE_EPOCH: "1700000000", KTOP_MAINTAINER: "" },
  }).output();
  assert.ok(success, decode(stderr));
  const sums = await Deno.readTextFile(join(tree, "dist/SHA256SUMS"));
  return new Map(sums.trim().split("\n").map((line) => line.split("  ")).map(([sum, name]) => [name!, sum!]));
}

await using elsewhere = await TemporaryDirectory.make("else where ", join(ROOT, "build"));
await copyTree(elsewhere.path);
const packages = await packagesOf(ROOT);
const again = await packagesOf(elsewhere.path);
const named = (ending: string): string => {
  const name = [...packages.keys()].find((each) => each.endsWith(ending));
  assert.ok(name, `no ${ending} in ${[...packages.keys()]}`);
  return join(ROOT, "dist", name);
};

Deno.test("scripts/package makes the same bytes from the same files in another directory", () => {
  assert.equal(packages.size, 3);
  assert.deepEqual(again, packages);
});

Deno.test("the checksums of SHA256SUMS are those of the packages", async () => {
  await run("env", ["-C", join(ROOT, "dist"), "sha256sum", "--check", "--strict", "SHA256SUMS"]);
});

Deno.test("lintian has nothing to say about the Debian package", async () => {
  const args = ["--allow-root", "--fail-on", "error,warning,info", "--info", named(".deb")];
  const { code, stdout } = await new Deno.Command("lintian", { args }).output();
  assert.deepEqual([code, decode(stdout)], [0, ""]);
});

Deno.test("the archive holds the binary, the manual, completions and the bill of materials, in one directory", async () => {
  const list = decode(await run("tar", ["-tzf", named(".tar.gz")])).trim().split("\n");
  const [top] = list;
  assert.deepEqual(list.map((path) => path.slice(top!.length)).filter((path) => path !== ""), [
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "completions/",
    "completions/_ktop",
    "completions/ktop",
    "completions/ktop.fish",
    "config.toml",
    "ktop",
    `${top!.slice(0, -1)}.spdx.json`,
    "ktop.8",
  ]);
});

/** A writable copy of Debian 12 in a mount namespace, with the usual mounts. */
class Debian implements AsyncDisposable {
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

/** All paths, but those that dpkg(1) itself keeps about any package. */
const PATHS =
  "find / -xdev -not -path '/var/lib/dpkg/*' -not -path '/var/log/*' -not -path '/var/cache/man/*' | sort";

Deno.test("the Debian package installs in Debian 12, works, and leaves nothing when it is purged", async (t) => {
  await using files = await TemporaryDirectory.make();
  await using debian = await Debian.start(files);
  const before = await debian.shell(PATHS);
  await debian.put(named(".deb"), "/root/ktop.deb");
  await debian.shell("dpkg --install /root/ktop.deb && rm /root/ktop.deb");

  await t.step("ktop vfsstat 1 1 prints an interval", async () => {
    assert.match(
      await debian.shell("ktop vfsstat 1 1"),
      /\nTIME +READ\/s .*\n\d\d:\d\d:\d\d( +[\d.]+){8}\n$/,
    );
  });
  await t.step("man ktop shows the manual", async () => {
    assert.match(await debian.shell("man ktop"), /^SYNOPSIS\n +ktop /m);
  });
  await t.step("Tab completes tools and options in bash", async () => {
    const bash = ["bash", "--rcfile", "/usr/share/bash-completion/bash_completion", "-i"];
    await using tmux = await Tmux.start(80, 24, shellCommand(debian.command(bash)));
    await tmux.shows(/#/);
    await tmux.keys("ktop vfss", "Tab", "--dura", "Tab");
    await tmux.shows(/ktop vfsstat --duration/);
  });
  await t.step("every installed file belongs to root, and no one else may write it", async () => {
    assert.equal(
      await debian.shell("find $(dpkg -L ktop) -maxdepth 0 '(' -not -user root -o -perm /022 ')'"),
      "",
    );
  });
  await t.step("purge leaves nothing", async () => {
    await debian.shell("dpkg --remove ktop");
    assert.equal(await debian.shell(PATHS), before);
    await debian.shell("dpkg --purge ktop");
    assert.equal(await debian.shell(PATHS), before);
    assert.equal(await debian.shell("dpkg --list | grep ktop || true"), "");
  });
});
