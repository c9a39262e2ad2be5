/**
 * The command line: exit codes, messages, formats, and how runs end.
 *
 * @module
 */
import assert from "node:assert/strict";
import { BpfObject } from "../../src/bpf/mod.ts";
import type { TierName } from "../../src/model/mod.ts";
import { DEFAULT_PANES, TOOLS } from "../../src/tools/mod.ts";
import { mapBytesOf } from "../support/kernel_maps.ts";
import { ktop, ktopCommand, RunningKtop, WITHOUT_BPF } from "../support/ktop.ts";
import { losses, rowsOf } from "../support/ticks.ts";
import { killIfAlive } from "../support/tmux.ts";
import { Workload } from "../support/workload.ts";
import "./bpf_fixture.ts";

// deno-lint-ignore no-control-regex -- escape sequences are what must not appear
const ESCAPE_SEQUENCE = /\x1b/;

/** Fails unless ktop exits with the code, no standard output and the message. */
async function assertRefused(args: readonly string[], code: number, says: RegExp): Promise<void> {
  const run = await ktop(args);
  assert.deepEqual({ args, code: run.code, stdout: run.stdout }, { args, code, stdout: "" });
  assert.match(run.stderr, says);
  assert.ok(run.stderr.trimEnd().split("\n").length <= 2, run.stderr);
}

Deno.test("ktop exits with 2 and the nearest name for an unknown tool", async () => {
  await assertRefused(["vfstat"], 2, /^ktop: Unknown tool "vfstat"\. Did you mean vfsstat\?\n$/);
});

Deno.test("ktop exits with 2 and the nearest name for an unknown flag", async () => {
  await assertRefused(["vfsstat", "--jsn"], 2, /^ktop: unknown option '--jsn'.*--json/);
  await assertRefused(["--pnaes", "filetop"], 2, /--panes/);
});

Deno.test("ktop exits with 2 and the accepted values for a bad number", async () => {
  await assertRefused(["vfsstat", "0.05"], 2, /0\.1 to 3600 seconds/);
  await assertRefused(["vfsstat", "abc"], 2, /0\.1 to 3600 seconds/);
  await assertRefused(["vfsstat", "-i", "3601"], 2, /0\.1 to 3600 seconds/);
  await assertRefused(["vfsstat", "1", "0"], 2, /whole number/);
  await assertRefused(["vfsstat", "-p", "1x"], 2, /whole number/);
  await assertRefused(["runqslower", "-5"], 2, /-5/);
  await assertRefused(["filetop", "-s", "size"], 2, /reads.*wbytes/);
});

Deno.test("ktop exits with 2 and the nearest name for an unknown column", async () => {
  await assertRefused(["filetop", "--fields", "raeds"], 2, /no column "raeds"\. Did you mean reads\?/);
  await assertRefused(["vfsstat", "--sort", "wrte"], 2, /Did you mean write\?/);
  await assertRefused(
    ["opensnoop", "--by", "pth"],
    2,
    /^ktop: opensnoop has no column "pth"\. Did you mean path\?/,
  );
});

Deno.test("ktop exits with 2 for a tool or a column that cannot be grouped", async () => {
  await assertRefused(
    ["fsslower", "--by", "lat_ms"],
    2,
    /cannot be grouped by lat_ms, only by names and ids\./,
  );
  await assertRefused(["vfsstat", "--by", "read"], 2, /^ktop: vfsstat has no rows to group\.\n$/);
  await assertRefused(["-b", "--by", "coom"], 2, /"coom"\. Did you mean comm\?/);
  await assertRefused(["record", "--by", "comm", "-"], 2, /--by has no effect on record/);
  await assertRefused(["readpath", "--folded", "--by", "func"], 2, /--by has no effect on --folded/);
  await assertRefused(["vfsstat", "--fields", "read,READ/s"], 2, /--fields names read twice/);
  await assertRefused(["vfsstat", "--fields", ","], 2, /at least one column/);
});

Deno.test("ktop exits with 2 for options that exclude each other", async () => {
  await assertRefused(["vfsstat", "--json", "--csv"], 2, /exclude each other/);
  await assertRefused(["filetop", "--read-only", "--write-only"], 2, /exclude each other/);
  await assertRefused(["--panes", "filetop,nonsense"], 2, /Unknown tool "nonsense"/);
});

