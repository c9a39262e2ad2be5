/**
 * dist/ktop with each environment variable that makes programs load code or write files: it does neither.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { runCommand } from "../support/commands.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { BINARY, CopiedKtop } from "./session.ts";
import { type Bait, type Variable, VARIABLES } from "./variables.ts";

const ARGUMENTS = ["vfsstat", "--json", "-i", "0.1", "--count", "1"];

/** Leaves a mark when it is loaded, also as an auditor (rtld-audit(7)). */
const LIBRARY = `#include <fcntl.h>
#include <unistd.h>
__attribute__((constructor)) static void mark(void) { close(open(MARK, O_CREAT | O_WRONLY, 0666)); }
unsigned la_version(unsigned version) { return version; }
void gconv(void) {}
void gconv_init(void) {}
`;

/**
 * Names under which the bait is searched for: programs, gconv's and ICU's data, a locale, a time zone, and what Deno, Node and npm
 * read in the working directory.
 */
const NAMES = ["sh", "ktop", "ldconfig", "gconv-modules", "icudt74l.dat", "zoneinfo64.res", "C.UTF-8", "UTC"]
  .concat(["deno.json", "deno.lock", "package.json", ".npmrc", ".env"]);

/** Bait in a directory, which everyone may write to, and what was done with it. */
class Trap implements AsyncDisposable {
  private constructor(private readonly directory: TemporaryDirectory, readonly bait: Bait) {}

  static async make(): Promise<Trap> {
    const directory = await TemporaryDirectory.make();
    const at = (name: string): string => `${directory.path}/${name}`;
    const bait: Bait = {
      library: at("mark.so"),
      libraries: at("libraries"),
      script: at("mark.cjs"),
      tree: at("tree"),
      out: at("out"),
    };
    for (const path of [bait.libraries, bait.tree, bait.out, at("tree/node_modules")]) {
      await Deno.mkdir(path);
    }
    await Deno.writeTextFile(at("mark.c"), LIBRARY);
    const mark = `-DMARK="${at("mark")}"`;
    await runCommand("gcc", "-shared", "-fPIC", mark, "-o", bait.library, at("mark.c"));
    await Deno.copyFile(bait.library, `${bait.libraries}/libgcc_s.so.1`);
    const script = `require("node:fs").writeFileSync(${JSON.stringify(at("mark"))}, "");`;
    await Deno.writeTextFile(bait.script, script);
    for (const folder of ["commander", "node_modules/commander"]) {
      await Deno.mkdir(`${bait.tree}/${folder}`);
      await Deno.writeTextFile(`${bait.tree}/${folder}/index.js`, script);
    }
    for (const name of NAMES) {
      await Deno.writeTextFile(`${bait.tree}/${name}`, `#!/bin/sh\n: >'${at("mark")}'\n`, { mode: 0o755 });
    }
    await runCommand("chmod", "-R", "a+rwX", directory.path);
    return new Trap(directory, bait);
  }

  /** The files that were made since the last call, which removes them. */
  async takeFiles(): Promise<string[]> {
    const made = [...Deno.readDirSync(this.bait.out)].map(({ name }) => `out/${name}`);
    for (const name of made) await Deno.remove(`${this.directory.path}/${name}`, { recursive: true });
    const mark = `${this.directory.path}/mark`;
    return await Deno.remove(mark).then(() => [...made, "mark"], () => made);
  }

  get path(): string {
    return this.directory.path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.directory[Symbol.asyncDispose]();
  }
}

interface Outcome {
  readonly code: number;
  /** Standard output is one tick. */
  readonly isTick: boolean;
  readonly stderr: string;
  readonly files: readonly string[];
}

const NOTHING: Outcome = { code: 0, isTick: true, stderr: "", files: [] };

/** env(1) with these variables alone. */
function inEnvironment(name: string, variable: Variable, bait: Bait): string[] {
  const all = { ...variable.with?.(bait), [name]: variable.value(bait) };
  return ["/usr/bin/env", "-i", ...Object.entries(all).map(([key, value]) => `${key}=${value}`)];
}

async function runWith(
  name: string,
  { trap, ktop, through = [] }: {
    readonly trap: Trap;
    /** The command that becomes ktop. */
    readonly ktop: readonly string[];
    readonly through?: readonly string[];
  },
): Promise<Outcome> {
  const [command, ...args] = [
    ...through,
    ...inEnvironment(name, VARIABLES[name]!, trap.bait),
    ...ktop,
    ...ARGUMENTS,
  ];
  const { code, stdout, stderr } = await new Deno.Command(command!, { args, cwd: trap.bait.tree }).output();
  const decoder = new TextDecoder();
  return {
    code,
    isTick: /^\{"v":1,"tool":"vfsstat".*\}\n$/.test(decoder.decode(stdout)),
    stderr: decoder.decode(stderr),
    files: await trap.takeFiles(),
  };
}

const trap = await Trap.make();
globalThis.addEventListener("unload", () => Deno.removeSync(trap.path, { recursive: true }));

const ofFate = (...fates: readonly string[]): string[] =>
  Object.keys(VARIABLES).filter((name) => fates.includes(VARIABLES[name]!.fate));

