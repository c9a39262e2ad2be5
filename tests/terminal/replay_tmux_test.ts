/**
 * `ktop replay` in a terminal, from source.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Tmux } from "../support/tmux.ts";
import { recordedText } from "./recorded.ts";
import { KTOP, Session } from "./session.ts";

/** Runs a script in which `ktop` is ktop, and `$file` a recording of three minutes. */
function start(script: string, size: readonly [width: number, height: number] = [120, 40]): Promise<Session> {
  return Session.start(`ktop() { ${KTOP} "$@"; }; file="$dir/file"; ${script}`, {
    size,
    files: { file: recordedText(180) },
  });
}

/** Fails unless the terminal is restored and nothing was written to standard error. */
async function assertRestored(session: Session): Promise<void> {
  await session.assertRestored();
  assert.equal(await session.file("stderr"), "");
}

/** Waits until the header and the rows are those of a tick; `more` follows REPLAY in the header. */
const showsTick = (tmux: Tmux, number: number, more = ""): Promise<string> =>
  tmux.shows(new RegExp(`recorded-host[^\\n]* ${number}/180 +REPLAY${more}\\n[^]*file-${number}\\.`));

Deno.test("the keys of replay play, pause, step, jump and change the speed", async () => {
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
  await assertRestored(session);
});

Deno.test("@ goes to a time of the recording, and --at starts there", async () => {
  await using session = await start("ktop replay --utc --at 18:01:30 $file");
  const { tmux } = session;
  await showsTick(tmux, 91, " PAUSED");
  await tmux.keys("@");
  await tmux.shows(/Go to time █/);
  await tmux.keys("-l", "18:02:00");
  await tmux.shows(/Go to time 18:02:00█/);
  await tmux.keys("Enter");
  await showsTick(tmux, 121, " PAUSED");
  await tmux.keys("@");
  await tmux.shows(/Go to time █/);
  await tmux.keys("-l", "2026-11-20 19:00");
  await tmux.shows(/Go to time 2026-11-20 19:00█/);
  await tmux.keys("Enter");
  await tmux.shows(/the recording ends at 18:02:59/);
  await tmux.keys("Escape", "q");
  await assertRestored(session);
});

Deno.test("replay can filter, zoom and show help, and offers no key that has no effect there", async () => {
  await using session = await start("ktop replay $file");
  const { tmux } = session;
  await tmux.shows(/dcstat could not run there/);
  await tmux.keys("Space", "?");
  const help = await tmux.shows(/One tick back, and pause/);
  assert.doesNotMatch(help, /Longer interval|Show all file types/);
  await tmux.keys("Escape", "/", "n", "o", "n", "e", "Enter");
  await tmux.shows(/no row matches the filter/);
  await tmux.keys("Escape", "2", "z");
  await tmux.shows(/2 vfsstat[^]*READ\/s/);
  await tmux.keys("q");
  await assertRestored(session);
});

Deno.test("replay - reads the recording from a pipe and keys from the terminal", async () => {
  await using session = await start("cat $file | ktop replay -", [80, 24]);
  const { tmux } = session;
  await tmux.shows(/ \d+\/\? +REPLAY\n/);
  await tmux.keys("Space", "}");
  await tmux.shows(/ \d\d+\/\? +REPLAY PAUSED/);
  await tmux.keys("0");
  await tmux.shows(/ 1\/\? +REPLAY PAUSED/);
  await tmux.keys("q");
  await assertRestored(session);
});

/** A gzip file: a recording, then a text until it has expanded to 60 MB. Below the 64 MB at which a tick is refused. */
function expanding(recording: string, text: string): Uint8Array {
  const member = gzipSync(text.repeat(1e6 / text.length));
  const members = Array<Uint8Array>(60).fill(member);
  return Buffer.concat([gzipSync(recording), ...members]);
}

Deno.test("replay handles keys while it reads millions of lines without a tick", async () => {
  for (const line of ["\n", "{}\n"]) {
    await using session = await start(
      'while [ ! -e "$file.gz" ]; do sleep 0.1; done; ktop replay "$file.gz"',
    );
    const { tmux } = session;
    const made = join(session.directory, "made");
    await Deno.writeFile(made, expanding(recordedText(1), line));
    await Deno.rename(made, join(session.directory, "file.gz"));
    await tmux.shows(/ 1\/[?1] +REPLAY/);
    await tmux.keys("?");
    await tmux.shows(/One tick back, and pause/);
    await tmux.keys("Escape", "q");
    await assertRestored(session);
  }
});

Deno.test("replay prints plain text on a dumb terminal", async () => {
  await using session = await start(
    "TERM=dumb ktop replay $file | tail -n 25 >${file}.text; cat ${file}.text",
  );
  await session.tmux.shows(/host recorded-host[^]*file-180\./);
});

Deno.test("replay --by groups the panes that have the column, and refuses a column that no tool has", async () => {
  await using session = await start("ktop replay --by comm $file; ktop replay --by coom $file");
  const { tmux } = session;
  await tmux.shows(/filetop ─ by COMM ─[^]*▸ +\d/);
  await tmux.keys("q");
  await tmux.shows(/shell is back/);
  const refused = /^ktop: None of these tools can be grouped by "coom"\. Did you mean comm\? .*\n$/;
  assert.match(await session.file("stderr"), refused);
  assert.equal(await session.file("code"), "2\n");
});

Deno.test("replay shows the intact part of a damaged recording, and exits with 1 and the reason", async () => {
  await using session = await start("{ cat $file; echo garbage; } >${file}.bad; ktop replay ${file}.bad");
  const { tmux } = session;
  await tmux.shows(/ \d+\/18\d +REPLAY\n/);
  await tmux.keys("$");
  await tmux.shows(/ 180\/180 +REPLAY UNREADABLE\n[^]*file-180\./);
  await tmux.keys("q");
  await tmux.shows(/shell is back/);
  assert.equal(await session.file("code"), "1\n");
  assert.match(await session.file("stderr"), /after 180 ticks a line is not a JSON object\.\n$/);
});

Deno.test("a replay shows the filters, the tier and the flags of its recording", async () => {
  const text = recordedText(180)
    .replace(
      '"filters":{"self":false}',
      '"filters":{"self":false,"comm":"nginx","cgroup":"/web","followed":["make","-j4"]},"forced_tier":"fentry"',
    )
    .replace('"flags":{}', '"flags":{"sort-by":"all","all-types":true,"directory":"/var"}');
  await using session = await Session.start(`${KTOP} replay "$dir/file"`, {
    size: [110, 24],
    files: { file: text },
  });
  await session.tmux.shows(
    / ktop .* command make -j4 {2}comm nginx {2}cgroup \/web {2}tier fentry .*REPLAY[^]*1 filetop ─ all-types ─ directory=\/var ─[^]*2 vfsstat/,
  );
  await session.tmux.keys("Space");
  await session.tmux.shows(/comm nginx .*PAUSED[^]*1 filetop ─ all-types/);
  await session.tmux.keys("e");
  await session.tmux.shows(/^ The flags of a recording cannot be changed$/m);
});
