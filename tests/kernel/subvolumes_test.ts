/**
 * Directories on btrfs: each subvolume numbers its inodes anew, and all have the superblock's device number.
 *
 * @module
 */
import assert from "node:assert/strict";
import { hasBtrfs, withBtrfs } from "../support/image.ts";
import { RunningKtop, sum } from "../support/ktop.ts";

/** Writes 512 bytes `count` times to a new file. */
async function write(file: string, count: number): Promise<void> {
  const args = ["if=/dev/zero", `of=${file}`, "bs=512", `count=${count}`];
  const { success } = await new Deno.Command("dd", { args, stderr: "null" }).output();
  assert.ok(success, file);
}

/** Watches dd write to both subvolumes, 3 and 5 times in their tops and ten times that below, and 100 times outside. */
async function watch(
  args: readonly string[],
  root: string,
): Promise<Awaited<ReturnType<RunningKtop["finish"]>>> {
  const ktop = new RunningKtop([...args, "--json", "-i", "0.2", "--comm", "dd"]);
  await ktop.tick();
  for (const [name, count] of [["one", 3], ["two", 5]] as const) {
    await write(`${root}/${name}/top`, count);
    await write(`${root}/${name}/folder/below`, count * 10);
  }
  await write(`${root}/outside`, 100);
  const finished = await ktop.finish();
  assert.equal(finished.code, 0, finished.stderr);
  return finished;
}

/** Two subvolumes with a directory each, of the same inode number. */
function withSubvolumes(use: (root: string) => Promise<void>): Promise<void> {
  return withBtrfs(["one", "two"], async (root) => {
    const inodes = ["one", "two"].map((name) => {
      Deno.mkdirSync(`${root}/${name}/folder`);
      return [`${root}/${name}`, `${root}/${name}/folder`].map((path) => Deno.statSync(path).ino);
    });
    assert.deepEqual(inodes[0], inodes[1]);
    await use(root);
  });
}

async function run(command: string, ...args: string[]): Promise<string> {
  const { success, stdout } = await new Deno.Command(command, { args }).output();
  assert.ok(success, `${command} ${args.join(" ")}`);
  return new TextDecoder().decode(stdout).trim();
}

const ignore = !hasBtrfs;

Deno.test({
  name: "filetop -d counts one btrfs subvolume, not the others, also where it is mounted by itself",
  ignore,
  fn: () =>
    withSubvolumes(async (root) => {
      const writes = async (directory: string): Promise<number> =>
        sum((await watch(["filetop", "-d", directory], root)).ticks, "writes");
      assert.equal(await writes(`${root}/one`), 33);
      assert.equal(await writes(`${root}/two/folder`), 50);
      assert.equal(await writes(root), 188);
      const home = await Deno.makeTempDir();
      await run("mount", "-o", "subvol=/two", await run("findmnt", "-n", "-o", "SOURCE", root), home);
      try {
        assert.equal(await writes(home), 55);
      } finally {
        await run("umount", home);
        await Deno.remove(home);
      }
    }),
});

Deno.test({
  name: "dirtop keeps btrfs subvolumes and directories in them apart",
  ignore,
  fn: () =>
    withSubvolumes(async (root) => {
      const paths = [root, `${root}/one`, `${root}/two`, `${root}/one/folder`, `${root}/two/folder`, "/"];
      const { ticks } = await watch(["dirtop", "-d", paths.join(",")], root);
      const writes = paths.map((path) => sum(ticks, "writes", (row) => row.path === path));
      assert.deepEqual(writes, [188, 33, 55, 30, 50, 188]);
    }),
});
