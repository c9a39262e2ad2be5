/**
 * Calls whose end is not traced (bpf/lib/in_flight.bpf.h): a shell blocked in read(2) leaves the traced cgroup.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { withCgroups } from "../support/cgroup.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { RunningKtop } from "../support/ktop.ts";

/** Reads two lines, and waits for a writer of the second fifo between them. dash and busybox read byte by byte. */
const script = (fifo: string, gate: string): string =>
  `exec 3<> ${fifo}; read -r first <&3; cat ${gate}; read -r second <&3; exec sleep 60`;

/** Waits until the process sleeps in this kernel function, or in one with a longer name. */
async function sleepsIn(pid: number, name: "pipe_read" | "do_wait" | "nanosleep"): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if ((await Deno.readTextFile(`/proc/${pid}/wchan`)).includes(name)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`process ${pid} does not sleep in ${name}`);
}

/** Runs the shell beside ktop and returns how many reads of the pipe were reported, and how many keys were lost. */
async function watchReads(command: readonly string[]): Promise<{ reads: number; lost: number }> {
  await using directory = await TemporaryDirectory.make();
  const fifo = join(directory.path, "fifo"), gate = join(directory.path, "gate");
  assert.ok((await new Deno.Command("mkfifo", { args: [fifo, gate] }).output()).success);
  let seen = { reads: 0, lost: 0 };
  await withCgroups(["inside", "outside"], async (root) => {
    const move = (pid: number, group: string): Promise<void> =>
      Deno.writeTextFile(`${root}/${group}/cgroup.procs`, String(pid));
    const ktop = new RunningKtop([...command, "-a", "--json", "-i", "0.5", "--cgroup", `${root}/inside`]);
    await ktop.tick();
    const shell = new Deno.Command("sh", {
      args: ["-c", `echo $$ > ${root}/inside/cgroup.procs; ${script(fifo, gate)}`],
    }).spawn();
    try {
      await sleepsIn(shell.pid, "pipe_read");
      await move(shell.pid, "outside");
      await Deno.writeTextFile(fifo, "1\n");
      await sleepsIn(shell.pid, "do_wait");
      await move(shell.pid, "inside");
      await Deno.writeTextFile(gate, "");
      await sleepsIn(shell.pid, "pipe_read");
      await Deno.writeTextFile(fifo, "2\n");
      await sleepsIn(shell.pid, "nanosleep");
    } finally {
      shell.kill("SIGKILL");
      await shell.status;
    }
    const { ticks } = await ktop.finish();
    const rows = ticks.flatMap((tick) => tick.rows).filter(({ file }) => file === "fifo");
    seen = {
      reads: rows.reduce((sum, row) => sum + Number(row.reads ?? 1), 0),
      lost: ticks.reduce((sum, tick) => sum + tick.lost.keys, 0),
    };
  });
  return seen;
}

for (const command of [["fileslower", "0"], ["filetop"]]) {
  Deno.test(`${command[0]} counts a call whose end was not traced as lost, and pairs its start with no other end`, async () => {
    // One lost: the first read starts inside and ends outside. None: the newline is read outside. Two: the second line.
    assert.deepEqual(await watchReads(command), { reads: 2, lost: 1 });
  });
}
