/**
 * A process that writes to a file whose name must not reach a terminal unescaped.
 *
 * @module
 */
import { TemporaryDirectory } from "./directory.ts";

/** Writes to a file of this name about a hundred times a second while `use` runs with the writer's process id. */
export async function withHostileFile(name: Uint8Array, use: (pid: number) => Promise<void>): Promise<void> {
  await using directory = await TemporaryDirectory.make();
  // The shell's printf makes the bytes: a JavaScript string cannot hold invalid UTF-8.
  const octal = Array.from(name, (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
  const script = `cd "$1" && exec 3> "$(printf '${octal}')" && while :; do echo x >&3; sleep 0.01; done`;
  const writer = new Deno.Command("sh", { args: ["-c", script, "sh", directory.path] }).spawn();
  try {
    await use(writer.pid);
  } finally {
    writer.kill("SIGKILL");
    await writer.status;
  }
}
