/**
 * File systems of the tests' own: an image on a loop device, mounted while a test runs.
 *
 * @module
 */
import assert from "node:assert/strict";

async function run(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args, stderr: "piped" }).output();
  assert.ok(success, `${command} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** Size of an image, bytes; it is sparse. */
const SIZE = 512 << 20;

/** Makes an ext4 file system, mounts it, hands over where, and takes it away again. */
export async function withExt4(use: (directory: string) => Promise<void>): Promise<void> {
  const place = await Deno.makeTempDir();
  const image = `${place}/image`;
  const directory = `${place}/mounted`;
  try {
    await Deno.writeFile(image, new Uint8Array());
    await Deno.truncate(image, SIZE);
    await Deno.mkdir(directory);
    await run("/sbin/mkfs.ext4", "-q", "-F", image);
    await run("mount", "-o", "loop", image, directory);
    try {
      await use(directory);
    } finally {
      // Lazy: a test that failed may have left a workload in it.
      await run("umount", "--lazy", directory);
    }
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}
