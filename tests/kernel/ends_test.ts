/**
 * How runs end: signals that were inherited as ignored or that arrive early, and streams that cannot be written. Exit codes stay within ktop's own and those of signals.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, ktopCommand, RunningKtop, untilExit } from "../support/ktop.ts";
import { isAlive, until } from "../support/tmux.ts";

/** Runs a command after a line of shell: `trap '' INT`, `ulimit -n 16`. */
const after = (line: string): readonly string[] => ["bash", "-c", `${line}; exec "$@"`, "after"];

/** Runs a command with these redirections. */
const redirected = (to: string): readonly string[] => ["bash", "-c", `exec "$@" ${to}`, "redirected"];

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} ends runs that inherited it as ignored`, async () => {
    const through = after(`trap '' ${signal.slice(3)}`);
    for (
      const args of [["vfsstat", "--json"], ["--json", "--panes", "vfsstat"], [
        "record",
        "-",
        "--tools",
        "vfsstat",
      ]]
    ) {
      const run = new RunningKtop([...args, "-i", "0.1"], { through });
      await run.line();
      const { code, stderr } = await run.end(signal);
      assert.deepEqual({ args, code, stderr }, { args, code: 0, stderr: "" });
    }
  });
}

Deno.test("SIGINT ends a background command of a script", async () => {
  const script = '"$@" & pid=$!; read -r go; kill -INT $pid; wait $pid; echo "ended with $?" >&2';
  const run = new RunningKtop(["vfsstat", "--json", "-i", "0.1"], {
    through: ["sh", "-c", `exec 3<&0; ${script.replace("read -r go", "read -r go <&3")}`, "script"],
    stdin: "piped",
  });
  await run.tick();
  await run.type("go\n");
  assert.equal((await run.exit()).stderr, "ended with 0\n");
});

Deno.test("SIGINT that was inherited as ignored ends a replay that waits for its pipe", async () => {
  const child = ktopCommand(["replay", "-", "-b"], { through: after("trap '' INT"), stdin: "piped" }).spawn();
  const ignores = (): Promise<boolean> =>
    Deno.readTextFile(`/proc/${child.pid}/status`).then((text) =>
      /^Name:\s+deno/m.test(text) && !/^SigIgn:.*[2367abef]$/m.test(text)
    );
  await until("SIGINT with its default action", ignores, Boolean);
  child.kill("SIGINT");
  const { signal } = await untilExit(child, child.output());
  await child.stdin.close().catch(() => {});
  assert.equal(signal, "SIGINT");
});

/** Whether a process has a BPF program. */
async function hasProgram(pid: number): Promise<boolean> {
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
    const link = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "");
    if (link.includes("bpf-prog")) return true;
  }
  return false;
}

Deno.test("one SIGTERM ends ktop while it attaches, without a tick and with 0", async () => {
  await using directory = await TemporaryDirectory.make();
  const file = `${directory.path}/recording`;
  const tools = "filetop,vfsstat,fileslower,fsdist,opensnoop,statsnoop,filelife,filegone,mountsnoop";
  for (
    const args of [["--json", "--panes", tools], ["-b", "--panes", tools], ["record", file, "--tools", tools]]
  ) {
    const child = ktopCommand([...args, "-i", "3600"]).spawn();
    await until("a BPF program", () => hasProgram(child.pid), Boolean);
    child.kill("SIGTERM");
    const { code, stdout, stderr } = await untilExit(child, child.output());
    const decoder = new TextDecoder();
    assert.deepEqual([args[0], code, decoder.decode(stdout), decoder.decode(stderr)], [args[0], 0, "", ""]);
  }
  await assert.rejects(Deno.stat(file), Deno.errors.NotFound);
});

Deno.test("the exit code stays when standard error is full, closed or without a reader", async () => {
  for (const to of ["2>/dev/full", "2>&-", "2> >(exec <&-)"]) {
    const through = redirected(to);
    assert.equal((await ktop(["vfstat"], { through })).code, 2, to);
    assert.equal((await ktop(["vfsstat", "-p", "4194304"], { through })).code, 1, to);
    assert.equal((await ktop(["vfsstat", "--debug", "0.1", "2"], { through })).code, 0, to);
  }
});

Deno.test("ktop runs when standard output or input is closed", async () => {
  for (
    const args of [["--version"], ["list"], ["vfsstat", "0.1", "2"], [
      "-b",
      "--panes",
      "vfsstat",
      "-i",
      "0.1",
      "--count",
      "1",
    ]]
  ) {
    for (const to of [">&-", "<&-", "<&- >&-"]) {
      const { code, stderr } = await ktop(args, { through: redirected(to) });
      assert.deepEqual([args, to, code, stderr], [args, to, 0, ""]);
    }
  }
});

Deno.test("messages to a standard error without a reader do not stop a run", async () => {
  // A full pipe that stays open: each message is given up after a while.
  const through = [
    "bash",
    "-c",
    'd=$(mktemp -d); mkfifo "$d/p"; exec 3<>"$d/p"; rm -r "$d"; head -c 65536 /dev/zero >&3; exec "$@" 2>&3',
    "stalled",
  ];
  assert.equal((await ktop(["vfstat"], { through })).code, 2);
});

for (const signal of ["SIGUSR1", "SIGUSR2", "SIGALRM", "SIGABRT", "SIGQUIT"] as const) {
  Deno.test(`${signal} kills a text run with the signal's code`, async () => {
    const child = ktopCommand(["vfsstat", "-i", "0.1"]).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    child.kill(signal);
    reader.releaseLock();
    const { signal: by } = await untilExit(child, child.output());
    assert.deepEqual([by, isAlive(child.pid)], [signal, false]);
  });
}
