/**
 * The demo in tmux, started and ended as the tests of the screen need it.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Tmux, until } from "../support/tmux.ts";

const DEMO = new URL("./demo.ts", import.meta.url).pathname;

/** A demo in tmux between two looks at the terminal's modes. */
export interface Session extends AsyncDisposable {
  readonly tmux: Tmux;
  readonly pid: () => Promise<number>;
  /** The text of a file it wrote: `stderr`, `code`; empty where there is none. */
  readonly file: (name: string) => Promise<string>;
}

/** The command that runs the demo, with what it says and its process id kept in a directory. */
export const demoCommand = (dir: string, args: string): string =>
  `${Deno.execPath()} run -A --no-check ${DEMO} --pid-file ${dir}/pid ${args} 2>${dir}/stderr`;

/** Starts the demo with these flags. */
export async function start(args = "", [width, height] = [120, 40]): Promise<Session> {
  const dir = await Deno.makeTempDir({ prefix: "ktop-tmux-" });
  const command = `stty -a >${dir}/before; ${demoCommand(dir, args)}; echo $? >${dir}/code; ` +
    `stty -a >${dir}/after; echo shell is back; exec cat`;
  const tmux = await Tmux.start(width as number, height as number, command);
  const file = (name: string): Promise<string> => Deno.readTextFile(`${dir}/${name}`).catch(() => "");
  return {
    tmux,
    file,
    pid: async () => Number(await until("a pid", () => file("pid"), (text) => text !== "")),
    async [Symbol.asyncDispose]() {
      await tmux[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

/** Waits for the end, then fails unless the terminal is as it was and the monitor was closed once. */
export async function assertGivenBack({ tmux, file }: Session, code = 0): Promise<void> {
  await tmux.shows(/shell is back/);
  assert.equal(await tmux.format("#{alternate_on} #{cursor_flag} #{wrap_flag} #{mouse_any_flag}"), "0 1 1 0");
  assert.equal(await file("after"), await file("before"));
  assert.equal((await file("code")).trim(), String(code));
}
