/**
 * Directories on btrfs: inode numbers repeat in each subvolume, and all subvolumes have the superblock's device number.
 *
 * @module
 */
import assert from "node:assert/strict";
import { runCommand } from "../support/commands.ts";
import { hasBtrfs, withBtrfs } from "../support/devices.ts";
import { TemporaryDirectory } from "../support/directory.ts";
import { RunningKtop } from "../support/ktop.ts";
import { type Row, rowsOf, sumColumn } from "../support/ticks.ts";

/** Writes 512 bytes `count` times to a new file. */
async function write(file: string, count: number): Promise<void> {
  await runCommand("dd", "if=/dev/zero", `of=${file}`, "bs=512", `count=${count}`);
}

/**
 * Watches dd write to subvolume "one" 3 times at its top and 30 times below, to "two" 5 and 50 times, and 100 times outside
 * both.
 */
async function watch(args: readonly string[], root: string): Promise<readonly Row[]> {
  const ktop = new RunningKtop([...args, "--json", "-i", "0.2", "--comm", "dd"]);
  await ktop.tick();
  for (const [name, count] of [["one", 3], ["two", 5]] as const) {
    await write(`${root}/${name}/top`, count);
    await write(`${root}/${name}/folder/below`, count * 10);
  }
  await write(`${root}/outside`, 100);
  const finished = await ktop.finish();
  assert.equal(finished.code, 0, finished.stderr);
  return rowsOf(finished.ticks);
}

/** Makes subvolumes "one" and "two", each with a directory of the same inode number. */
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

const ignore = !hasBtrfs;

Deno.test({
  name: "filetop -d counts only one btrfs subvolume, also where the subvolume is mounted separately",
  ignore,
  fn: () =>
    withSubvolumes(async (root) => {
      const writes = async (directory: string): Promise<number> =>
        sumColumn(await watch(["filetop", "-d", directory], root), "writes");
      assert.equal(await writes(`${root}/one`), 33);
      assert.equal(await writes(`${root}/two/folder`), 50);
      assert.equal(await writes(root), 188);
      await using mounted = await TemporaryDirectory.make();
      const device = await runCommand("findmnt", "-n", "-o", "SOURCE", root);
      await runCommand("mount", "-o", "subvol=/two", device, mounted.path);
      try {
        assert.equal(await writes(mounted.path), 55);
      } finally {
        await runCommand("umount", mounted.path);
      }
    }),
});

Deno.test({
  name: "dirtop counts btrfs subvolumes and the directories in them separately",
  ignore,
  fn: () =>
    withSubvolumes(async (root) => {
      const paths = [root, `${root}/one`, `${root}/two`, `${root}/one/folder`, `${root}/two/folder`, "/"];
      const rows = await watch(["dirtop", "-d", paths.join(",")], root);
      const writes = paths.map((path) => sumColumn(rows, "writes", (row) => row.path === path));
      assert.deepEqual(writes, [188, 33, 55, 30, 50, 188]);
    }),
});

Deno.test({
  name: "opensnoop --directory counts failed opens in a subvolume, and in another file system below one",
  ignore,
  fn: () =>
    withSubvolumes(async (root) => {
      const failed = async (directory: string): Promise<number> => {
        const ktop = new RunningKtop([
          "opensnoop",
          "-x",
          "--directory",
          directory,
          "--json",
          "-i",
          "0.2",
          "--comm",
          "cat",
        ]);
        await ktop.tick();
        const absent = (folder: string, count: number) =>
          Array.from({ length: count }, () => `${root}/${folder}/absent`);
        const args = [
          ...absent("one/folder", 3),
          ...absent("two/folder", 5),
          ...Array.from({ length: 7 }, () => "other/absent"),
        ];
        await new Deno.Command("cat", { args, cwd: `${root}/two`, stderr: "null" }).output();
        const { ticks, code, stderr } = await ktop.finish();
        assert.equal(code, 0, stderr);
        return rowsOf(ticks).length;
      };
      const other = `${root}/two/other`;
      await Deno.mkdir(other);
      await runCommand("mount", "-t", "tmpfs", "none", other);
      try {
        assert.equal(await failed(`${root}/one/folder`), 3);
        assert.equal(await failed(`${root}/two`), 5 + 7);
        assert.equal(await failed(other), 7);
      } finally {
        await runCommand("umount", other);
      }
    }),
});
