/**
 * Changes to the panes of a live screen that attach and detach programs.
 *
 * @module
 */
import { programsOf } from "./programs.ts";
import { type Tmux, until } from "./tmux.ts";

/** Waits until a process has a program that was not there before. */
async function attachesNew(pid: number, change: () => Promise<void>): Promise<void> {
  const before = new Set(programsOf(pid));
  await change();
  await until(
    "new programs",
    () => Promise.resolve(programsOf(pid)),
    (now) => now.some((id) => !before.has(id)),
  );
}

/** Opens a pane with runqlat, closes it, opens it again, and changes the flags of filetop: each attaches programs. */
export async function changePanes(tmux: Tmux, pid: number): Promise<void> {
  const open = async (): Promise<void> => {
    await tmux.keys("t");
    await tmux.shows(/─ Tool for pane/);
    await tmux.keys("runqlat");
    await tmux.shows(/ runqlat█ /);
    await tmux.keys("C-n");
    await tmux.shows(/─ Tool for pane 5 of 5 /);
    await tmux.keys("Escape");
    await tmux.shows(/5 runqlat ─+ tracepoint/);
  };
  await attachesNew(pid, open);
  await tmux.keys("5", "t");
  await tmux.shows(/─ Tool for pane 5 of 5 /);
  await tmux.keys("C-x", "Escape");
  await tmux.shows(/^(?![^]*runqlat )[^]*4 runqslower/);
  await attachesNew(pid, open);
  await attachesNew(pid, async () => {
    await tmux.keys("1", "e");
    await tmux.shows(/─ Flags of filetop ─/);
    await tmux.keys("Space", "Enter");
    await tmux.shows(/1 filetop ─ all-types ─+ (fentry|kprobe|tracepoint)/);
  });
}
