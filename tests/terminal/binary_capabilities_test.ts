/**
 * dist/ktop with file capabilities (setcap cap_bpf,cap_perfmon+ep), as an ordinary user.
 *
 * @module
 */
import assert from "node:assert/strict";
import { runCommand } from "../support/commands.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { lines } from "../support/ktop.ts";
import { changePanes } from "../support/pane_changes.ts";
import { shellCommand } from "../support/shell.ts";
import { assertReduced, ATTACHING, CapabilityWatch } from "../support/threads.ts";
import { Workload } from "../support/workload.ts";
import { CopiedKtop, Session } from "./session.ts";

/** A user and a group without entries in passwd(5) and group(5). */
const USER = 65533;
const GROUP = 65532;

/** The start of a command that runs as this user. env(1), because setpriv(1) itself still has permitted capabilities. */
const asUser = (user: number, group = user): string[] => [
  "setpriv",
  ...["--reuid", String(user), "--regid", String(group), "--clear-groups", "env"],
];

/** A copy of dist/ktop with file capabilities, in a directory that everyone can enter. */
async function makeCapable(capabilities = "cap_bpf,cap_perfmon+ep"): Promise<CopiedKtop> {
  const copy = await CopiedKtop.make();
  await runCommand("setcap", capabilities, copy.path);
  return copy;
}

