/**
 * Loop devices, and file systems on them, for the duration of a test.
 *
 * @module
 */
import { runCommand } from "./commands.ts";

/** Size of the file below a loop device without a file system, bytes. */
const DEVICE_SIZE = 1 << 20;
/** Size of a file system's image, bytes; it is sparse. */
const IMAGE_SIZE = 512 << 20;

/** Attaches a loop device to a file of 1 MiB and passes the paths of both to `use`. */
export async function withLoopDevice(use: (device: string, file: string) => Promise<void>): Promise<void> {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeFile(file, new Uint8Array(DEVICE_SIZE));
    const device = await runCommand("losetup", "--find", "--show", "--direct-io=on", file);
    try {
      await use(device, file);
    } finally {
      await runCommand("losetup", "-d", device);
    }
  } finally {
    await Deno.remove(file);
  }
}

/** The name of a device, as `-d` takes it: "loop0". */
export const diskName = (device: string): string => device.slice("/dev/".length);

/** Makes a file system, mounts it and passes its directory to `use`. */
async function withImage(
  mkfs: readonly [command: string, ...args: string[]],
  use: (directory: string) => Promise<void>,
): Promise<void> {
  const parent = await Deno.makeTempDir();
  const image = `${parent}/image`;
  const directory = `${parent}/mounted`;
  try {
    await Deno.writeFile(image, new Uint8Array());
    await Deno.truncate(image, IMAGE_SIZE);
    await Deno.mkdir(directory);
    const [command, ...args] = mkfs;
    await runCommand(command, ...args, image);
    await runCommand("mount", "-o", "loop", image, directory);
    try {
      await use(directory);
    } finally {
      // Lazy: the workload of a failed test may still run there.
      await runCommand("umount", "--lazy", directory);
    }
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

/** Passes the directory of a mounted ext4 file system to `use`. */
export function withExt4(use: (directory: string) => Promise<void>): Promise<void> {
  return withImage(["/sbin/mkfs.ext4", "-q", "-F"], use);
}

/** Passes the directory of a mounted btrfs file system with these subvolumes to `use`. */
export function withBtrfs(
  subvolumes: readonly string[],
  use: (directory: string) => Promise<void>,
): Promise<void> {
  return withImage(["/sbin/mkfs.btrfs", "-q"], async (directory) => {
    for (const name of subvolumes) {
      await runCommand("btrfs", "-q", "subvolume", "create", `${directory}/${name}`);
    }
    await use(directory);
  });
}

/** Whether this kernel can mount btrfs. */
export const hasBtrfs = /^\s*btrfs$/m.test(Deno.readTextFileSync("/proc/filesystems"));
