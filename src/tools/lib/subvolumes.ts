/**
 * Distinguishes directories in different btrfs subvolumes, which share an s_dev and may have equal inode numbers.
 *
 * @module
 */
import type { VmlinuxBtf } from "../../bpf/mod.ts";
import { UnsupportedError } from "../../errors.ts";
import type { Constants } from "../tool.ts";
import type { DirectoryIdentity } from "./mounts.ts";

/** Constants of bpf/lib/dir.bpf.h, if these types have btrfs; otherwise null. */
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
 * Constants of bpf/lib/dir.bpf.h: offsets of the members that identify a file's subvolume. None if no directory is on btrfs.
 *
 * @throws {UnsupportedError} the kernel has no types for btrfs
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
    "Directories on btrfs cannot be watched: this kernel has no type information for btrfs, which is needed to distinguish subvolumes.",
    {
      remedy:
        "Use Linux 5.11 or later with CONFIG_DEBUG_INFO_BTF_MODULES, or directories on other file systems.",
    },
  );
}
