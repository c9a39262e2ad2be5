/**
 * Names of user-space frames beside nm(1) and c++filt(1). The stacks are sampled with ptrace(2), without BPF.
 *
 * @module
 */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { ReadOnlyFile } from "../../src/ffi/mod.ts";
import { demangle } from "../../src/symbols/demangle.ts";
import { FileSymbols } from "../../src/symbols/file_symbols.ts";
import { UserSymbols } from "../../src/symbols/mod.ts";
import { Resolver } from "../../src/symbols/resolver.ts";
import { runCommand } from "../support/commands.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { BusyProgram, compile, sampleStacks } from "../support/stacks.ts";
import { until } from "../support/tmux.ts";

const directory = await TemporaryDirectory.make();
globalThis.addEventListener("unload", () => Deno.removeSync(directory.path, { recursive: true }));

// Opens libc before the first test, which would be reported to leak it.
ReadOnlyFile.openProc("/proc/self/stat")?.[Symbol.dispose]();

const inDirectory = (name: string): string => join(directory.path, name);
const sampler = inDirectory("sample_stacks");
await compile("sample_stacks.c", sampler);

const SAMPLES = 100;
/** On a busy machine names may take longer than users would wait. */
const PATIENT = { timeoutMs: 120_000, maxWaitMs: 120_000 };
const PLACE = /\+0x[0-9a-f]+$/;
/** Places in files, and unknown addresses. */
const UNNAMED = /^\[unknown\]$|\+0x[0-9a-f]+$/;

/** The named stacks of a running program. */
async function namedStacks(pid: number): Promise<string[][]> {
  using symbols = new UserSymbols(PATIENT);
  const stacks = await sampleStacks(sampler, pid, SAMPLES);
  await symbols.resolve(stacks.map((addresses) => ({ pid, addresses })));
  return stacks.map((addresses) => symbols.frames(pid, addresses));
}

function assertNamed(stacks: readonly (readonly string[])[]): void {
  const frames = stacks.flat();
  const unnamed = frames.filter((name) => UNNAMED.test(name));
  assert.ok(
    unnamed.length <= frames.length * 0.05,
    `unnamed of ${frames.length}: ${[...new Set(unnamed)].join(", ")}`,
  );
}

/** The functions of tests/fixtures/nested_calls.c, the innermost first. */
const NESTED = [..."fedcba"].flatMap((level) => [4, 3, 2, 1].map((index) => `level_${level}_${index}`));

/** The stacks through all nested functions: the first samples may still be in write(2), which has no frame pointer. */
function wholeStacks(stacks: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const whole = stacks.filter((stack) => stack.length > NESTED.length);
  assert.ok(whole.length >= SAMPLES * 0.95, `${whole.length} whole stacks`);
  return whole;
}

/** Asserts that stacks pass through all nested functions and main, in this order, and that nearly all frames have names. */
function assertNested(stacks: readonly (readonly string[])[]): void {
  for (const stack of wholeStacks(stacks)) {
    const start = stack.indexOf(NESTED[0]!);
    assert.deepEqual(stack.slice(start, start + NESTED.length + 1), [...NESTED, "main"]);
  }
  assert.ok(stacks.some((stack) => stack.includes("spin")));
  assertNamed(stacks);
}

for (
  const [what, ...options] of [
    ["a position-independent program"],
    ["a program at fixed addresses", "-no-pie"],
    ["a static program", "-static"],
    ["a static program at random addresses", "-static-pie"],
    ["a stripped program that exports its functions", "-rdynamic", "-s"],
  ] as const
) {
  Deno.test(`UserSymbols names the functions of ${what}`, async () => {
    const binary = inDirectory("nested");
    await compile("nested_calls.c", binary, ...options);
    await using program = await BusyProgram.start(binary);
    assertNested(await namedStacks(program.pid));
  });
}

