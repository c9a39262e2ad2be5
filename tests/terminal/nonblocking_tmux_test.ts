/**
 * The screen on a terminal that another process made non-blocking, and that reads slowly.
 *
 * @module
 */
import { until } from "../support/tmux.ts";
import { demo, Session } from "./session.ts";

/** Runs a command whose standard output is the terminal with O_NONBLOCK. The shell keeps a blocking one. */
const NON_BLOCKING = 'perl -MFcntl -e \'open(STDOUT, "+<", "/dev/tty") or die; ' +
  "fcntl(STDOUT, F_SETFL, O_RDWR | O_NONBLOCK) or die; exec @ARGV' --";

/** The rows below the header, which holds clocks. */
const body = (screen: string): string => screen.split("\n").slice(2).join("\n");

Deno.test("runApp() sends each frame whole and once to a non-blocking terminal that stops reading for a while", async () => {
  await using session = await Session.start(`${NON_BLOCKING} ${demo('--pid-file "$dir/pid" --every 5')}`);
  const { tmux } = session;
  await tmux.shows(/READ\/s +[<\d]/);
  const pid = await session.pid();
  const server = Number(await tmux.format("#{pid}"));
  for (let i = 0; i < 3; i++) {
    Deno.kill(server, "SIGSTOP");
    try {
      const written = async (): Promise<number> =>
        Number((await Deno.readTextFile(`/proc/${pid}/io`)).match(/^wchar: (\d+)/m)?.[1]);
      await until("a full terminal", async () => {
        const before = await written();
        await new Promise((resolve) => setTimeout(resolve, 100));
        return await written() - before;
      }, (growth) => growth < 1000);
    } finally {
      Deno.kill(server, "SIGCONT");
    }
    await tmux.keys("Space");
    await tmux.shows(/PAUSED/);
    const drawn = body(await tmux.screen());
    await tmux.keys("C-l"); // draws all cells again
    await until("the same screen", async () => body(await tmux.screen()), (text) => text === drawn);
    await tmux.keys("Space");
    await until("the end of the pause", () => tmux.screen(), (text) => !text.includes("PAUSED"));
  }
  await tmux.keys("q");
  await session.assertRestored();
});
