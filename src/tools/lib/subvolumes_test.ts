import assert from "node:assert/strict";
import type { VmlinuxBtf } from "../../bpf/mod.ts";
import { UnsupportedError } from "../../errors.ts";
import { subvolumeConstants } from "./subvolumes.ts";

const OFFSETS: Readonly<Record<string, number>> = {
  "btrfs_inode.vfs_inode": 200,
  "btrfs_inode.root": 0,
  "btrfs_root.anon_dev": 1000,
};

/** Types of a kernel: with btrfs or without, and those of its module. */
function types(btrfs: boolean, module: VmlinuxBtf | null = null): VmlinuxBtf {
  return {
    memberOffset: (struct: string, member: string) => btrfs ? OFFSETS[`${struct}.${member}`]! : null,
    module: () => module,
    [Symbol.dispose]: () => {},
  } as unknown as VmlinuxBtf;
}

const directory = (subvolume: number) => ({ real: "/", dev: 1, inode: 256n, subvolume });
const FOUND = {
  subvolumes: true,
  btrfs_inode_vfs_inode: 200,
  btrfs_inode_root: 0,
  btrfs_root_anon_dev: 1000,
};

Deno.test("subvolumeConstants() returns no constants when no directory is on btrfs", () => {
  assert.deepEqual(subvolumeConstants(types(false), []), {});
  assert.deepEqual(subvolumeConstants(types(false), [directory(0)]), {});
});

Deno.test("subvolumeConstants() finds btrfs in the kernel's types or in those of its module", () => {
  assert.deepEqual(subvolumeConstants(types(true), [directory(0), directory(42)]), FOUND);
  assert.deepEqual(subvolumeConstants(types(false, types(true)), [directory(42)]), FOUND);
});

Deno.test("subvolumeConstants() refuses directories on btrfs when the kernel has no types for it", () => {
  for (const module of [null, types(false)]) {
    assert.throws(() => subvolumeConstants(types(false, module), [directory(42)]), UnsupportedError);
  }
});