Deno.test("UserSymbols names C++ functions as c++filt does", async () => {
  const binary = inDirectory("nested_cpp");
  await compile("nested_calls.cpp", binary);
  await using program = await BusyProgram.start(binary);
  const stacks = await namedStacks(program.pid);
  assertNamed(stacks);
  const printed = await runCommand(
    "sh",
    "-c",
    `nm "$1" | c++filt | sed -n 's/^[0-9a-f]* W \\(nested::.*\\)/\\1/p'`,
    "sh",
    binary,
  );
  const expected = printed.split("\n");
  assert.equal(expected.length, 24);
  for (const stack of wholeStacks(stacks)) {
    assert.deepEqual(stack.slice(0, 24).toSorted(), expected.toSorted());
  }
});

Deno.test("UserSymbols names functions of a deleted program", async () => {
  const binary = inDirectory("deleted");
  await compile("nested_calls.c", binary);
  await using program = await BusyProgram.start(binary);
  await Deno.remove(binary);
  assertNested(await namedStacks(program.pid));
});

Deno.test("UserSymbols names functions of the mapped file, not of a file that has replaced it", async () => {
  const binary = inDirectory("replaced");
  await compile("nested_calls.c", binary);
  await using program = await BusyProgram.start(binary);
  await Deno.remove(binary);
  await compile("sample_stacks.c", binary);
  assertNested(await namedStacks(program.pid));
});

