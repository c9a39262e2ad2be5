/**
 * Where a flood makes its operations.
 *
 * @module
 */
import { runCommand } from "../../../tests/support/commands.ts";

/**
 * Passes `where` to `use`, or for "loop" the path of a loop device.
 *
 * @param directory in memory: the file of the loop device is in it
 */
export async function withPlace(
  where: string,
  directory: string,
  use: (place: string) => Promise<void>,
): Promise<void> {
  if (where !== "loop") return await use(where);
  const file = `${directory}/disk`;
  await Deno.writeFile(file, new Uint8Array(1 << 20));
  const device = await runCommand("losetup", "--find", "--show", file);
  try {
    await use(device);
  } finally {
    await runCommand("losetup", "-d", device);
  }
}