Deno.test("ktop exits with 2 and attaches nothing for a tool given twice and for more panes than the screen has", async () => {
  await assertRefused(["--panes", "vfsstat,vfsstat"], 2, /^ktop: --panes takes each tool once, .*\n$/);
  await assertRefused(
    ["record", "-", "--tools", "vfsstat,vfsstat"],
    2,
    /^ktop: --tools takes each tool once, .*\n$/,
  );
  for (const count of [30, 3000]) {
    const list = Array(count).fill("vfsstat").join(",");
    for (const args of [["--panes", list], ["config", "--panes", list], ["--panes", list, "record", "-"]]) {
      await assertRefused(args, 2, /^ktop: --panes takes at most 9 tools, and \d+ are given\.\n$/);
    }
  }
});

Deno.test("ktop exits with 1 and names a process or directory that does not exist", async () => {
  await assertRefused(["vfsstat", "-p", "4194304"], 1, /There is no process 4194304\./);
  await assertRefused(["filetop", "-d", "/nonexistent"], 1, /\/nonexistent does not exist/);
  await assertRefused(["filetop", "-d", "/etc/passwd"], 1, /not a directory/);
  await assertRefused(["vfsstat", "--cgroup", "/etc"], 1, /not a cgroup v2 directory/);
});

Deno.test("ktop exits with 4 and names the missing feature when this kernel does not support the tier", async () => {
  const features = JSON.parse((await ktop(["doctor", "--json"])).stdout).features;
  for (const tier of ["fentry", "kprobe"] as const) {
    if (features[tier].answer === "yes") continue;
    await assertRefused(
      ["vfsstat", "--tier", tier],
      4,
      tier === "kprobe" ? /CONFIG_KPROBES/ : /fentry|ftrace/,
    );
  }
});

Deno.test("dcstat exits with 4 and the reason when the kernel has neither fentry nor kprobes", async () => {
  const list = JSON.parse((await ktop(["list", "--json"])).stdout);
  const dcstat = list.tools.find(({ tool }: { tool: string }) => tool === "dcstat");
  if (dcstat.tier === null) await assertRefused(["dcstat"], 4, /CONFIG_KPROBES/);
  else assert.equal((await ktop(["dcstat", "0.1", "1"])).code, 0);
});

Deno.test("ktop exits with 3 and names the missing capabilities", async () => {
  const run = await ktop(["vfsstat", "0.1", "1"], WITHOUT_BPF);
  assert.equal(run.code, 3, run.stderr);
  assert.match(run.stderr, /CAP_BPF/);
});

Deno.test("vfsstat INTERVAL COUNT prints its header and COUNT lines of numbers", async () => {
  const { code, stdout, stderr } = await ktop(["vfsstat", "0.1", "3"]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  assert.match(lines[0]!, /^vfsstat: .*\(tier \w+\)/);
  assert.match(
    lines[1]!,
    /^TIME +READ\/s +WRITE\/s +FSYNC\/s +OPEN\/s +CREATE\/s +UNLINK\/s +MKDIR\/s +RMDIR\/s$/,
  );
  assert.equal(lines.length, 2 + 3);
  for (const line of lines.slice(2)) assert.match(line, /^\d\d:\d\d:\d\d( +[<\d][\d.]*){8}$/);
});

Deno.test("--duration ends a run with a shorter last interval", async () => {
  const { code, stdout } = await ktop(["vfsstat", "--json", "-i", "0.2", "--duration", "0.5"]);
  const ticks = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([code, ticks.length], [0, 3]);
});

Deno.test("SIGINT, SIGTERM and SIGHUP end a run with 0 and no message", async () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"]);
    await run.tick();
    const { code, stderr } = await run.finish(signal);
    assert.deepEqual({ signal, code, stderr }, { signal, code: 0, stderr: "" });
  }
});

Deno.test("a run under nohup survives SIGHUP and ends at SIGTERM", async () => {
  const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"], { through: ["nohup"] });
  await run.tick();
  Deno.kill(run.pid, "SIGHUP");
  for (let i = 0; i < 3; i++) await run.tick();
  assert.equal((await run.finish("SIGTERM")).code, 0);
});

/** Runs a command whose standard output is a full pipe without a reader. */
const STALLED = [
  "bash",
  "-c",
  'd=$(mktemp -d); mkfifo "$d/p"; exec 3<>"$d/p"; rm -r "$d"; head -c 65536 /dev/zero >&3; exec "$@" >&3',
  "stalled",
];

