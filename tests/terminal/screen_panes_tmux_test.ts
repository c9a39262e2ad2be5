/**
 * The keys that choose tools, columns, filters, details and a process, in a terminal.
 *
 * @module
 */
import assert from "node:assert/strict";
import { Session } from "./session.ts";

Deno.test("t puts another tool into a pane, and adds and removes panes", async () => {
  await using session = await Session.startDemo("--every 30 --history 30");
  const { tmux } = session;
  await tmux.shows(/1 filetop[^]*t Tools/);
  await tmux.keys("t");
  await tmux.shows(/─ Tool for pane 1 of 4 ─[^]*opensnoop[^]*vfscount +cannot run/);
  await tmux.keys("Down", "Down", "Down", "Down", "Enter");
  await tmux.shows(/1 opensnoop[^]*2 vfsstat[^]*4 runqslower/);
  await tmux.keys("t", "6", "Escape");
  await tmux.shows(/5 filetop[^]*6 runqlat/);
  await tmux.keys("t", "1", "Escape");
  await tmux.shows(/^(?![^]*vfsstat)[^]*1 opensnoop/);
  await tmux.keys("q");
  await session.assertRestored();
  assert.match(
    await session.file("stderr"),
    /listTools, setTools opensnoop vfsstat dcstat runqslower, [^]*setTools opensnoop, close$/m,
  );
});

Deno.test("the menu of tools is searched by typing, and counts panes that do not fit", async () => {
  await using session = await Session.startDemo("--history 30", [80, 24]);
  const { tmux } = session;
  await tmux.shows(/4 runqslower[^]*q Quit/);
  await tmux.keys("t");
  await tmux.shows(/Tool for pane 1 of 4 ─ type to search ─/);
  await tmux.keys("runql");
  await tmux.shows(/ runql█ ─[^]*│ +runqlat +tracepoint/);
  await tmux.keys("C-n");
  await tmux.shows(/Tool for pane 5 of 5 /);
  await tmux.keys("C-n");
  await tmux.shows(/^ runqlat is shown already, in pane 5\n Enter Show/m);
  await tmux.keys("C-u", "6");
  await tmux.shows(/Tool for pane \d of 6 /);
  await tmux.keys("Escape");
  await tmux.shows(/ \d of 6 panes ─[^]*\? Help {1,2}Tab Next of 6 /);
  await tmux.keys("t", "C-x");
  await tmux.shows(/Tool for pane \d of 5 /);
  await tmux.keys("Escape");
  await tmux.shows(/q Quit *$/m);
  await tmux.keys("q");
  await session.assertRestored();
});

Deno.test("e sets the flags of the pane's tool in a form", async () => {
  await using session = await Session.startDemo("--history 30", [80, 24]);
  const { tmux } = session;
  await tmux.shows(/4 runqslower[^]*q Quit/);
  await tmux.keys("e", "Space", "Down");
  await tmux.shows(/─ Flags of filetop ─[^]*\[x\] +all-types[^]*directory +█[^]*Enter Apply {2}Esc Cancel/);
  await tmux.paste("/var/log\n");
  await tmux.shows(/directory +\/var\/log█/);
  await tmux.keys("Down", "0", "Enter");
  await tmux.shows(/^ rows takes a whole number from 1 to 99$/m);
  await tmux.keys("BSpace", "7", "Enter");
  await tmux.shows(
    /1 filetop ─ all-types ─ directory=\/var\/log ─ rows=7 ─[^]*filetop re-attaches with new flags; its history is kept/,
  );
  await tmux.keys("2", "e");
  await tmux.shows(/vfsstat has no flags/);
  await tmux.keys("q");
  await session.assertRestored();
});

Deno.test("the header line names the tool's own order, to which the menu of sort columns leads back", async () => {
  await using session = await Session.startDemo("--every 100000 --history 30", [80, 24]);
  const { tmux } = session;
  await tmux.shows(/ READS WRITES [^\n]*sort: sum\n[^]*TIME▼/);
  await tmux.keys("s");
  await tmux.shows(/─ Sort by ─[^]*│\*default +[^\n]*[^]*│ TID/);
  await tmux.keys("Down", "Enter");
  await tmux.shows(/▼TID[^]*READS WRITES/);
  await tmux.keys("s", "Home", "Enter");
  await tmux.shows(/TID COMM +READS WRITES /);
  await tmux.keys("q");
  await session.assertRestored();
});

Deno.test("p narrows the panes to a process and shows it in the header, and Esc leaves it", async () => {
  await using session = await Session.startDemo("--history 30");
  const { tmux } = session;
  await tmux.shows(/1 filetop/);
  await tmux.keys("p");
  await tmux.shows(/^ ktop [^\n]* pid \d+ \S+[^]*Esc Back/);
  await tmux.keys("Escape");
  await tmux.shows(/^ ktop (?![^\n]* pid )/);
  await tmux.keys("q");
  await session.assertRestored();
  assert.match(await session.file("stderr"), /setPivot \d+, setPivot null, close$/m);
});

