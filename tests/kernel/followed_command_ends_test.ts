/**
 * `ktop TOOL -- CMD`: how CMD starts, how the run ends, and its exit code.
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";
import { ktop, ktopCommand, RUN_KTOP, RunningKtop, untilExit, WITHOUT_BPF } from "../support/ktop.ts";
import { shellCommand } from "../support/shell.ts";
import { programsOf } from "../support/programs.ts";
import { isAlive, killIfAlive, Tmux, until } from "../support/tmux.ts";

const LINES = ["opensnoop", "--json", "-i", "0.1", "--"];

Deno.test("the exit code is CMD's, 128 + n if signal n ended it, and as in the shell if it cannot be executed", async () => {
  await using directory = await TemporaryDirectory.make();
  const script = (name: string, text: string, mode: number): string => {
    const path = `${directory.path}/${name}`;
    Deno.writeTextFileSync(path, text, { mode });
    return path;
  };
  const [plain, bare, orphan] = [
    script("plain", "exit 3\n", 0o644),
    script("bare", "exit 3\n", 0o755),
    script("orphan", "#!/nonsense\n", 0o755),
  ];
  for (
    const [command, code, stderr] of [
      [["true"], 0, ""],
      [["sh", "-c", "exit 255"], 255, ""],
      [["sh", "-c", "kill -SEGV $$"], 139, ""],
      [[bare], 3, ""],
      [["nonsense"], 127, "ktop: nonsense: not found\n"],
      [["/nonsense/x\n"], 127, "ktop: /nonsense/x\\n: not found\n"],
      [[""], 127, "ktop: : not found\n"],
      [[orphan], 127, `ktop: ${orphan}: not found\n`],
      [[plain], 126, `ktop: ${plain}: permission denied\n`],
      [["/etc"], 126, "ktop: /etc: is a directory\n"],
    ] as const
  ) {
    const result = await ktop([...LINES, ...command]);
    assert.deepEqual([command[0], result.code, result.stderr], [command[0], code, stderr]);
  }
});

Deno.test("a command that cannot be traced is not executed", async () => {
  await using directory = await TemporaryDirectory.make();
  const touch = ["--", "touch", `${directory.path}/file`];
  for (
    const [args, code] of [
      [["opensnoop", "-p", "4194304"], 1],
      [["opensnoop", "--fields", "nonsense"], 2],
      [["filetop", "--tier", "fentry", "--comm", "0123456789abcdef"], 2],
      [["list"], 2],
      [["doctor"], 2],
      [["replay", "x"], 2],
    ] as const
  ) {
    assert.equal((await ktop([...args, ...touch])).code, code, args.join(" "));
  }
  assert.equal((await ktop(["opensnoop", ...touch], WITHOUT_BPF)).code, 3);
  assert.equal((await ktop(["opensnoop", "--"])).code, 2);
  await assert.rejects(Deno.stat(`${directory.path}/file`), Deno.errors.NotFound);
});

Deno.test("CMD has the signals, descriptors and privileges that it has without ktop", async () => {
  const shown = [
    "sh",
    "-c",
    "grep -E '^(Name|Sig[BIC]|Cap|NoNewPrivs|Seccomp:|Threads|Umask)' /proc/self/status; ls /proc/self/fd; env | sort; pwd; cat",
  ];
  const through = ["sh", "-c", 'umask 027; cd /tmp; trap "" HUP; echo input | "$@"', "shell"];
  // The upper half has real-time signals, of which glibc uses two for its threads.
  const comparable = (text: string): string[] => text.trimEnd().replace(/^SigIgn:\t\w{8}/m, "").split("\n");
  const direct = await new Deno.Command(through[0]!, { args: [...through.slice(1), ...shown] }).output();
  const { stdout } = await ktop(["opensnoop", "--comm", "nonsense", "--csv", "--", ...shown], { through });
  const [, ...lines] = comparable(stdout); // without the header of CSV
  assert.deepEqual(lines, comparable(new TextDecoder().decode(direct.stdout)));
});

Deno.test("CMD gets the variables back that ktop renamed for itself, and no others", async () => {
  const env = { KTOP_RENAMED_NODE_A: "1", KTOP_RENAMED_LD_B: "2", NODE_C: "3" };
  const { stdout } = await ktop(["opensnoop", "--comm", "nonsense", "--csv", "--", "env"], { env });
  const names = ["NODE_A=1", "LD_B=2", "NODE_C=3", "KTOP_RENAMED_NODE_A=1"];
  assert.deepEqual(names.map((each) => stdout.split("\n").includes(each)), [true, false, true, false]);
});

Deno.test("a daemon that CMD leaves behind goes on, and ktop ends", async () => {
  await using directory = await TemporaryDirectory.make();
  const file = `${directory.path}/pid`;
  const daemon = `setsid sleep infinity >/dev/null 2>&1 & echo $! >${file}; exit 3`;
  const { code } = await ktop([...LINES, "sh", "-c", daemon]);
  const pid = Number(Deno.readTextFileSync(file));
  assert.deepEqual([code, isAlive(pid)], [3, true]);
  killIfAlive(pid, "SIGKILL");
});

/** A command that says when it is ready, and exits with a number that depends on the signal. */
const TRAPS = [
  "sh",
  "-c",
  'trap "exit 5" INT; trap "exit 6" TERM; trap "exit 8" HUP; : </etc/hostname; while :; do sleep 0.05; done',
];