/** Runs the copy as an ordinary user until it exits. */
async function run(copy: CopiedKtop, args: readonly string[], user: readonly string[] = asUser(USER)) {
  const [command, ...rest] = [...user, copy.path, ...args];
  const { code, stdout, stderr } = await new Deno.Command(command!, { args: rest, cwd: "/" }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

const uidsOf = (pid: number): string | undefined =>
  /^Uid:\t(.*)$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];

Deno.test("dist/ktop with file capabilities shows four panes to an ordinary user, and keeps only what attaching needs", async () => {
  await using copy = await makeCapable();
  const command = shellCommand([...asUser(USER), copy.path, "--no-config"]);
  await using session = await Session.start(
    `cd / && sh -c 'echo $$ >"$1/pid"; shift; exec "$@"' sh "$dir" ${command}`,
  );
  const { tmux } = session;
  await tmux.shows(/1 filetop ─[^]*2 vfsstat ─[^]*3 (dcstat|biolatency) ─[^]*4 runqslower ─/);
  await tmux.shows(/READ\/s +[\d.]+[^]*run queue delay +[\d.k]+/);
  const pid = await session.pid();
  assert.equal(uidsOf(pid), Array(4).fill(USER).join("\t"));
  await assertReduced(pid, ATTACHING, false);
  const watch = new CapabilityWatch(pid, ATTACHING, false);
  await changePanes(tmux, pid);
  await watch.assertNoneCameBack();
  await tmux.keys("q");
  await session.assertRestored();
  assert.equal(await session.file("stderr"), "");
});

for (
  const args of [["filetop", "--json", "-i", "0.1"], ["--json", "-i", "0.1"], ["record", "-", "-i", "0.1"]]
) {
  Deno.test(`dist/ktop ${args.join(" ")} with file capabilities drops them after attaching, for good`, async () => {
    await using copy = await makeCapable();
    const [command, ...rest] = [...asUser(USER), copy.path, ...args];
    const child = new Deno.Command(command!, { args: rest, cwd: "/", stdout: "piped" }).spawn();
    const reader = child.stdout.getReader();
    try {
      await reader.read();
      await assertReduced(child.pid, 0n, false);
      const watch = new CapabilityWatch(child.pid, 0n, false);
      for (let tick = 0; tick < 5; tick++) assert.equal((await reader.read()).done, false);
      await watch.assertNoneCameBack();
    } finally {
      child.kill("SIGTERM");
      await reader.cancel();
      await child.status;
    }
  });
}

for (const variable of ["KEPT=1", "DENO_LOG=error"]) {
  Deno.test(`no process of the same user traces dist/ktop with file capabilities, started with ${variable}`, async () => {
    await using copy = await makeCapable();
    const [command, ...rest] = [
      ...asUser(USER),
      ...["env", "-i", variable, copy.path, "vfsstat", "--json", "-i", "0.1"],
    ];
    const child = new Deno.Command(command!, { args: rest, cwd: "/", stdout: "piped" }).spawn();
    const reader = child.stdout.getReader();
    try {
      await reader.read();
      await assertReduced(child.pid, 0n, false);
      const [setpriv, ...become] = asUser(USER);
      // Reading these files takes the permission to trace: ptrace(2), PTRACE_MODE_READ.
      for (const file of ["environ", "maps"]) {
        const args = [...become, "cat", `/proc/${child.pid}/${file}`];
        const { stderr } = await new Deno.Command(setpriv!, { args }).output();
        assert.match(new TextDecoder().decode(stderr), /Permission denied/, file);
      }
    } finally {
      child.kill("SIGTERM");
      await reader.cancel();
      await child.status;
    }
  });
}

/** The capabilities that doctor says a tool would use. */
async function wouldUse(copy: CopiedKtop, name: string): Promise<string[]> {
  const { tools } = JSON.parse((await run(copy, ["doctor", "--json"])).stdout);
  const { would_use } = tools.find(({ tool }: { tool: string }) => tool === name);
  return would_use.map(({ capability }: { capability: string }) => capability);
}

Deno.test("dist/ktop doctor names the capabilities that file capabilities leave to each tool, and what more it would use", async () => {
  await using copy = await makeCapable();
  const { capabilities, kept } = JSON.parse((await run(copy, ["doctor", "--json"])).stdout);
  assert.deepEqual(capabilities.missing, []);
  assert.deepEqual(kept.screen.map(({ capability }: { capability: string }) => capability), [
    "CAP_BPF",
    "CAP_PERFMON",
  ]);
  assert.deepEqual(await wouldUse(copy, "vfsstat"), ["CAP_SYS_ADMIN"]);
  const { stdout } = await run(copy, ["doctor"]);
  assert.match(stdout, /^ {2}run-time statistics +no +missing CAP_SYS_ADMIN\./m);
  assert.match(stdout, /^Missing capabilities that tools would also use\n(?: {2}CAP_\w+ +.*: .*\n)+/m);
  assert.match(stdout, /^ {2}CAP_SYS_ADMIN +measures the run time of BPF programs .*: all tools$/m);
});

Deno.test("readpath of dist/ktop with file capabilities names kernel functions only with the capability that doctor names", async () => {
  await using copy = await makeCapable();
  await using named = await makeCapable("cap_bpf,cap_perfmon,cap_syslog+ep");
  // Repeats the workload until a read of it has a stack.
  const frames = async (path: CopiedKtop): Promise<string[]> => {
    const args = [...asUser(USER), path.path, "readpath", "--json", "-i", "0.2", "--comm", "reads"];
    const [command, ...rest] = args;
    const child = new Deno.Command(command!, { args: rest, cwd: "/", stdout: "piped" }).spawn();
    try {
      for await (const line of lines(child.stdout)) {
        const { rows } = JSON.parse(line) as { rows: { stack: string | null }[] };
        const found = rows.flatMap(({ stack }) => stack?.split(";") ?? []);
        if (found.length > 0) return found;
        await (await Workload.start("reads")).run();
      }
      return [];
    } finally {
      child.kill("SIGTERM");
      await child.status;
    }
  };
  const isAddress = (frame: string): boolean => /^0x[0-9a-f]+$/.test(frame);
  const [addresses, names] = [await frames(copy), await frames(named)];
  assert.ok(addresses.length > 0 && addresses.every(isAddress), String(addresses));
  assert.ok(names.length > 0 && !names.every(isAddress), String(names));
  assert.ok((await wouldUse(copy, "readpath")).includes("CAP_SYSLOG"));
  assert.ok(!(await wouldUse(named, "readpath")).includes("CAP_SYSLOG"));
});

Deno.test("filetop -d of dist/ktop with file capabilities finds a closed directory only with the capability that doctor names", async () => {
  await using copy = await makeCapable();
  await using searching = await makeCapable("cap_bpf,cap_perfmon,cap_dac_read_search+ep");
  await using directory = await TemporaryDirectory.make(); // mode 700, of root
  await Deno.mkdir(`${directory.path}/inner`);
  const args = ["filetop", "-d", `${directory.path}/inner`, "0.1", "1"];
  assert.match((await run(copy, args)).stderr, /cannot be read: permission denied/);
  assert.equal((await run(searching, args)).code, 0);
  assert.ok((await wouldUse(copy, "filetop")).includes("CAP_DAC_READ_SEARCH"));
  assert.ok(!(await wouldUse(searching, "filetop")).includes("CAP_DAC_READ_SEARCH"));
});

Deno.test("only the group of dist/ktop runs it when its mode is 750", async () => {
  await using copy = await makeCapable();
  await Deno.chown(copy.path, 0, GROUP);
  await runCommand("setcap", "cap_bpf,cap_perfmon+ep", copy.path); // chown(2) removes them
  await Deno.chmod(copy.path, 0o750);
  const args = ["vfsstat", "0.1", "1"];
  const others = await run(copy, args);
  assert.notEqual(others.code, 0);
  assert.match(others.stderr, /Permission denied/);
  const member = await run(copy, args, asUser(USER, GROUP));
  assert.deepEqual([member.code, member.stderr], [0, ""]);
});
