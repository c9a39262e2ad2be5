/**
 * The command line as a contract: exit codes, messages, formats, ends.
 *
 * @module
 */
import assert from "node:assert/strict";
import { ktop, ktopCommand, RunningKtop } from "../support/ktop.ts";

// deno-lint-ignore no-control-regex -- escape sequences are what must not appear
const ESCAPE_SEQUENCE = /\x1b/;

/** Checks a refusal: its code, nothing on standard output, and what it says. */
async function refuses(args: readonly string[], code: number, says: RegExp): Promise<void> {
  const run = await ktop(args);
  assert.deepEqual({ args, code: run.code, stdout: run.stdout }, { args, code, stdout: "" });
  assert.match(run.stderr, says);
  assert.ok(run.stderr.trimEnd().split("\n").length <= 2, run.stderr);
}

Deno.test("an unknown tool ends with 2 and the nearest name", async () => {
  await refuses(["vfstat"], 2, /^ktop: Unknown tool "vfstat"\. Did you mean vfsstat\?\n$/);
});

Deno.test("an unknown flag ends with 2 and the nearest name", async () => {
  await refuses(["vfsstat", "--jsn"], 2, /^ktop: unknown option '--jsn'.*--json/);
  await refuses(["--pnaes", "filetop"], 2, /--panes/);
});

Deno.test("a bad number ends with 2 and says what is taken", async () => {
  await refuses(["vfsstat", "0.05"], 2, /0\.1 to 3600 seconds/);
  await refuses(["vfsstat", "abc"], 2, /0\.1 to 3600 seconds/);
  await refuses(["vfsstat", "-i", "3601"], 2, /0\.1 to 3600 seconds/);
  await refuses(["vfsstat", "1", "0"], 2, /whole number/);
  await refuses(["vfsstat", "-p", "1x"], 2, /whole number/);
  await refuses(["runqslower", "-5"], 2, /-5/);
  await refuses(["filetop", "-s", "size"], 2, /reads.*wbytes/);
});

Deno.test("a column that does not exist ends with 2 and the nearest name", async () => {
  await refuses(["filetop", "--fields", "raeds"], 2, /no column "raeds"\. Did you mean reads\?/);
  await refuses(["vfsstat", "--sort", "wrte"], 2, /Did you mean write\?/);
  await refuses(["vfsstat", "--fields", "read,READ/s"], 2, /--fields names read twice/);
  await refuses(["vfsstat", "--fields", ","], 2, /at least one column/);
});

Deno.test("contradictions end with 2", async () => {
  await refuses(["vfsstat", "--json", "--csv"], 2, /exclude each other/);
  await refuses(["filetop", "--read-only", "--write-only"], 2, /exclude each other/);
  await refuses(["--panes", "filetop,nonsense"], 2, /Unknown tool "nonsense"/);
});

Deno.test("what does not exist ends with 1 and is named", async () => {
  await refuses(["vfsstat", "-p", "4194304"], 1, /There is no process 4194304\./);
  await refuses(["filetop", "-d", "/nonexistent"], 1, /\/nonexistent does not exist/);
  await refuses(["filetop", "-d", "/etc/passwd"], 1, /not a directory/);
  await refuses(["vfsstat", "--cgroup", "/etc"], 1, /not a cgroup v2 directory/);
});

Deno.test("a forced tier that this kernel lacks ends with 4 and names what is missing", async () => {
  const features = JSON.parse((await ktop(["doctor", "--json"])).stdout).features;
  for (const tier of ["fentry", "kprobe"] as const) {
    if (features[tier].answer === "yes") continue;
    await refuses(["vfsstat", "--tier", tier], 4, tier === "kprobe" ? /CONFIG_KPROBES/ : /fentry|ftrace/);
  }
});

Deno.test("dcstat ends with 4 and says why when neither fentry nor kprobes can be had", async () => {
  const list = JSON.parse((await ktop(["list", "--json"])).stdout);
  const dcstat = list.tools.find(({ tool }: { tool: string }) => tool === "dcstat");
  if (dcstat.tier === null) await refuses(["dcstat"], 4, /CONFIG_KPROBES/);
  else assert.equal((await ktop(["dcstat", "0.1", "1"])).code, 0);
});

Deno.test("an ordinary user is refused with 3 and the capabilities that are missing", async () => {
  const run = await ktop(["vfsstat", "0.1", "1"], {
    uid: 65534,
    gid: 65534,
    env: { DENO_NO_UPDATE_CHECK: "1" },
  });
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

Deno.test("--duration ends a run, its last interval being what was left", async () => {
  const { code, stdout } = await ktop(["vfsstat", "--json", "-i", "0.2", "--duration", "0.5"]);
  const ticks = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([code, ticks.length], [0, 3]);
});

Deno.test("SIGINT, SIGTERM and SIGHUP end a run with 0 and leave what was counted", async () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"]);
    await run.tick();
    const { code, stderr } = await run.finish(signal);
    assert.deepEqual({ signal, code, stderr }, { signal, code: 0, stderr: "" });
  }
});

Deno.test("a run that nohup started survives the hang-up, and ends at SIGTERM", async () => {
  const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"], { through: ["nohup"] });
  await run.tick();
  Deno.kill(run.pid, "SIGHUP");
  for (let i = 0; i < 3; i++) await run.tick();
  assert.equal((await run.finish("SIGTERM")).code, 0);
});

/** Runs a command with standard output on a pipe that is full and that nobody reads. */
const STALLED = [
  "bash",
  "-c",
  'd=$(mktemp -d); mkfifo "$d/p"; exec 3<>"$d/p"; rm -r "$d"; head -c 65536 /dev/zero >&3; exec "$@" >&3',
  "stalled",
];

