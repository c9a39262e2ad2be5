/**
 * dist/ktop in foreign root file systems: from Debian 10 to 13, with glibc alone, with what it needs missing, and on a kernel
 * without BTF. Each cell of table.ts is one test or step.
 *
 * @module
 */
import assert from "node:assert/strict";
import { runCommand } from "../support/commands.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import type { Finished } from "../support/ktop.ts";
import { shellCommand } from "../support/shell.ts";
import { Session } from "../terminal/session.ts";
import { commandIn, inUserModeLinux, mirrorOf, rootDirectory, type Run } from "./roots.ts";
import { type CommandName, COMMANDS, ROOT_CASES, type RootName } from "./table.ts";

/** Whether a configured mirror has Debian 10; it moved to an archive of old releases. */
const hasBuster = await mirrorOf("buster") !== null;

// debootstrap(8) takes half a minute for each, mostly on one CPU.
await Promise.all([
  ...(["bullseye", "bookworm", "trixie"] as const).map(rootDirectory),
  ...hasBuster ? [rootDirectory("buster")] : [],
]);

async function runIn(where: Run, args: readonly string[]): Promise<Finished> {
  const [command, ...rest] = await commandIn(where, args);
  const { code, stdout, stderr } = await new Deno.Command(command!, {
    args: rest,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH")! },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A cell of the table: "works" for status 0 with nothing on standard error, which `assertOutput` then checks further. */
function cellOf({ code, stderr }: Pick<Finished, "code" | "stderr">, assertOutput: () => void): string {
  if (code === 0 && stderr === "") {
    assertOutput();
    return "works";
  }
  // deno-lint-ignore no-control-regex
  const plain = stderr.replace(/\x1b\[[\d;]*m/g, "");
  const cause = /^Caused by:\n +(.*)$/m.exec(plain)?.[1];
  return `${code}: ${plain.split("\n")[0]}${cause === undefined ? "" : ` Caused by: ${cause}`}`;
}

/** The reason that vfsstat's pane shows, with the words that fit its first line, where the kernel's types are missing. */
const REASON = /vfsstat cannot run here: (?:\/sys is not mounted|the kernel has no BTF)/;

/** Runs the screen of a root until it shows `pattern` or the reason, ends it, and returns its cell. */
async function screenCell(where: Run, args: readonly string[], pattern: RegExp): Promise<string> {
  await using session = await Session.start(shellCommand(await commandIn(where, args)));
  const { tmux } = session;
  const shown = await tmux.shows(new RegExp(`${pattern.source}|${REASON.source}|shell is back`));
  if (!shown.includes("shell is back")) {
    await tmux.keys("q");
    await session.assertRestored(0);
  }
  const code = Number(await session.file("code"));
  if (code === 0 && REASON.test(shown)) return "shows the same reason";
  return cellOf({ code, stderr: await session.file("stderr") }, () => assert.match(shown, pattern));
}

/** Runs each command in a root and returns its cell. */
const cells: Readonly<Record<CommandName, (root: RootName) => Promise<string>>> = {
  "doctor": async (root) => {
    const finished = await runIn({ root }, ["doctor"]);
    const types = root === "noSys"
      ? /^ *kernel types \(BTF\) +no +\/sys is not mounted/m
      : /^ *kernel types \(BTF\) +yes/m;
    return cellOf(finished, () => assert.match(finished.stdout, types));
  },
  "vfsstat 1 1": async (root) => {
    const finished = await runIn({ root }, ["vfsstat", "1", "1"]);
    return cellOf(
      finished,
      () => assert.match(finished.stdout, /\nTIME +READ\/s .*\n\d\d:\d\d:\d\d( +[\d.]+){8}\n$/),
    );
  },
  "the screen": (root) =>
    screenCell({ root }, ["--no-config", "--panes", "vfsstat"], /vfsstat[^]*tracepoint[^]*q Quit/),
  "replay --demo as nobody": (root) =>
    screenCell({ root, nobody: true }, ["replay", "--demo"], /postgres[^]*q Quit/),
};

for (const name of Object.keys(ROOT_CASES) as RootName[]) {
  if (name === "noBtf") continue;
  for (const command of COMMANDS) {
    Deno.test({
      name: `ktop ${command} in a root: ${ROOT_CASES[name].title}`,
      ignore: name === "buster" && !hasBuster,
      fn: async () => assert.equal(await cells[command](name), ROOT_CASES[name].cells[command]),
    });
  }
}

Deno.test("the small root has no shell, no /tmp and no /etc, and its loader refuses what needs glibc 2.29", async () => {
  const directory = await rootDirectory("minimal");
  assert.deepEqual([...Deno.readDirSync(directory)].map(({ name }) => name).toSorted(), [
    ...["alone", "dev", "lib", "lib64", "proc", "sys"],
  ]);
  await using work = await TemporaryDirectory.make();
  // pow(3) of 2.29 has another version than that of 2.2.5. Without start files nothing needs a newer one.
  const source =
    "double pow(double, double); void _exit(int); void _start(void) { _exit(pow(2, 3) == 8 ? 7 : 1); }";
  await Deno.writeTextFile(`${work.path}/newer.c`, source);
  const program = `${work.path}/newer`;
  await runCommand(
    "gcc",
    "-nostartfiles",
    "-fno-builtin",
    "-mstackrealign",
    "-o",
    program,
    `${work.path}/newer.c`,
    "-lm",
  );
  assert.equal((await runIn({ root: "bullseye", program }, [])).code, 7);
  const { code, stderr } = await runIn({ root: "minimal", program }, []);
  assert.notEqual(code, 7);
  assert.match(stderr, /libm\.so\.6: version `GLIBC_2\.29' not found/);
});

Deno.test("Debian's roots have the versions of glibc that the table names", async () => {
  for (const suite of ["bullseye", "bookworm", "trixie"] as const) {
    const version = await runCommand("chroot", await rootDirectory(suite), "ldd", "--version");
    assert.equal(/ (2\.\d+)$/m.exec(version)?.[1], /glibc (.*)/.exec(ROOT_CASES[suite].title)?.[1]);
  }
});

/** User-mode Linux 6.1 takes CPUs to have fewer registers than AMX brings, and cannot set them. */
const hasAmx = / amx_tile /.test(await Deno.readTextFile("/proc/cpuinfo"));

Deno.test({
  name: `ktop in the root of Debian 11 on a kernel without BTF (user-mode Linux 6.1)${
    hasAmx ? ": not on a CPU with AMX" : ""
  }`,
  ignore: hasAmx,
  fn: asUserModeLinuxShows,
});

async function asUserModeLinuxShows(test: Deno.TestContext): Promise<void> {
  const { cells } = ROOT_CASES.noBtf;
  const replay = "setpriv --reuid 65534 --regid 65534 --clear-groups ./ktop replay --demo --json";
  const lines = ["doctor", "vfsstat 1 1", "--no-config --panes vfsstat --duration 2 < /dev/console"]
    .map((args) => `./ktop ${args}`);
  const printed = await inUserModeLinux("noBtf", [...lines, replay]);
  const expected: Readonly<Record<CommandName, RegExp>> = {
    "doctor": /BTF\) +no +the kernel has no BTF: \/sys\/kernel\/btf\/vmlinux does not exist/,
    "vfsstat 1 1": REASON,
    "the screen": REASON,
    "replay --demo as nobody": /^\{"v":1,"tool":"filetop"/,
  };
  for (const [index, command] of COMMANDS.entries()) {
    await test.step(command, () => {
      const { code, text } = printed[index]!;
      assert.match(text, expected[command]);
      const cell = cellOf({ code, stderr: code === 0 ? "" : text }, () => {});
      assert.equal(
        command === "the screen" && cell === "works" ? "shows the same reason" : cell,
        cells[command],
      );
    });
  }
}