/** Reads lines until CMD is ready. */
async function ready(run: RunningKtop): Promise<void> {
  while (!(await run.line()).includes('"/etc/hostname"'));
}

for (const [signal, code] of [["SIGINT", 5], ["SIGTERM", 6], ["SIGHUP", 8]] as const) {
  Deno.test(`${signal} to ktop alone reaches CMD, and ktop ends with its exit code`, async () => {
    const run = new RunningKtop([...LINES, ...TRAPS]);
    await ready(run);
    const { code: exit, stderr, rest } = await run.end(signal);
    assert.deepEqual([exit, stderr], [code, ""]);
    assert.ok(rest.length > 0);
  });
}

Deno.test("Ctrl-C reaches CMD once each time, and ktop ends with CMD", async () => {
  const trap = 'trap "echo caught" INT; echo ready; for i in 1 2; do cat; done; exit 5';
  const words = [Deno.execPath(), ...RUN_KTOP, "opensnoop", "--comm", "nonsense", "--", "sh", "-c", trap];
  await using tmux = await Tmux.start(80, 24, `${shellCommand(words)}; echo "ended with $?"; cat`);
  await tmux.shows(/^ready$/m);
  await tmux.keys("C-c");
  await tmux.shows(/caught/);
  await tmux.keys("C-c");
  const screen = await tmux.shows(/^ended with 5$/m);
  assert.equal(screen.match(/caught/g)?.length, 2);
});

Deno.test("a signal to ktop also ends a CMD that is stopped", async () => {
  const run = new RunningKtop([...LINES, "sh", "-c", 'trap "exit 5" TERM; : </etc/hostname; kill -STOP $$']);
  await ready(run);
  const pid = Number(Deno.readTextFileSync(`/proc/${run.pid}/task/${run.pid}/children`));
  const state = () => Deno.readTextFile(`/proc/${pid}/stat`);
  await until("a stopped command", state, (stat) => stat.slice(stat.lastIndexOf(")")).startsWith(") T"));
  assert.equal((await run.end("SIGTERM")).code, 5);
});

Deno.test("ktop outlives a CMD that ignores signals", async () => {
  const run = new RunningKtop([
    ...LINES,
    "sh",
    "-c",
    'trap "" INT TERM; : </etc/hostname; sleep 0.5; exit 4',
  ]);
  await ready(run);
  for (const signal of ["SIGINT", "SIGTERM", "SIGINT"] as const) Deno.kill(run.pid, signal);
  assert.equal((await run.exit()).code, 4);
});

Deno.test("a signal before CMD has started ends both, and is not a success", async () => {
  await using directory = await TemporaryDirectory.make();
  const file = `${directory.path}/file`;
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    const child = ktopCommand([...LINES, "touch", file], { stdout: "null" }).spawn();
    const children = (): string =>
      Deno.readTextFileSync(`/proc/${child.pid}/task/${child.pid}/children`).trim();
    await until("a child", () => Promise.resolve(children()), Boolean);
    child.kill(signal);
    assert.equal((await untilExit(child, child.output())).code, code);
  }
});

Deno.test("COUNT and --duration end the measurement; CMD goes on, and its exit code is handed on", async () => {
  for (const end of [["--count", "2"], ["--duration", "0.2"]]) {
    const args = ["opensnoop", "--json", "-i", "0.1", ...end, "--", "sh", "-c", "read -r line; exit $line"];
    const run = new RunningKtop(args, { stdin: "piped" });
    await run.tick();
    await run.tick();
    await until(
      "no programs",
      () => Promise.resolve(programsOf(run.pid)),
      (programs) => programs.length === 0,
    );
    await run.type("9\n");
    const { code, stderr, rest } = await run.exit();
    assert.deepEqual([code, stderr, rest], [9, "", []]);
  }
});
