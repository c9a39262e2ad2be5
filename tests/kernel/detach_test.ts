/**
 * The child process that keeps descriptors until its parent has ended (src/ffi/detach.ts).
 *
 * @module
 */
import assert from "node:assert/strict";
import { TemporaryDirectory } from "../support/directory.ts";

const PROGRAM = `${import.meta.dirname}/detach_program.ts`;

/** Whether flock(1) gets the lock. */
async function locks(path: string, ...options: readonly string[]): Promise<boolean> {
  const { success } = await new Deno.Command("flock", { args: [...options, path, "true"] }).output();
  return success;
}

Deno.test("descriptors stay open in a child process that ends after its parent, without its output", async () => {
  await using directory = await TemporaryDirectory.make("ktop-detach-");
  const path = `${directory.path}/lock`;
  await Deno.writeTextFile(path, "");
  const program = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--frozen", PROGRAM, path],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = program.stdout.pipeThrough(new TextDecoderStream()).getReader();
  assert.equal((await output.read()).value, "closed\n");
  // The program has closed the file: only the child holds the lock.
  assert.equal(await locks(path, "--nonblock"), false);
  await program.stdin.close();
  assert.equal((await output.read()).done, true);
  assert.equal((await program.status).code, 0);
  assert.equal(await locks(path), true);
});
