/**
 * What scripts/package makes: the same bytes from the same files, and a Debian package that installs and leaves nothing.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { run } from "../lab/pins.ts";
import { Debian } from "../roots/debian.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { shellCommand } from "../support/shell.ts";
import { Tmux } from "../support/tmux.ts";

const ROOT = join(import.meta.dirname!, "../..");
/** What is built without a time, so that the first copy need not build it again. */
const MADE = ["build/bpf", "build/objects", "build/fixtures", "build/native", "build/lib"];
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Copies into a directory: the files of this working tree, Deno, and of the built files those of `made`. */
async function copyTree(to: string, made: readonly string[] = []): Promise<void> {
  const files = `git -C "$1" ls-files -z --cached --others --exclude-standard`;
  await run("sh", ["-ec", `${files} | tar -C "$1" --null -T - -c | tar -C "$2" -x`, "sh", ROOT, to]);
  // Hard links, because the bundle contains real module paths.
  const parts = [...Deno.readDirSync(join(ROOT, ".deno"))].map(({ name }) => name);
  await Deno.mkdir(join(to, ".deno"));
  for (const part of parts.filter((name) => name !== "lab" && name !== "roots")) {
    await run("cp", ["-al", join(ROOT, ".deno", part), join(to, ".deno", part)]);
  }
  await Deno.mkdir(join(to, "build"));
  for (const path of made) await run("cp", ["-a", join(ROOT, path), join(to, path)]);
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

// In copies, because these packages must not stay in dist. The second is built from scratch; its spaces test quoting.
// Not `await using`: the scope of the module ends before its tests run.
const copy = await TemporaryDirectory.make("ktop-packages-", join(ROOT, "build"));
globalThis.addEventListener("unload", () => Deno.removeSync(copy.path, { recursive: true }));
await copyTree(copy.path, MADE);
await using elsewhere = await TemporaryDirectory.make("else where ", join(ROOT, "build"));
await copyTree(elsewhere.path);
const packages = await packagesOf(copy.path);
const again = await packagesOf(elsewhere.path);
const named = (ending: string): string => {
  const name = [...packages.keys()].find((each) => each.endsWith(ending));
  assert.ok(name, `no ${ending} in ${[...packages.keys()]}`);
  return join(copy.path, "dist", name);
};

Deno.test("scripts/package makes the same bytes from the same files in another directory", () => {
  assert.equal(packages.size, 3);
  assert.deepEqual(again, packages);
});

Deno.test("the checksums of SHA256SUMS are those of the packages", async () => {
  await run("env", ["-C", join(copy.path, "dist"), "sha256sum", "--check", "--strict", "SHA256SUMS"]);
});

Deno.test("lintian reports nothing about the Debian package", async () => {
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