/** Whether a thread of a process is in a write to standard output (proc_pid_syscall(5)). */
function isWriting(pid: number): boolean {
  return Array.from(Deno.readDirSync(`/proc/${pid}/task`)).some(({ name }) => {
    try {
      return /^\d+ 0x1 /.test(Deno.readTextFileSync(`/proc/${pid}/task/${name}/syscall`));
    } catch {
      return false; // the thread has ended
    }
  });
}

Deno.test("SIGTERM ends a run whose reader has stopped reading, with 0 and a message", async () => {
  const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"], { through: STALLED });
  while (!isWriting(run.pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  const { code, stderr } = await run.end("SIGTERM");
  assert.deepEqual([code, stderr], [
    0,
    "ktop: the reader of standard output stopped reading; the last lines were dropped\n",
  ]);
});

/** Copies a line, then at most 64 KiB every 150 ms. */
const SLOW_READER = "$| = 1; print scalar <STDIN>; " +
  "while (sysread(STDIN, $text, 65536)) { print $text; select(undef, undef, undef, 0.15) }";

/** Runs a command with that reader. */
const SLOW = ["bash", "-c", `exec "$@" > >(exec perl -e '${SLOW_READER}')`, "slow"];

Deno.test("a slow reader receives everything after SIGINT, however long it takes", async () => {
  const made = 40_009;
  const work = await Workload.start("flood", [String(made)]);
  const run = new RunningKtop(["opensnoop", "--json", "-i", "1", "-p", String(work.pid)], { through: SLOW });
  await run.tick();
  await work.run();
  const { ticks, code, stderr } = await run.finish();
  assert.deepEqual([code, stderr], [0, ""]);
  assert.equal(rowsOf(ticks).length + losses(ticks).events, made);
});

Deno.test("a second SIGINT ends a run at once when its reader has stopped reading", async () => {
  const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"], { through: STALLED });
  while (!isWriting(run.pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  Deno.kill(run.pid, "SIGINT");
  // Repeated: until the first signal has removed the handler, the second has no effect.
  const again = setInterval(() => killIfAlive(run.pid, "SIGINT"), 50);
  const { code, stderr } = await run.end("SIGINT").finally(() => clearInterval(again));
  assert.deepEqual([code, stderr], [130, ""]);
});

Deno.test("ktop exits with 1 and a message when standard output is full", async () => {
  const through = ["sh", "-c", 'exec "$@" > /dev/full', "full"];
  for (const args of [["vfsstat", "0.1", "2"], ["list"]]) {
    const { code, stderr } = await ktop(args, { through });
    assert.deepEqual([code, stderr.split("\n")[0]], [
      1,
      "ktop: Cannot write to standard output: no space is left on the device.",
    ]);
  }
});

Deno.test("a closed pipe ends a run with 0 and no message", async () => {
  const child = ktopCommand(["vfsstat", "--json", "-i", "0.1"]).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  assert.deepEqual([(await child.status).code, await new Response(child.stderr).text()], [0, ""]);
});

Deno.test("--fields selects and orders columns, and --csv puts the columns of the tick before them", async () => {
  const { stdout } = await ktop(["vfsstat", "--csv", "--fields", "open,READ/s", "0.1", "2"]);
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines[0], "tick_time,interval_s,tier,lost_events,lost_keys,open,read,lost_runs");
  assert.equal(lines.length, 3);
  assert.match(lines[1]!, /^\d{4}-\d\d-\d\dT[\d:.]+Z,0\.\d+,\w+,0,0,\d+,\d+,0$/);
});

Deno.test("ktop without a terminal prints the panes as plain text without escape sequences", async () => {
  const { code, stdout, stderr } = await ktop(["-i", "0.1", "--count", "2"], {
    env: { TERM: "xterm-256color" },
  });
  assert.equal(code, 0);
  assert.match(stderr, /^(ktop: \w+ cannot run here: \w+ replaces it\. ktop doctor shows why\.\n)?$/);
  assert.doesNotMatch(stdout, ESCAPE_SEQUENCE);
  assert.equal(stdout.split("\n").filter((line) => line.startsWith("== ")).length, 2 * 4);
});

Deno.test("--json without a tool prints one line for each running tool and interval", async () => {
  const { stdout } = await ktop(["--json", "-i", "0.1", "--count", "2", "--panes", "vfsstat,runqslower"]);
  const tools = stdout.trimEnd().split("\n").map((line) => JSON.parse(line).tool);
  assert.deepEqual(tools, ["vfsstat", "runqslower", "vfsstat", "runqslower"]);
});

Deno.test("--json without a tool reports on standard error which tools are left out, and exits with 4 when all are", async () => {
  const list = JSON.parse((await ktop(["list", "--json"])).stdout).tools;
  const { tool } = list.find(({ tier }: { tier: string | null }) => tier === null) ?? {};
  if (tool === undefined) return; // this kernel runs every tool
  const some = await ktop(["--json", "-i", "0.1", "--count", "1", "--panes", `${tool},vfsstat`]);
  assert.equal(some.code, 0);
  assert.match(some.stderr, new RegExp(`^ktop: ${tool} is left out: .*CONFIG_\\w+.*\n$`));
  for (const format of ["--json", "--batch"]) {
    assert.equal((await ktop([format, "-i", "0.1", "--count", "1", "--panes", tool])).code, 4);
  }
});

Deno.test("help prints what --help prints, for ktop, tools and commands", async () => {
  for (const words of [[], ["vfsstat"], ["ext4slower"], ["record"]]) {
    const run = await ktop(["help", ...words]);
    assert.deepEqual(run, await ktop([...words, "--help"]));
    assert.match(run.stdout, /^Usage: ktop /);
  }
  const unknown = await ktop(["help", "vfstat"]);
  assert.deepEqual([unknown.code, unknown.stderr], [
    2,
    'ktop: Unknown tool "vfstat". Did you mean vfsstat?\n',
  ]);
});

Deno.test("record refuses options that choose columns, order or format, and its help leaves them out", async () => {
  const { stdout } = await ktop(["record", "--help"]);
  for (
    const [option, ...value] of [["--csv"], ["--csv-exact"], ["--fields", "pid"], ["--sort", "pid"], [
      "--by",
      "pid",
    ]]
  ) {
    const { code, stderr } = await ktop(["record", "/nonexistent/file", option!, ...value]);
    assert.deepEqual([code, stderr], [
      2,
      `ktop: ${option} has no effect on record, which records every column of every row.\n`,
    ]);
    assert.ok(!stdout.includes(`${option} `));
  }
});

Deno.test("doctor reports without capabilities, in one line, that it needs root", async () => {
  const { stdout } = await ktop(["doctor"], WITHOUT_BPF);
  const [features] = stdout.split("\nTools");
  assert.equal(features!.match(/as root/g)?.length, 1);
});

Deno.test("doctor prints the caveat of each tool's tier as it is written", async () => {
  const { tools } = JSON.parse((await ktop(["list", "--json"])).stdout);
  const lines = (await ktop(["doctor"])).stdout.split("\n");
  for (const { tool, tier } of tools) {
    const caveat = tier === null
      ? undefined
      : TOOLS.find(({ name }) => name === tool)!.caveats[tier as TierName];
    if (caveat === undefined) continue;
    assert.ok(
      lines.some((line) => line.startsWith(`  ${tool} `) && line.endsWith(caveat)),
      `${tool}: ${caveat}`,
    );
  }
});

Deno.test("a default pane that this kernel cannot run is named in one line, and yields its place to biolatency with -b", async () => {
  const list = JSON.parse((await ktop(["list", "--json"])).stdout).tools;
  const isDefault = ({ tool }: { tool: string }): boolean => DEFAULT_PANES.includes(tool);
  const missing = list.filter(({ tier }: { tier: string | null }) => tier === null).find(isDefault)?.tool;
  const run = ["-i", "0.1", "--count", "1"];
  const batch = await ktop(["--batch", ...run]);
  const json = await ktop(["--json", ...run]);
  assert.deepEqual([batch.code, json.code], [0, 0]);
  const shown = DEFAULT_PANES.map((tool) => tool === missing ? "biolatency" : tool);
  assert.deepEqual([...batch.stdout.matchAll(/^== (\w+) /gm)].map(([, tool]) => tool), shown);
  const tools = json.stdout.trimEnd().split("\n").map((line) => JSON.parse(line).tool);
  assert.deepEqual(tools, DEFAULT_PANES.filter((tool) => tool !== missing));
  if (missing === undefined) return assert.equal(batch.stderr + json.stderr, "");
  assert.equal(
    batch.stderr,
    `ktop: ${missing} cannot run here: biolatency replaces it. ktop doctor shows why.\n`,
  );
  assert.equal(
    json.stderr,
    `ktop: ${missing}: left out, because it cannot run here. ktop doctor shows why.\n`,
  );
});

Deno.test("list and doctor report without capabilities that tiers are assumed, and which capabilities are missing", async () => {
  const list = await ktop(["list", "--json"], WITHOUT_BPF);
  assert.equal(JSON.parse(list.stdout).assumed, true);
  assert.match(list.stderr, /cannot be probed without CAP_BPF and CAP_PERFMON: the tiers are assumed/);
  assert.match(
    (await ktop(["doctor"], WITHOUT_BPF)).stdout,
    /capabilities +no +missing CAP_BPF and CAP_PERFMON\. Run it as root/,
  );
  const root = await ktop(["list", "--json"]);
  assert.deepEqual([JSON.parse(root.stdout).assumed, root.stderr], [false, ""]);
});

Deno.test("--help and --version exit with 0", async () => {
  const help = await ktop(["--help"]);
  assert.equal(help.code, 0);
  for (const word of ["filetop", "doctor", "--tier", "Exit codes"]) {
    assert.ok(help.stdout.includes(word), word);
  }
  const version = await ktop(["--version"]);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal((await ktop(["runqslower", "--help"])).code, 0);
});

Deno.test("doctor --json has an answer for each feature, and a tier or a reason for each tool", async () => {
  const { code, stdout } = await ktop(["doctor", "--json"]);
  assert.equal(code, 0);
  const { features, tools } = JSON.parse(stdout);
  for (const [name, probe] of Object.entries<{ answer: string }>(features)) {
    assert.match(probe.answer, /^(yes|no|inconclusive)$/, name);
  }
  for (const { tool, tier, reason } of tools) assert.ok(tier !== null || reason !== "", tool);
});

Deno.test("doctor reports the kernel memory that the maps of a running tool take", async () => {
  const { tools } = JSON.parse((await ktop(["doctor", "--json"])).stdout);
  const shared = Deno.build.arch === "x86_64" ? (await BpfObject.measureMaps("syscalls"))! : 0;
  const measured = tools.find(({ tool }: { tool: string }) => tool === "opensnoop");
  for (
    // The screen's ring buffer, and the larger one of other output where memory is not scarce.
    const [options, bytes, ring] of [[["--max-memory", "16"], measured.map_bytes, 4], [
      [],
      measured.output_map_bytes,
      16,
    ]]
  ) {
    const run = new RunningKtop(["opensnoop", "--json", "-i", "0.1", ...options]);
    await run.tick();
    const running = mapBytesOf(run.pid);
    await run.finish();
    assert.equal(bytes + shared, running);
    assert.ok(bytes > ring * 1024 * 1024 && bytes < (ring + 1) * 1024 * 1024, `${bytes}`);
  }
  const { stdout } = await ktop(["doctor"]);
  assert.match(
    stdout,
    /^Kernel memory of maps and ring buffers.*\n(?: {2}\w+ +[\d.]+[KM](?: +[\d.]+[KM] for text, --json and --csv)?\n){10,20} {2}default panes +[\d.]+M\n/m,
  );
});

Deno.test("list and doctor name each of the twenty tools once, with its aliases", async () => {
  const aliases = (kind: string): string[] => ["ext4", "xfs", "btrfs"].map((type) => `${type}${kind}`);
  for (const command of ["list", "doctor"]) {
    const { tools } = JSON.parse((await ktop([command, "--json"])).stdout);
    assert.equal(new Set(tools.map(({ tool }: { tool: string }) => tool)).size, 20, command);
    assert.equal(tools.length, 20, command);
    const others = tools.filter((entry: { aliases: string[] }) => entry.aliases.length > 0);
    assert.deepEqual(
      others.map((entry: { tool: string; aliases: string[] }) => [entry.tool, entry.aliases]),
      [["fsslower", aliases("slower")], ["fsdist", aliases("dist")]],
    );
    const { stdout } = await ktop([command]);
    assert.match(stdout, /^ *fsslower .*also ext4slower, xfsslower, btrfsslower/m);
    assert.doesNotMatch(stdout, /^ *ext4slower/m);
  }
});

Deno.test("--help exits with 0 when the reader of its output has exited", async () => {
  const child = ktopCommand(["--help"]).spawn();
  await child.stdout.cancel();
  const { code, stderr } = {
    code: (await child.status).code,
    stderr: await new Response(child.stderr).text(),
  };
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
});