/** Whether a thread of a process is writing to its standard output right now (proc_pid_syscall(5)). */
function writes(pid: number): boolean {
  return Array.from(Deno.readDirSync(`/proc/${pid}/task`)).some(({ name }) => {
    try {
      return /^\d+ 0x1 /.test(Deno.readTextFileSync(`/proc/${pid}/task/${name}/syscall`));
    } catch {
      return false; // the thread has ended
    }
  });
}

Deno.test("SIGTERM ends a run whose reader has stopped reading, with 0 and a word about it", async () => {
  const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"], { through: STALLED });
  while (!writes(run.pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  const { code, stderr } = await run.end("SIGTERM");
  assert.deepEqual([code, stderr], [
    0,
    "ktop: the reader of standard output stopped reading; the last lines were dropped\n",
  ]);
});

Deno.test("a second SIGINT ends a run at once whose reader has stopped reading", async () => {
  const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"], { through: STALLED });
  while (!writes(run.pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  Deno.kill(run.pid, "SIGINT");
  // The handler goes with the first; until it has, the second changes nothing.
  const again = setInterval(() => Deno.kill(run.pid, "SIGINT"), 50);
  const { code, stderr } = await run.end("SIGINT").finally(() => clearInterval(again));
  assert.deepEqual([code, stderr], [130, ""]);
});

Deno.test("a full standard output ends a run with 1, and is named", async () => {
  const through = ["sh", "-c", 'exec "$@" > /dev/full', "full"];
  for (const args of [["vfsstat", "0.1", "2"], ["list"]]) {
    const { code, stderr } = await ktop(args, { through });
    assert.deepEqual([code, stderr.split("\n")[0]], [
      1,
      "ktop: Standard output cannot be written: No space left on device (os error 28).",
    ]);
  }
});

Deno.test("a closed pipe ends a run quietly with 0", async () => {
  const child = ktopCommand(["vfsstat", "--json", "-i", "0.1"]).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  assert.deepEqual([(await child.status).code, await new Response(child.stderr).text()], [0, ""]);
});

Deno.test("--fields chooses and orders columns, --csv heads them with the tick's own", async () => {
  const { stdout } = await ktop(["vfsstat", "--csv", "--fields", "open,READ/s", "0.1", "2"]);
  const lines = stdout.trimEnd().split("\n");
  assert.equal(lines[0], "tick_time,interval_s,tier,lost_events,lost_keys,open,read");
  assert.equal(lines.length, 3);
  assert.match(lines[1]!, /^\d{4}-\d\d-\d\dT[\d:.]+Z,0\.\d+,\w+,0,0,\d+,\d+$/);
});

Deno.test("without a terminal the panes come as plain text, without one escape sequence", async () => {
  const { code, stdout, stderr } = await ktop(["-i", "0.1", "--count", "2"], {
    env: { TERM: "xterm-256color" },
  });
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  assert.doesNotMatch(stdout, ESCAPE_SEQUENCE);
  assert.equal(stdout.split("\n").filter((line) => line.startsWith("== ")).length, 2 * 4);
});

Deno.test("--json without a tool writes one line per running tool and interval", async () => {
  const { stdout } = await ktop(["--json", "-i", "0.1", "--count", "2", "--panes", "vfsstat,runqslower"]);
  const tools = stdout.trimEnd().split("\n").map((line) => JSON.parse(line).tool);
  assert.deepEqual(tools, ["vfsstat", "runqslower", "vfsstat", "runqslower"]);
});

Deno.test("--json without a tool says on standard error which tools are left out, and ends with 4 when all are", async () => {
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

Deno.test("list and doctor say to an ordinary user that tiers are assumed, and which capabilities are missing", async () => {
  const nobody = { uid: 65534, gid: 65534, env: { DENO_NO_UPDATE_CHECK: "1" } };
  const list = await ktop(["list", "--json"], nobody);
  assert.equal(JSON.parse(list.stdout).assumed, true);
  assert.match(list.stderr, /cannot be probed without CAP_BPF and CAP_PERFMON: the tiers are assumed/);
  assert.match(
    (await ktop(["doctor"], nobody)).stdout,
    /capabilities +no +missing CAP_BPF and CAP_PERFMON\. Run it as root/,
  );
  const root = await ktop(["list", "--json"]);
  assert.deepEqual([JSON.parse(root.stdout).assumed, root.stderr], [false, ""]);
});

Deno.test("--help and --version end with 0, also without any privilege", async () => {
  const help = await ktop(["--help"]);
  assert.equal(help.code, 0);
  for (const word of ["filetop", "doctor", "--tier", "Exit codes"]) {
    assert.ok(help.stdout.includes(word), word);
  }
  const version = await ktop(["--version"]);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal((await ktop(["runqslower", "--help"])).code, 0);
});

Deno.test("doctor --json names every feature with an answer, and every tool with a tier or a reason and remedy", async () => {
  const { code, stdout } = await ktop(["doctor", "--json"]);
  assert.equal(code, 0);
  const { features, tools } = JSON.parse(stdout);
  for (const [name, probe] of Object.entries<{ answer: string }>(features)) {
    assert.match(probe.answer, /^(yes|no|inconclusive)$/, name);
  }
  for (const { tool, tier, reason } of tools) assert.ok(tier !== null || reason !== "", tool);
});

Deno.test("list and doctor name the twenty tools once, with the other names of some beside them", async () => {
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

Deno.test("help ends with 0 when its reader has gone", async () => {
  const child = ktopCommand(["--help"]).spawn();
  await child.stdout.cancel();
  const { code, stderr } = {
    code: (await child.status).code,
    stderr: await new Response(child.stderr).text(),
  };
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
});
