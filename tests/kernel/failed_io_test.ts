/**
 * Reads that fail, in filetop and dirtop: they count as reads, without bytes.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { TemporaryDirectory } from "../support/directory.ts";
import { RunningKtop } from "../support/ktop.ts";
import { type Row, rowsOf, sumColumn } from "../support/ticks.ts";

/**
 * Seven reads of a file that is open only for writing: read(2) fails with EBADF in vfs_read. The shell starts them after a line
 * of input, prints a line, and exits at the end of its input.
 */
const FAILING_READS =
  `exec 3>"$0"; read -r; for i in 1 2 3 4 5 6 7; do read -r -u 3 2>/dev/null; done; echo; read -r`;

/** Runs the failing reads alongside a tool that watches only that shell. */
async function watchFailures(file: string, args: readonly string[]): Promise<readonly Row[]> {
  const shell = new Deno.Command("bash", {
    args: ["-c", FAILING_READS, file],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const input = shell.stdin.getWriter();
  try {
    const ktop = new RunningKtop([...args, "--json", "-i", "0.2", "-p", String(shell.pid)]);
    await ktop.tick();
    await input.write(new TextEncoder().encode("go\n"));
    const output = shell.stdout.getReader();
    await output.read();
    output.releaseLock();
    const { ticks, code, stderr } = await ktop.finish();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    return rowsOf(ticks);
  } finally {
    await input.close();
    await shell.output();
  }
}

Deno.test("filetop and dirtop count reads that fail, without bytes", async () => {
  await using directory = await TemporaryDirectory.make();
  const file = join(directory.path, "write_only.dat");
  const files = (await watchFailures(file, ["filetop"])).filter((row) => row.file === "write_only.dat");
  assert.deepEqual([sumColumn(files, "reads"), sumColumn(files, "read_bytes")], [7, 0]);
  const directories = await watchFailures(file, ["dirtop", "-d", directory.path]);
  assert.deepEqual([sumColumn(directories, "reads"), sumColumn(directories, "read_bytes")], [7, 0]);
});
