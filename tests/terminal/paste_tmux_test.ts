/**
 * Pasting into the screen: text is inserted into prompts and ignored elsewhere, and the terminal marks pastes only while
 * the screen is shown.
 *
 * @module
 */
import assert from "node:assert/strict";
import { isAlive, Tmux, until } from "../support/tmux.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { demo, KTOP, Session } from "./session.ts";
import { recordedText } from "./recorded.ts";

/** Keys that write files, clear and quit, between others. */
const DANGEROUS = "see w, W and x\nthen quit: q\n";

for (const bracketed of [true, false]) {
  Deno.test(`a paste over the panes runs no key (${bracketed ? "marked" : "not marked"} by the terminal)`, async () => {
    await using session = await Session.startDemo("--every 100000 --history 30", [80, 24]);
    const { tmux } = session;
    await tmux.shows(/1\/24|q Quit/);
    const pid = await session.pid();
    await tmux.paste(DANGEROUS, bracketed);
    await tmux.shows(/ignored .*\/ opens the filter/);
    await tmux.keys("/");
    await tmux.paste("comm=nginx ", bracketed);
    await tmux.shows(/Filter comm=nginx/);
    assert.equal(isAlive(pid), true);
    await tmux.keys("Enter", "q");
    await session.assertRestored();
    // The filter that was pasted into its prompt selects rows; nothing else may be called.
    assert.match(await session.file("stderr"), /calls: (?:selectRows[^ ]* (?:\{[^ ]* )?)*close$/m);
  });
}

Deno.test("a paste of many kilobytes runs no key, and repeated keys still work", async () => {
  await using session = await Session.startDemo("--every 100000 --history 30");
  const { tmux } = session;
  await tmux.shows(/ 1\/24 [^]*q Quit/);
  await tmux.paste(DANGEROUS.repeat(400), false);
  await tmux.shows(/at once: ignored as pasted text/);
  // The message appears with the first piece: keys before the last one belong to the paste.
  await until("the last row", async () => {
    await tmux.keys("jjjjjjjjjj");
    return await tmux.screen();
  }, (screen) => screen.includes(" 24/24 "));
  await tmux.keys("q");
  await session.assertRestored();
  assert.match(await session.file("stderr"), /calls: close$/m);
});

Deno.test("a paste into a replay writes no files", async () => {
  await using session = await Session.start(`cd "$dir"; ${KTOP} --no-config replay "$dir/file"`, {
    files: { file: recordedText(60) },
  });
  await session.tmux.shows(/REPLAY[^]*q Quit/);
  const before = [...Deno.readDirSync(session.directory)].map(({ name }) => name).sort();
  await session.tmux.paste(DANGEROUS);
  await session.tmux.shows(/Pasted text is ignored here/);
  await session.tmux.keys("q");
  await session.assertRestored();
  const after = [...Deno.readDirSync(session.directory)].map(({ name }) => name).sort();
  assert.deepEqual(after.filter((name) => !["after", "code"].includes(name)), before);
});

/** Waits until the window's program shows pasted text without marks around it: `cat` echoes them as ^[[200~. */
async function assertUnmarked(tmux: Tmux): Promise<void> {
  await tmux.paste("pasted-into-the-shell");
  const screen = await tmux.shows(/pasted-into-the-shell/);
  assert.doesNotMatch(screen, /200~|201~/);
}

Deno.test("pastes are no longer marked after q, SIGTERM, a deadly signal and an exception", async () => {
  for (const end of ["q", "SIGTERM", "SIGUSR1", "--throw-after 300"] as const) {
    await using session = await Session.startDemo(end.startsWith("--") ? end : "");
    await session.tmux.shows(/1 filetop/);
    if (end === "q") await session.tmux.keys("q");
    else if (!end.startsWith("--")) Deno.kill(await session.pid(), end as Deno.Signal);
    await session.tmux.shows(/shell is back/);
    await assertUnmarked(session.tmux);
  }
});

Deno.test("pastes are not marked while the screen is suspended, and are again after fg", async () => {
  await using directory = await TemporaryDirectory.make();
  await using tmux = await Tmux.start(100, 30, "PS1='shell> ' dash -i");
  await tmux.shows(/shell>/);
  await tmux.keys(`${demo()} 2>${directory.path}/stderr`, "Enter");
  await tmux.shows(/4 runqslower[^]*q Quit/);
  await tmux.keys("C-z");
  await tmux.shows(/Stopped/);
  await assertUnmarked(tmux);
  await tmux.keys("C-u");
  await tmux.keys("fg", "Enter");
  await tmux.shows(/1 filetop[^]*q Quit/);
  await tmux.paste("wq");
  await tmux.shows(/Pasted text is ignored here/);
  await until("the end", async () => {
    await tmux.keys("q");
    return await tmux.screen();
  }, (screen) => !screen.includes("1 filetop"));
});
