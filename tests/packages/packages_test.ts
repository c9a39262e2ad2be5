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
import { parseMetrics, type Scrape } from "../support/metrics.ts";
import { shellCommand } from "../support/shell.ts";
import { Tmux, until } from "../support/tmux.ts";

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
    "systemd/",
    "systemd/ktop-record.service",
    "systemd/ktop-serve.service",
    "systemd/ktop-serve.socket",
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

/** The units of the package. */
const UNITS = ["ktop-record.service", "ktop-serve.service", "ktop-serve.socket"];

/** A command that writes so many bytes, one at a time, and a drop-in with which ktop-serve counts it alone. */
const WRITES = 97;
const WRITER = `/root/prime-writer if=/dev/zero of=/root/written bs=1 count=${WRITES} status=none`;
const DROP_IN = `[Service]
ExecStart=
ExecStart=/usr/bin/ktop serve --tools filetop --comm prime-writer
RestartSec=1
`;

/** The lines of /proc/PID/status of a unit's process, by name. */
async function statusOf(debian: Debian, unit: string): Promise<Map<string, string>> {
  const text = await debian.shell(`cat /proc/$(systemctl show --property=MainPID --value ${unit})/status`);
  return new Map(
    text.trim().split("\n").map((line) => line.split(":\t")).map(([name, value]) => [name!, value!]),
  );
}

/** The state of a unit: active, inactive, failed. */
const stateOf = async (debian: Debian, unit: string): Promise<string> =>
  (await debian.shell(`systemctl is-active ${unit} || true`)).trim();

/** Checks that a process is not root's, has no capability but CAP_BPF, which old kernels need, and cannot get any. */
function assertUnprivileged(status: ReadonlyMap<string, string>): void {
  const [uid, ...others] = status.get("Uid")!.split("\t");
  assert.ok(Number(uid) >= 61_184 && Number(uid) <= 65_519 && others.every((id) => id === uid), uid); // systemd's range
  const CAP_BPF = 1n << 39n;
  for (const set of ["CapInh", "CapPrm", "CapEff", "CapAmb"]) {
    assert.equal(BigInt(`0x${status.get(set)}`) & ~CAP_BPF, 0n, set);
  }
  assert.deepEqual([status.get("NoNewPrivs"), status.get("Seccomp")], ["1", "2"]);
}

/** The metrics; null before ktop listens. */
async function scrape(debian: Debian): Promise<Scrape | null> {
  const request = `printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3`;
  const text = await debian.shell(`(exec 3<> /dev/tcp/127.0.0.1/9433 && ${request}) 2> /dev/null || true`);
  return text === "" ? null : parseMetrics(text.replace(/^[^]*?\r\n\r\n/, ""));
}

Deno.test("the units of the Debian package are disabled, measure under systemd without privileges, and end with the package", async (t) => {
  await using files = await TemporaryDirectory.make();
  await using debian = await Debian.boot(files);
  const paths = `${PATHS} | grep -v -x /var/lib/private`; // made by systemd
  const before = await debian.shell(paths);
  await debian.put(named(".deb"), "/root/ktop.deb");
  await debian.shell("dpkg --install /root/ktop.deb && rm /root/ktop.deb");
  await debian.shell(`mkdir /run/systemd/system/ktop-serve.service.d
cp /bin/dd /root/prime-writer
cat > /run/systemd/system/ktop-serve.service.d/test.conf <<'E'
${DROP_IN}E
systemctl daemon-reload`);

  await t.step("installing enables and starts nothing", async () => {
    for (const unit of UNITS) {
      assert.equal((await debian.shell(`systemctl is-enabled ${unit} || true`)).trim(), "disabled");
      assert.equal(await stateOf(debian, unit), "inactive");
    }
  });
  await t.step("ktop-serve counts exactly the writes of a command", async () => {
    await debian.shell("systemctl start ktop-serve");
    const up = (metrics: Scrape | null): boolean =>
      [...metrics ?? []].some(([key, value]) => key.startsWith('ktop_tool_up{tool="filetop"') && value === 1);
    await until("metrics of filetop", () => scrape(debian), up);
    assertUnprivileged(await statusOf(debian, "ktop-serve"));
    await debian.shell(WRITER);
    const sum = (metrics: Scrape | null, name: string): number =>
      [...metrics ?? []].reduce((total, [key, value]) => key.startsWith(name) ? total + value : total, 0);
    const seen = await until(
      "the last write",
      () => scrape(debian),
      (now) => sum(now, "ktop_filetop_writes_total{") >= WRITES,
    );
    const counted = ["writes_total", "write_bytes_total"].map((name) => sum(seen, `ktop_filetop_${name}{`));
    assert.deepEqual(counted, [WRITES, WRITES]);
    const journal = await debian.shell("journalctl --unit=ktop-serve --output=cat");
    assert.match(journal, /^Metrics are at http:\/\/127\.0\.0\.1:9433\/metrics$/m);
  });
  await t.step("ktop-record records, and only root reads it", async () => {
    await debian.shell("systemctl start ktop-record");
    await until(
      "a segment",
      () => debian.shell("find /var/lib/private/ktop -name '*.gz' -size +0 2> /dev/null || true"),
      (names) => names !== "",
    );
    assertUnprivileged(await statusOf(debian, "ktop-record"));
    await debian.shell("systemctl stop ktop-record");
    assert.equal(await stateOf(debian, "ktop-record"), "inactive");
    assert.equal(await debian.shell("find /var/lib/private /var/lib/private/ktop/* -perm /077"), "");
    const ticks = await debian.shell("ktop replay /var/lib/ktop/ vfsstat --json");
    assert.match(ticks, /^(?:\{"v":1,"tool":"vfsstat",.*\}\n)+$/);
  });
  await t.step("a killed unit is started again", async () => {
    await debian.shell("systemctl kill --signal=KILL ktop-serve");
    await until(
      "the restart",
      () => debian.shell("systemctl show --property=NRestarts,SubState ktop-serve"),
      (text) => text === "NRestarts=1\nSubState=running\n",
    );
  });
  await t.step("a scrape of ktop-serve.socket starts ktop-serve with its socket", async () => {
    await debian.shell("systemctl stop ktop-serve && systemctl start ktop-serve.socket");
    assert.equal(await stateOf(debian, "ktop-serve"), "inactive");
    assert.equal((await scrape(debian))!.get('ktop_lost_events_total{tool="filetop"}'), 0);
    assert.equal(await stateOf(debian, "ktop-serve"), "active");
    assertUnprivileged(await statusOf(debian, "ktop-serve"));
    const pid = "systemctl show --property=MainPID --value ktop-serve";
    const sockets = await debian.shell(
      `readlink /proc/$(${pid})/fd/3 /proc/1/fd/* | grep '^socket' | sort | uniq -d`,
    );
    assert.match(sockets, /^socket:\[\d+\]\n$/, "descriptor 3 is one of systemd's");
    await debian.shell("systemctl stop ktop-serve");
    assert.equal((await scrape(debian))!.get('ktop_lost_events_total{tool="filetop"}'), 0);
  });
  await t.step("removing stops the units, purging leaves nothing", async () => {
    await debian.shell("systemctl enable --now ktop-record ktop-serve ktop-serve.socket");
    await debian.shell("dpkg --remove ktop");
    for (const unit of UNITS) assert.equal(await stateOf(debian, unit), "inactive");
    assert.match(await debian.shell("ls /var/lib/private/ktop"), /\.gz$/m);
    await debian.shell("dpkg --purge ktop && rm /root/written /root/prime-writer");
    assert.deepEqual((await debian.shell(paths)).split("\n"), before.split("\n"));
  });
});
