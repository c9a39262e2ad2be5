/**
 * Telling directories of different btrfs subvolumes apart, which have one s_dev and inode numbers of their own each.
 *
 * @module
 */
import type { VmlinuxBtf } from "../../bpf/mod.ts";
import { UnsupportedError } from "../../errors.ts";
import type { Constants } from "../tool.ts";
import type { DirectoryIdentity } from "./mounts.ts";

/** Constants of bpf/lib/dir.bpf.h for types that have btrfs; null where they do not. */
function offsets(types: VmlinuxBtf): Constants | null {
  const vfsInode = types.memberOffset("btrfs_inode", "vfs_inode");
  const root = types.memberOffset("btrfs_inode", "root");
  const device = types.memberOffset("btrfs_root", "anon_dev");
  if (vfsInode === null || root === null || device === null) return null;
  return {
    subvolumes: true,
    btrfs_inode_vfs_inode: vfsInode,
    btrfs_inode_root: root,
    btrfs_root_anon_dev: device,
  };
}

/**
 * Constants of bpf/lib/dir.bpf.h that say where the kernel keeps a file's subvolume; none where no directory is on btrfs.
 *
 * @throws {UnsupportedError} the kernel has no types of btrfs
 */
export function subvolumeConstants(
  types: VmlinuxBtf,
  directories: readonly DirectoryIdentity[],
): Constants {
  if (directories.every(({ subvolume }) => subvolume === 0)) return {};
  const builtIn = offsets(types);
  if (builtIn !== null) return builtIn;
  using module = types.module("btrfs");
  const found = module && offsets(module);
  if (found !== null) return found;
  throw new UnsupportedError(
    "CONFIG_DEBUG_INFO_BTF_MODULES",
    "Directories on btrfs cannot be watched here: this kernel has no type information of btrfs, without which its subvolumes look alike.",
    {
      remedy:
        "Run Linux 5.11 or later with CONFIG_DEBUG_INFO_BTF_MODULES, or name directories on other file systems.",
    },
  );
}
