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

/** Makes a file system, mounts it, hands over where, and takes it away again. */
async function withImage(
  mkfs: readonly [command: string, ...args: string[]],
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const place = await Deno.makeTempDir();
  const image = `${place}/image`;
  const directory = `${place}/mounted`;
  try {
    await Deno.writeFile(image, new Uint8Array());
    await Deno.truncate(image, SIZE);
    await Deno.mkdir(directory);
    await run(...mkfs, image);
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

/** An ext4 file system for the time of `use`. */
export function withExt4(use: (directory: string) => Promise<void>): Promise<void> {
  return withImage(["/sbin/mkfs.ext4", "-q", "-F"], use);
}

/** A btrfs file system with these subvolumes directly below its root, for the time of `use`. */
export function withBtrfs(
  subvolumes: readonly string[],
  use: (directory: string) => Promise<void>,
): Promise<void> {
  return withImage(["/sbin/mkfs.btrfs", "-q"], async (directory) => {
    for (const name of subvolumes) await run("btrfs", "-q", "subvolume", "create", `${directory}/${name}`);
    await use(directory);
  });
}

/** Whether this kernel can mount btrfs. */
export const hasBtrfs = /^\s*btrfs$/m.test(Deno.readTextFileSync("/proc/filesystems"));