/** Puts a program, and the libraries that it needs, into a directory that becomes a root. */
async function makeRoot(root: string, program: string): Promise<void> {
  const libraries = (await runCommand("ldd", program)).matchAll(/(?:=> |^\s*)(\/\S+) \(/gm);
  for (const path of [...libraries].map(([, path]) => path!)) {
    await Deno.mkdir(join(root, dirname(path)), { recursive: true });
    await Deno.copyFile(path, join(root, path));
  }
  await Deno.copyFile(program, join(root, "program"));
}

Deno.test("UserSymbols names functions of a program and its C library in a changed root", async () => {
  const binary = inDirectory("for_root");
  await compile("nested_calls.c", binary);
  const root = inDirectory("root");
  await makeRoot(root, binary);
  await using program = await BusyProgram.start("chroot", root, "/program");
  const stacks = await namedStacks(program.pid);
  assertNested(stacks);
  assert.match(stacks.flat().join("\n"), /^(?:__)?getppid$/m);
});

const CONTAINER =
  `mount -t tmpfs none "$1" && cp -a "$2"/. "$1" && cd "$1" && mkdir old && pivot_root . old && exec ./program`;

/** Names stacks in another process that has all capabilities but these. */
async function nameWithout(
  capabilities: string,
  pid: number,
  stacks: readonly bigint[][],
): Promise<string[][]> {
  const program = join(import.meta.dirname!, "../support/name_stacks.ts");
  const child = new Deno.Command("setpriv", {
    args: ["--bounding-set", capabilities, Deno.execPath(), "run", "--quiet", "--frozen", "-A", program],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const requests = stacks.map((addresses) => ({ pid, addresses: addresses.map(String) }));
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(requests)));
  await writer.close();
  const { stdout } = await child.output();
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test("UserSymbols names functions in a container root, also where only paths lead to its files", async () => {
  const binary = inDirectory("for_container");
  await compile("nested_calls.c", binary);
  const files = inDirectory("container_files");
  await makeRoot(files, binary);
  await Deno.mkdir(inDirectory("container"));
  await using program = await BusyProgram.start(
    "unshare",
    "--mount",
    "sh",
    "-c",
    CONTAINER,
    "sh",
    inDirectory("container"),
    files,
  );
  assertNested(await namedStacks(program.pid));
  const stacks = await sampleStacks(sampler, program.pid, SAMPLES);
  assertNested(await nameWithout("-checkpoint_restore,-sys_admin", program.pid, stacks));
});

Deno.test("UserSymbols names what a stripped program hides from its debug information, found by build-id", async () => {
  const whole = inDirectory("whole"), stripped = inDirectory("stripped");
  await compile("nested_calls.c", whole, "-Wl,--build-id");
  await runCommand("strip", "-o", stripped, whole);
  const buildId = /Build ID: ([0-9a-f]+)/.exec(await runCommand("readelf", "-n", whole))![1]!;
  const root = inDirectory("debug_root");
  await makeRoot(root, stripped);
  {
    await using program = await BusyProgram.start("chroot", root, "/program");
    const stacks = await namedStacks(program.pid);
    assert.ok(stacks.flat().every((name) => !name.startsWith("level_")));
    assert.match(stacks.flat().join(" "), /\bprogram\+0x[0-9a-f]+\b/);
  }
  const debug = join(root, "usr/lib/debug/.build-id", buildId.slice(0, 2));
  await Deno.mkdir(debug, { recursive: true });
  await runCommand("objcopy", "--only-keep-debug", whole, join(debug, `${buildId.slice(2)}.debug`));
  await using program = await BusyProgram.start("chroot", root, "/program");
  assertNested(await namedStacks(program.pid));
});

Deno.test("UserSymbols shows a place of a stripped program as the address that addr2line expects", async () => {
  const whole = inDirectory("place"), stripped = inDirectory("place_stripped");
  await compile("nested_calls.c", whole);
  await runCommand("strip", "-o", stripped, whole);
  await using program = await BusyProgram.start(stripped);
  const stacks = await namedStacks(program.pid);
  const places = wholeStacks(stacks)[0]!.flatMap((name) =>
    /^place_stripped\+(0x[0-9a-f]+)$/.exec(name)?.slice(1) ?? []
  );
  const lines = (await runCommand("addr2line", "-f", "-e", whole, ...places)).split("\n");
  const functions = lines.filter((_, index) => index % 2 === 0);
  assert.deepEqual(functions.slice(-25), [...NESTED, "main"]);
});

Deno.test("UserSymbols names JavaScript functions of node from its perf map, and node's own", async () => {
  const script = inDirectory("busy.js");
  await Deno.writeTextFile(
    script,
    `
    function busyInner(n) { let sum = 0; for (let i = 0; i < n; i++) sum += Math.sqrt(i) * (sum % 7); return sum; }
    function busyOuter(depth) { return depth > 0 ? busyOuter(depth - 1) + 1 : busyInner(1e5); }
    for (let i = 0; i < 100; i++) busyOuter(20);
    console.log("ready");
    for (;;) busyOuter(20);
  `,
  );
  await using program = await BusyProgram.start(
    "node",
    // Without a log of V8 in the working directory.
    ...["--perf-basic-prof", "--logfile=/dev/null", "--no-logfile-per-isolate", script],
  );
  try {
    const stacks = await namedStacks(program.pid);
    assertNamed(stacks);
    assert.ok(stacks.some((stack) => /busyInner .*busy\.js:2/.test(stack[0]!)), stacks[0]!.join("\n"));
  } finally {
    await program.end();
    await Deno.remove(`/tmp/perf-${program.pid}.map`);
  }
});

Deno.test("UserSymbols names the functions that ran in python3, as far as its files name them", async () => {
  const code = "print('ready', flush=True)\nwhile True: sorted(range(1000), key=lambda x: x * x % 7)";
  let program: BusyProgram;
  try {
    program = await BusyProgram.start("python3", "-c", code);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  await using _ = program;
  const stacks = await namedStacks(program.pid);
  // Python is compiled without frame pointers: where a caller should be is often no address of code.
  assert.ok(stacks.every((stack) => !stack.slice(0, -1).includes("…")));
  assert.ok(stacks.some((stack) => stack.at(-1) === "…"));
  const names = stacks.flat().filter((name) => name !== "…");
  assert.ok(names.includes("_PyEval_EvalFrameDefault"), names.join("\n"));
  const unknown = names.filter((name) => name === "[unknown]");
  assert.ok(unknown.length <= names.length * 0.05, `unknown: ${unknown.length} of ${names.length}`);
  for (const name of new Set(names.filter((name) => PLACE.test(name)))) {
    const [, file, place] = /^(.+)\+(0x[0-9a-f]+)$/.exec(name)!;
    const path = new RegExp(`(/\\S*/${file!.replaceAll(".", "\\.")})$`, "m").exec(
      await Deno.readTextFile(`/proc/${program.pid}/maps`),
    )![1]!;
    assert.equal(await functionAt(path, Number(place)), null, name);
  }
});

/** The function of a file that contains an address, by nm; null if there is none. */
async function functionAt(path: string, address: number): Promise<string | null> {
  const printed = await runCommand("sh", "-c", `nm -S "$1" 2>/dev/null; nm -S -D "$1"`, "sh", path);
  for (const [, start, size, name] of printed.matchAll(/^([0-9a-f]+) ([0-9a-f]+) [tTwWi] (\S+)$/gm)) {
    const first = parseInt(start!, 16);
    if (address >= first && address < first + parseInt(size!, 16)) return name!;
  }
  return null;
}

Deno.test("UserSymbols agrees with nm on every function that the C library exports", async () => {
  const binary = inDirectory("with_library");
  await compile("nested_calls.c", binary);
  await using program = await BusyProgram.start(binary);
  const { pid } = program;
  const { base, path } = await libraryOf(pid);
  const buildId = /Build ID: ([0-9a-f]+)/.exec(await runCommand("readelf", "-n", path))![1]!;
  const debug = `/usr/lib/debug/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
  const printed = await runCommand(
    "sh",
    "-c",
    `nm -S -D "$1"; nm -S "$2" 2>/dev/null; true`,
    "sh",
    path,
    debug,
  );
  const byAddress = new Map<bigint, Set<string>>();
  for (const [, address, name] of printed.matchAll(/^([0-9a-f]+) [0-9a-f]+ [tTwWi] ([^@\s]+)/gm)) {
    const names = byAddress.get(BigInt(`0x${address}`)) ?? new Set();
    byAddress.set(BigInt(`0x${address}`), names.add(name!));
  }
  assert.ok(byAddress.size > 1000);
  using symbols = new UserSymbols(PATIENT);
  const stacks = [...byAddress.keys()].map((address) => ({ pid, addresses: [base + address] }));
  await symbols.resolve(stacks);
  for (const [address, names] of byAddress) {
    const [name] = symbols.frames(pid, [base + address]);
    assert.ok(names.has(name!), `${name} at ${address.toString(16)}, not ${[...names].join(", ")}`);
  }
});

/** Where the C library of a process starts, and its file. */
async function libraryOf(pid: number): Promise<{ readonly base: bigint; readonly path: string }> {
  const maps = await Deno.readTextFile(`/proc/${pid}/maps`);
  const [, start, path] = /^([0-9a-f]+)-[0-9a-f]+ \S+ 0+ .* (\/\S*libc\.so\.6)$/m.exec(maps)!;
  return { base: BigInt(`0x${start}`), path: path! };
}

Deno.test("UserSymbols keeps names after the end of a process", async () => {
  const binary = inDirectory("ending");
  await compile("nested_calls.c", binary);
  using symbols = new UserSymbols(PATIENT);
  await using program = await BusyProgram.start(binary);
  const { pid } = program;
  const stacks = await sampleStacks(sampler, pid, SAMPLES);
  const requests = stacks.map((addresses) => ({ pid, addresses }));
  const names = () => stacks.map((addresses) => symbols.frames(pid, addresses));
  assert.ok(names().flat().every((name) => name === "[unknown]"));
  await symbols.resolve(requests);
  assertNested(names());
  await program.end();
  await symbols.resolve(requests);
  assertNested(names());
});

/** The address at which the C library of a process has a function. */
async function addressInLibrary(pid: number, name: string): Promise<bigint> {
  const { base, path } = await libraryOf(pid);
  const printed = await runCommand("nm", "-D", path);
  const [, address] = new RegExp(`^([0-9a-f]+) [TWi] ${name}@@`, "m").exec(printed)!;
  return base + BigInt(`0x${address}`);
}

Deno.test("UserSymbols drops the names of a process that executes another program", async () => {
  const binary = inDirectory("executed");
  await compile("nested_calls.c", binary, "-static");
  await using program = await BusyProgram.start(
    "sh",
    "-c",
    'echo ready; kill -STOP $$; exec "$1"',
    "sh",
    binary,
  );
  const { pid } = program;
  const stack = { pid, addresses: [await addressInLibrary(pid, "getenv")] };
  using symbols = new UserSymbols(PATIENT);
  await symbols.resolve([stack]);
  assert.deepEqual(symbols.frames(pid, stack.addresses), ["getenv"]);
  await until("stopped", () => Deno.readTextFile(`/proc/${pid}/stat`), (text) => text.includes(") T "));
  Deno.kill(pid, "SIGCONT");
  await until("executed", () => Deno.readLink(`/proc/${pid}/exe`), (path) => path === binary);
  await symbols.resolve([stack]);
  assert.deepEqual(symbols.frames(pid, stack.addresses), ["[unknown]"]);
});

Deno.test("UserSymbols reads a perf map only of the process's user, and follows no link and opens no FIFO", async () => {
  const binary = inDirectory("anonymous_code");
  await compile("anonymous_code.c", binary);
  await using program = await BusyProgram.start(binary);
  const { pid, firstLine } = program;
  const addresses = [BigInt(`0x${firstLine}`) + 0x10n];
  const path = `/tmp/perf-${pid}.map`;
  const text = `${firstLine} 100 JS:;a\x1b b.js\n`;
  using symbols = new UserSymbols(PATIENT);
  const name = async () => {
    await symbols.resolve([{ pid, addresses }]);
    return symbols.frames(pid, addresses)[0];
  };
  assert.equal(await name(), "[unknown]");
  const elsewhere = inDirectory("elsewhere.map");
  await Deno.writeTextFile(elsewhere, text);
  await Deno.symlink(elsewhere, path);
  try {
    assert.equal(await name(), "[unknown]", "a symbolic link");
    await Deno.remove(path);
    await runCommand("mkfifo", path);
    assert.equal(await name(), "[unknown]", "a FIFO");
    await Deno.remove(path);
    await Deno.writeTextFile(path, text);
    await Deno.chown(path, 12_345, 12_345);
    assert.equal(await name(), "[unknown]", "a file of another user");
    await Deno.chown(path, 0, 0);
    assert.equal(await name(), "JS::a\\x1b b.js");
    await Deno.writeTextFile(path, `${firstLine} 100 newer\n`, { append: true });
    assert.equal(await name(), "newer");
  } finally {
    await Deno.remove(path);
  }
  assert.equal(await name(), "newer", "the name of code that is no longer listed");
});

Deno.test("demangle() agrees with c++filt, apart from return types and how std::string and constants are written", async () => {
  const library = (await runCommand("g++", "-print-file-name=libstdc++.so.6")).trim();
  const names = [...(await runCommand("nm", "-D", "--defined-only", library)).matchAll(/ [TW] (_Z[^@\s]+)/g)]
    .map(([, name]) => name!);
  const list = inDirectory("mangled");
  await Deno.writeTextFile(list, names.join("\n"));
  const judged = (await runCommand("sh", "-c", `c++filt < "$1"`, "sh", list)).split("\n");
  const agreeing = names.filter((name, index) => judged[index]!.endsWith(demangle(name)));
  assert.ok(names.length > 3000);
  assert.ok(agreeing.length > names.length * 0.8, `${agreeing.length} of ${names.length}`);
  assert.ok(names.every((name) => !demangle(name).startsWith("_Z")));
});

Deno.test("demangle() reads Rust names of both kinds, and leaves others as they are", () => {
  assert.equal(demangle("_ZN4core3fmt5Write9write_fmt17h05af221e174051e9E"), "core::fmt::Write::write_fmt");
  assert.equal(demangle("_RNvCs1234_7mycrate3foo"), "mycrate::foo");
  for (const name of ["main", "_Z", "_start", "_Zzz", "?x@@YAXXZ", "_RNv"]) {
    assert.equal(demangle(name), name);
  }
});

Deno.test("demangle() bounds the memory of a name that repeats itself, and goes on", () => {
  const number = (index: number): string =>
    index === 0 ? "S_" : `S${(index - 1).toString(36).toUpperCase()}_`;
  const repeated = Array.from({ length: 30 }, (_, index) => `S_I${number(index + 1)}${number(index + 1)}E`);
  const name = `_Z1fSt4pairIiiE${repeated.join("")}`;
  const before = Deno.memoryUsage().rss;
  for (let count = 0; count < 5; count++) assert.equal(demangle(name), name);
  assert.ok(Deno.memoryUsage().rss - before < 100 * 1024 * 1024);
  assert.equal(demangle("_Z3foov"), "foo()");
  // Nested too deeply for the module's stack.
  const deep = `_Z1f${"P".repeat(2000)}i`;
  assert.equal(demangle(deep), deep);
  assert.equal(demangle("_Z3foov"), "foo()");
});

Deno.test("UserSymbols survives 2,000 damaged copies of a program, and names the next one", async () => {
  const binary = inDirectory("damaged_original");
  await compile("nested_calls.cpp", binary);
  const original = await Deno.readFile(binary);
  // Numerical Recipes, "quick and dirty".
  let state = 15;
  const random = () => state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  const path = inDirectory("damaged");
  const openDebugFile = () => null;
  let named = 0;
  const before = Deno.memoryUsage().rss;
  for (let round = 0; round < 2000; round++) {
    const bytes = original.slice();
    for (let count = 1 + random() % 32; count > 0; count--) {
      const places = [random() % 1024, original.length - 1 - random() % 4096, random() % original.length];
      bytes[places[random() % 3]!] = random() % 3 === 0 ? 0xff : random() % 256;
    }
    await Deno.writeFile(path, round % 10 === 0 ? bytes.subarray(0, random() % bytes.length) : bytes);
    using file = ReadOnlyFile.openInRoot("/", path, "none")!;
    const symbols = new FileSymbols(file, openDebugFile);
    for (let offset = 0x1000; offset < 0x3000; offset += 0x100) {
      const address = symbols.addressOf(offset);
      const name = address === null ? null : symbols.nameOf(file, openDebugFile, address);
      if (name?.includes("nested::Level")) named++;
    }
  }
  assert.ok(named > 2000, "most damage leaves names");
  assert.ok(Deno.memoryUsage().rss - before < 100 * 1024 * 1024);
});

Deno.test("Resolver says nothing of files that it had no time to read, and gives a program up after five requests", async () => {
  await using child = new Deno.Command("sleep", { args: ["infinity"] }).spawn();
  const maps = await until(
    "sleep has mapped libc",
    () => Deno.readTextFile(`/proc/${child.pid}/maps`),
    (text) => /libc/.test(text),
  );
  const addresses = Float64Array.from(
    maps.matchAll(/^([0-9a-f]+)-\S+ r-xp .* \//gm),
    ([, start]) => parseInt(start!, 16),
  );
  const request = { pid: child.pid, generation: null, open: addresses, final: new Float64Array() };
  const hurried = new Resolver(0n);
  const answers = Array.from({ length: 6 }, () => hurried.resolve(request));
  for (const { names } of answers) assert.deepEqual(new Set(names), new Set(["[unknown]"]));
  assert.deepEqual(answers.map(({ isFinal }) => isFinal.every((final) => final === 1)), [
    ...Array(5).fill(false),
    true,
  ]);
  const names = new Resolver().resolve(request).names;
  assert.ok(names.length === addresses.length && !names.includes("[unknown]"), names.join(" "));
});
