/**
 * Programs in tmux whose effect on the terminal is checked: its modes are saved before and after.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { TemporaryDirectory } from "../support/directory.ts";
import { MAIN } from "../support/ktop.ts";
import { quoted } from "../support/shell.ts";
import { Tmux, until } from "../support/tmux.ts";

/** The path of the compiled ktop. */
export const BINARY = join(import.meta.dirname!, "../../dist/ktop");

const DEMO = join(import.meta.dirname!, "demo.ts");

/** The shell command that runs a module of this repository from source; `options` come before the module. */
const runModule = (path: string, options: string): string =>
  `${quoted(Deno.execPath())} run -A ${options} ${quoted(path)}`;

/** The shell command that runs the compiled ktop. */
export const COMPILED_KTOP = quoted(BINARY);

/** A copy of the compiled ktop that every user can reach, wherever the repository is. */
export class CopiedKtop implements AsyncDisposable {
  private constructor(private readonly directory: TemporaryDirectory) {}

  static async make(): Promise<CopiedKtop> {
    const copy = new CopiedKtop(await TemporaryDirectory.make());
    await Deno.chmod(copy.directory.path, 0o755);
    await Deno.copyFile(BINARY, copy.path);
    await Deno.chmod(copy.path, 0o755);
    return copy;
  }

  get path(): string {
    return `${this.directory.path}/ktop`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.directory[Symbol.asyncDispose]();
  }
}

/** The shell command that runs ktop from source. */
export const KTOP = runModule(MAIN, "--no-check");

/** The shell command that runs the screen over a fake monitor, with the flags of demo.ts. */
export const demo = (flags = ""): string => `${runModule(DEMO, "--no-check")} ${flags}`;

/** The shell command that runs a test program of this folder, with packages only from the cache. */
export const testProgram = (name: string): string =>
  runModule(join(import.meta.dirname!, name), "--no-check --cached-only");

/** A shell script in tmux, in a temporary directory. */
export class Session implements AsyncDisposable {
  private constructor(readonly tmux: Tmux, readonly directory: string) {}

  /**
   * Runs a script. It may read `$dir`, the directory, and write its process id to `$dir/pid`.
   *
   * @param script the shell script
   * @param size columns and rows of the terminal
   * @param files the files of the directory, by name
   */
  static async start(
    script: string,
    { size: [width, height] = [120, 40], files = {} }: {
      readonly size?: readonly [width: number, height: number];
      readonly files?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Session> {
    const directory = await Deno.makeTempDir({ prefix: "ktop-session-" });
    const run = `dir=${quoted(directory)}\nstty -a >"$dir/before"\n{ ${script}\n} 2>"$dir/stderr"\n` +
      `echo $? >"$dir/code"\nstty -a >"$dir/after"\necho shell is back\nexec cat\n`;
    for (const [name, text] of Object.entries({ ...files, run })) {
      await Deno.writeTextFile(join(directory, name), text);
    }
    return new Session(await Tmux.start(width, height, `sh ${quoted(join(directory, "run"))}`), directory);
  }

  /** Runs the demo with these flags. */
  static startDemo(flags = "", size: readonly [width: number, height: number] = [120, 40]): Promise<Session> {
    return Session.start(demo(`--pid-file "$dir/pid" ${flags}`), { size });
  }

  /** The text of a file in the directory, such as `stderr` and `code`; empty when there is none. */
  file(name: string): Promise<string> {
    return Deno.readTextFile(join(this.directory, name)).catch(() => "");
  }

  /** Waits for the process id that the script writes to `$dir/pid`. */
  async pid(): Promise<number> {
    return Number(await until("a process id", () => this.file("pid"), (text) => text !== ""));
  }

  /** Waits for the end of the script, and fails unless the terminal has the modes of before and the exit code is `code`. */
  async assertRestored(code = 0): Promise<void> {
    const { tmux } = this;
    await tmux.shows(/shell is back/);
    assert.equal(
      await tmux.format("#{alternate_on} #{cursor_flag} #{wrap_flag} #{mouse_any_flag}"),
      "0 1 1 0",
    );
    assert.equal(await this.file("after"), await this.file("before"));
    assert.equal((await this.file("code")).trim(), String(code), await this.file("stderr"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tmux[Symbol.asyncDispose]();
    await Deno.remove(this.directory, { recursive: true });
  }
}