/** What is printed before ktop's first line: the runtime's messages, the loader's list of libraries (then ktop does not run). */
const PRINTED: Readonly<Record<string, Partial<Outcome>>> = {
  DENO_LOG: { stderr: "" },
  LD_TRACE_LOADED_OBJECTS: { isTick: true },
};

for (const name of ofFate("cleared", "harmless")) {
  Deno.test(`dist/ktop run by root loads no code and writes no file because of ${name}`, async () => {
    const outcome = await runWith(name, { trap, ktop: [BINARY] });
    assert.deepEqual({ ...outcome, ...PRINTED[name] }, NOTHING);
  });
}

Deno.test("the loader acts on variables before ktop's first line, but not with file capabilities or setgid, nor through a setuid program", async (test) => {
  await using capable = await CopiedKtop.make();
  await runCommand("setcap", "cap_bpf,cap_perfmon+ep", capable.path);
  await using setgid = await CopiedKtop.make();
  await Deno.chown(setgid.path, 0, 65532);
  await runCommand("chmod", "2755", setgid.path);
  const setuid = `${setgid.path}-setpriv`; // becomes root, as sudo
  await Deno.copyFile("/usr/bin/setpriv", setuid);
  await runCommand("chmod", "4755", setuid);
  const become = (id: number): string[] => [`--reuid=${id}`, `--regid=${id}`, "--clear-groups"];
  const through = ["setpriv", ...become(65533)];
  const ways: Readonly<Record<string, { ktop: readonly string[]; through?: readonly string[] }>> = {
    "file capabilities": { ktop: [capable.path], through },
    "setgid": { ktop: [setgid.path] },
    "a setuid program": { ktop: [setuid, ...become(0), BINARY], through },
  };
  for (const name of ofFate("loader")) {
    await test.step(`${name} has an effect on root`, async () => {
      assert.notDeepEqual(await runWith(name, { trap, ktop: [BINARY] }), NOTHING);
    });
    for (const [way, run] of Object.entries(ways)) {
      await test.step(`${name} has none with ${way}`, async () => {
        const { stderr, ...outcome } = await runWith(name, { trap, ...run });
        assert.deepEqual({ ...outcome, stderr: "" }, NOTHING, stderr);
        // glibc 2.36 looks for the profile in a directory of root instead.
        if (name !== "LD_PROFILE_OUTPUT") assert.equal(stderr, "");
      });
    }
  }
});

Deno.test("dist/ktop with all variables at once opens no bait but the time zone, and its own code runs without those of the runtime", async () => {
  const names = ofFate("cleared", "harmless").filter((name) => PRINTED[name]?.isTick === undefined);
  const log = `${trap.path}/strace`;
  const settings = names.map((name) => `${name}=${VARIABLES[name]!.value(trap.bait)}`);
  const trace = ["-f", "-qq", "-e", "trace=open,openat,execve,connect", "-v", "-s", "4096", "-o", log];
  const args = [...trace, "/usr/bin/env", "-i", ...settings, BINARY, ...ARGUMENTS];
  const { code } = await new Deno.Command("strace", { args, cwd: trap.bait.tree }).output();
  assert.equal(code, 0);
  assert.deepEqual(await trap.takeFiles(), []);
  const calls = (await Deno.readTextFile(log)).split("\n");
  const opened = calls.filter((call) => / open(?:at)?\(/.test(call) && call.includes(trap.path))
    .flatMap((call) => /"([^"]*)"/.exec(call)?.[1] ?? []);
  assert.deepEqual([...new Set(opened)], [trap.bait.script]); // TZ
  assert.deepEqual(calls.filter((call) => / connect\(/.test(call)), []);
  const executed = calls.filter((call) => call.includes(` execve("${BINARY}"`));
  assert.equal(executed.length, 2);
  const last = executed[1]!;
  for (const name of names) {
    assert.equal(last.includes(`"${name}=`), VARIABLES[name]!.fate === "harmless", name);
  }
});

Deno.test("src/README.md lists each of these variables, and what becomes of it", async () => {
  const readme = await Deno.readTextFile(join(import.meta.dirname!, "../../src/README.md"));
  const section = /^## The environment\n([^]*?)(?=^## |$(?![^]))/m.exec(readme)![1]!;
  const rows = [...section.matchAll(/^\| (`.*) \| [^|]* \| [^|]* \| ([^|]*) \|$/gm)];
  const listed = new Map(
    rows.flatMap(([, names, fate]) =>
      [...names!.matchAll(/`([A-Za-z0-9_]+)`/g)].map(([, name]) => [name!, fate!] as const)
    ),
  );
  const words = { loader: /^cannot/, cleared: /^cleared/, harmless: /^nothing to do/ };
  for (const [name, { fate }] of Object.entries(VARIABLES)) {
    assert.match(listed.get(name) ?? "not listed", words[fate], name);
  }
  for (const name of listed.keys()) {
    assert.ok(VARIABLES[name] ?? Object.values(VARIABLES).some((one) => one.with?.(trap.bait)[name]), name);
  }
});
