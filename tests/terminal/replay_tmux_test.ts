/**
 * `ktop replay` in a real terminal, from source, without any probe.
 *
 * @module
 */
import assert from "node:assert/strict";
import { recordedText } from "./recorded.ts";
import { Tmux } from "../support/tmux.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

interface Session extends AsyncDisposable {
  readonly tmux: Tmux;
  readonly dir: string;
}

/** Runs a shell line in which `ktop` is ktop and `$file` a recording of three minutes. */
async function start(line: string, [width, height] = [120, 40]): Promise<Session> {
  const dir = await Deno.makeTempDir({ prefix: "ktop-replay-" });
  await Deno.writeTextFile(`${dir}/file`, recordedText(180));
  await Deno.writeTextFile(
    `${dir}/run`,
    `ktop() { ${Deno.execPath()} run -A --no-check ${MAIN} "$@"; }\nfile=${dir}/file\nstty -a >${dir}/before\n` +
      `{ ${line}; } 2>${dir}/stderr\necho $? >${dir}/code\nstty -a >${dir}/after\necho shell is back\nexec cat\n`,
  );
  const tmux = await Tmux.start(width as number, height as number, `sh ${dir}/run`);
  return {
    tmux,
    dir,
    async [Symbol.asyncDispose]() {
      await tmux[Symbol.asyncDispose]();
      await Deno.remove(dir, { recursive: true });
    },
  };
}

async function assertGivenBack({ tmux, dir }: Session): Promise<void> {
  await tmux.shows(/shell is back/);
  assert.equal(await tmux.format("#{alternate_on} #{cursor_flag}"), "0 1");
  assert.equal(await Deno.readTextFile(`${dir}/after`), await Deno.readTextFile(`${dir}/before`));
  assert.deepEqual(
    [await Deno.readTextFile(`${dir}/code`), await Deno.readTextFile(`${dir}/stderr`)],
    ["0\n", ""],
  );
}

/** Waits until the header and the rows are those of a tick. */
const showsTick = (tmux: Tmux, number: number, more = ""): Promise<string> =>
  tmux.shows(new RegExp(`recorded-host[^\\n]* ${number}/180 +REPLAY${more}\\n[^]*file-${number}\\.`));

Deno.test("replay plays, holds, steps, jumps and changes speed as its keys say", async () => {
  await using session = await start("ktop replay $file");
  const { tmux } = session;
  await tmux.shows(/ (\d\d|[2-9])\/180 +REPLAY\n[^]*file-\1\./);
  await tmux.keys("Space");
  const paused = await tmux.shows(/(\d+)\/180 +REPLAY PAUSED/);
  const at = Number(/(\d+)\/180/.exec(paused)![1]);
  assert.match(paused, /2026-11-\d\d \d\d:\d\d:\d\d/);
  await tmux.keys("]", "]");
  await showsTick(tmux, at + 2, " PAUSED");
  await tmux.keys("[");
  await showsTick(tmux, at + 1, " PAUSED");
  await tmux.keys("}");
  await showsTick(tmux, at + 61, " PAUSED");
  await tmux.keys("{");
  await showsTick(tmux, at + 1, " PAUSED");
  await tmux.keys("$");
  await showsTick(tmux, 180, " END");
  await tmux.keys("{", "{");
  await showsTick(tmux, 60, " PAUSED");
  await tmux.keys("0");
  await showsTick(tmux, 1, " PAUSED");
  await tmux.keys("+", "+", "+", "+", "+", "Space");
  await tmux.shows(/ 32x +180\/180 +REPLAY END\n[^]*file-180\./);
  await tmux.keys("-");
  await tmux.shows(/ 16x +180\/180 +REPLAY END/);
  await tmux.keys("q");
  await assertGivenBack(session);
});

Deno.test("replay keeps sorting, filtering, zoom and help, and offers no key that means nothing", async () => {
  await using session = await start("ktop replay $file");
  const { tmux } = session;
  await tmux.shows(/dcstat could not run there/);
  await tmux.keys("Space", "?");
  const help = await tmux.shows(/One tick back, and hold/);
  assert.doesNotMatch(help, /Longer interval|All types/);
  await tmux.keys("Escape", "/", "n", "o", "n", "e", "Enter");
  await tmux.shows(/no row matches the filter/);
  await tmux.keys("Escape", "2", "z");
  await tmux.shows(/2 vfsstat[^]*READ\/s/);
  await tmux.keys("q");
  await assertGivenBack(session);
});

Deno.test("replay - takes the recording from a pipe and its keys from the terminal", async () => {
  await using session = await start("cat $file | ktop replay -", [80, 24]);
  const { tmux } = session;
  await tmux.shows(/ \d+\/\? +REPLAY\n/);
  await tmux.keys("Space", "}");
  await tmux.shows(/ \d\d+\/\? +REPLAY PAUSED/);
  await tmux.keys("0");
  await tmux.shows(/ 1\/\? +REPLAY PAUSED/);
  await tmux.keys("q");
  await assertGivenBack(session);
});

Deno.test("replay prints plain text on a dumb terminal", async () => {
  await using session = await start(
    "TERM=dumb ktop replay $file | tail -n 25 >${file}.text; cat ${file}.text",
  );
  await session.tmux.shows(/host recorded-host[^]*file-180\./);
});

Deno.test("replay shows what can be read of a damaged recording, and ends with 1 and the reason", async () => {
  await using session = await start("{ cat $file; echo garbage; } >${file}.bad; ktop replay ${file}.bad");
  const { tmux, dir } = session;
  await tmux.shows(/ \d+\/18\d +REPLAY\n/);
  await tmux.keys("$");
  await tmux.shows(/ 180\/180 +REPLAY UNREADABLE\n[^]*file-180\./);
  await tmux.keys("q");
  await tmux.shows(/shell is back/);
  assert.equal(await Deno.readTextFile(`${dir}/code`), "1\n");
  assert.match(await Deno.readTextFile(`${dir}/stderr`), /after 180 ticks a line is not a JSON object\.\n$/);
});
