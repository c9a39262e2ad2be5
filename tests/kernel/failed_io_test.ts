/**
 * Calls that fail, in the tools that count reads and writes: they are calls that ended, without bytes.
 *
 * @module
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { type JsonTick, RunningKtop, sum } from "../support/ktop.ts";

/** Reads of a file that is open for writing alone: read(2) fails with EBADF in vfs_read. Begins at a line, ends with its input. */
const FAILING_READS =
  `exec 3>"$0"; read -r; for i in 1 2 3 4 5 6 7; do read -r -u 3 2>/dev/null; done; echo; read -r`;

/** Runs seven reads that fail beside a tool that watches only them. */
async function watchFailures(file: string, args: readonly string[]): Promise<readonly JsonTick[]> {
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
    return ticks;
  } finally {
    await input.close();
    await shell.output();
  }
}

Deno.test("filetop and dirtop count reads that fail, without bytes", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const file = join(directory, "write_only.dat");
    const files = await watchFailures(file, ["filetop"]);
    const named = (row: JsonTick["rows"][number]): boolean => row.file === "write_only.dat";
    assert.deepEqual([sum(files, "reads", named), sum(files, "read_bytes", named)], [7, 0]);
    const directories = await watchFailures(file, ["dirtop", "-d", directory]);
    assert.deepEqual([sum(directories, "reads"), sum(directories, "read_bytes")], [7, 0]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