Deno.test("d shows the details of the selected row, and ticks update them", async () => {
  await using session = await Session.startDemo("--every 30 --history 30");
  const { tmux } = session;
  await tmux.shows(/1 filetop/);
  await tmux.keys("d");
  await tmux.shows(/─ Details ─[^]*INODE +\d+[^]*Command +\/usr\/sbin\/nginx -g 'daemon off;'/);
  await tmux.shows(/Over time +\d\d+ intervals/);
  await tmux.keys("Escape");
  await tmux.shows(/1 filetop[^]*4 runqslower/);
  await tmux.keys("q");
  await session.assertRestored();
});

Deno.test("b groups the rows, Enter folds, [ goes back in time, b again chooses, Esc ends", async () => {
  await using session = await Session.startDemo("--history 90 --every 3600000", [120, 40]);
  const { tmux } = session;
  await tmux.shows(/4 runqslower ─+ [^\n]*tracepoint ─ [^\n]*\d\/s ─╮/);
  await tmux.keys("4", "z", "b");
  await tmux.shows(/runqslower ─ by COMM, last 60s ─[^]*EVENTS▼ +EV\/s +SUM_LAT\(us\) +MAX_LAT\(us\) COMM/);
  const counted = async (): Promise<number> => {
    const lines = (await tmux.screen()).split("\n");
    return lines.reduce((sum, line) => sum + Number(/^│ [▸▾] +(\d+) /.exec(line)?.[1] ?? 0), 0);
  };
  const now = await counted();
  assert.ok(now > 0);
  await tmux.keys("Enter", "Down");
  await tmux.shows(/│ +TIME +TID +[^]*▾ +\d[^]*│ +\d\d:\d\d:\d\d +\d+/);
  await tmux.keys("Up", "Enter");
  await tmux.shows(/EVENTS▼[^]*▸/);
  await tmux.keys("{");
  await tmux.shows(/PAUSED[^]*by COMM, last (29|30|31)s/);
  await tmux.keys("Space");
  await tmux.shows(/by COMM, last 60s/);
  assert.equal(await counted(), now);
  await tmux.keys("b", "Down", "Enter");
  await tmux.shows(/runqslower ─ by TID, last 60s ─[^]*TID +COMM/);
  await tmux.keys("Escape");
  await tmux.shows(/^(?![^]* by TID)[^]*runqslower/);
  await tmux.keys("q");
  await session.assertRestored();
  assert.match(
    await session.file("stderr"),
    /selectRows \{[^}]*"tool":"runqslower"[^}]*"by":"tid"[^}]*\}, selectRows *, close$/m,
  );
});

Deno.test("C shows and hides columns, and the arrow keys scroll to columns beyond the edge", async () => {
  await using session = await Session.startDemo("--history 30", [60, 12]);
  const { tmux } = session;
  await tmux.shows(/TID COMM/);
  await tmux.keys("C", "End", "Space", "Enter");
  await tmux.shows(/FILE +INODE/);
  await tmux.keys("Right", "Right", "Right");
  await tmux.shows(/^ *WRITES▼? +R_Kb/m);
  await tmux.keys("q");
  await session.assertRestored();
});

Deno.test("/ filters by pattern and by comparison while the filter is typed", async () => {
  await using session = await Session.startDemo("--history 30");
  const { tmux } = session;
  await tmux.shows(/1\/24/);
  await tmux.keys("/", "/^nginx$/");
  await tmux.shows(/Filter \/\^nginx\$\/█ 3 rows/);
  await tmux.keys("C-u", "tid>=1800");
  await tmux.shows(/Filter tid>=1800█ 2 rows/);
  await tmux.keys("C-u", "/(/");
  await tmux.shows(/Filter \/\(\/█ not applied: not a pattern/);
  await tmux.keys("Enter", "Escape", "q");
  await session.assertRestored();
});

Deno.test("/ joins conditions, and says what cannot match while every row stays", async () => {
  await using session = await Session.startDemo("--history 30", [80, 24]);
  const { tmux } = session;
  await tmux.shows(/1 filetop[^]*q Quit/);
  for (
    const [typed, expected] of [
      ["comm=nginx && file~/var", /Filter comm=nginx && file~\/var█ \d rows?/],
      ["foo>3", / not applied: no column foo; for text use quotes: "foo>3"\n Filter foo>3█/],
      ["fil~x", / not applied: no column fil; the nearest is file\n Filter fil~x█/],
      ["a=b c>d", / not applied: no column a; for text use quotes: "a=b"\n Filter a=b c>d█/],
      ["&&", / \/&&█ not applied: && needs a condition before it/],
      ["file=/log$/ !nginx", /Filter file=\/log\$\/ !nginx█ \d rows?/],
    ] as const
  ) {
    await tmux.keys("/", "C-u", typed);
    await tmux.shows(expected);
    await tmux.keys("Enter", "Escape");
    await tmux.shows(/q Quit/);
  }
  await tmux.keys("/", "foo>3", "Enter");
  await tmux.shows(
    /1 filetop ─ \/foo>3 ─ not applied: no column foo; for text use quotes: "fo… ─[^]*Filter foo>3█ {2}Esc Cancel/,
  );
  await tmux.keys("Escape");
  await tmux.shows(/1 filetop ─{3,}[^]*q Quit/);
});
