/**
 * `-d DIR`: only files in a directory and those below it (bpf/lib/dir_filter.bpf.h).
 *
 * @module
 */
import type { VmlinuxBtf } from "../../bpf/mod.ts";
import { KtopError } from "../../errors.ts";
import type { Flag } from "../../model/mod.ts";
import { shownValue } from "../../text/mod.ts";
import type { Constants, ToolOptions } from "../tool.ts";
import { directoryIdentity } from "./mounts.ts";
import { subvolumeConstants } from "./subvolumes.ts";

/** The flag. */
export const DIRECTORY: Flag = {
  name: "directory",
  letter: "d",
  kind: "text",
  argument: "DIR",
  description: "only files in this directory and those below it",
};

/** The filter's limit (MAX_DEPTH of bpf/lib/dir.bpf.h). */
export const DIRECTORY_DEPTH =
  "in a directory, files with more than 511 names and mount points on their path count as lost";

/** What the filter misses where only the path of a call is known (bpf/lib/dir_path.bpf.h). */
export const DIRECTORY_PATHS =
  "in a directory, paths of calls are compared by their names from where they start: symbolic links and mount points on the way are not " +
  "followed, and `..` removes the name before it; paths with more than 511 names count as lost";

/** Constants that identify the directory of the options; none without the flag. Throws KtopError if it is none. */
export function directoryConstants({ flags }: ToolOptions): Constants {
  if (typeof flags.directory !== "string") return {};
  const { dev, inode, subvolume } = directoryIdentity(flags.directory);
  return { dir_on: true, dir_dev: dev, dir_inode: inode, dir_subvolume: subvolume };
}

/** The largest number of directories on the path of DIR, the root included (DIR_LEVELS of bpf/lib/dir_path.bpf.h). */
const MAX_LEVELS = 256;
/** Bytes of struct dir_level of bpf/lib/dir_path.bpf.h. */
const LEVEL_BYTES = 24;

/** FNV-1a of 64 bits. */
function nameHash(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}

/** The array `dir_levels` of bpf/lib/dir_path.bpf.h: each directory from the root to the last of these names. */
function levelBytes(names: readonly string[]): Uint8Array {
  const bytes = new Uint8Array((names.length + 1) * LEVEL_BYTES);
  const view = new DataView(bytes.buffer);
  for (let level = 0; level <= names.length; level++) {
    const { dev, inode, subvolume } = directoryIdentity(`/${names.slice(0, level).join("/")}`);
    const at = level * LEVEL_BYTES;
    view.setBigUint64(at, inode, true);
    view.setBigUint64(at + 8, level === 0 ? 0n : nameHash(names[level - 1]!), true);
    view.setUint32(at + 16, dev, true);
    view.setUint32(at + 20, subvolume, true);
  }
  return bytes;
}

/**
 * As {@linkcode directoryConstants}, for a tool that also filters paths (bpf/lib/dir_path.bpf.h).
 *
 * @throws {KtopError} it is no directory, or too deep
 */
export function directoryPathConstants(options: ToolOptions): Constants {
  const { directory } = options.flags;
  if (typeof directory !== "string") return {};
  const { real } = directoryIdentity(directory);
  const names = real.split("/").filter((name) => name !== "");
  if (names.length >= MAX_LEVELS) {
    throw new KtopError(`${shownValue(directory)} is below more than ${MAX_LEVELS - 1} directories.`);
  }
  return { ...directoryConstants(options), dir_levels: levelBytes(names), dir_depth: names.length };
}

/** Constants that depend on the kernel's types: a directory on btrfs needs them. */
export function directoryTypes(types: VmlinuxBtf, { flags }: ToolOptions): Constants {
  return typeof flags.directory === "string"
    ? subvolumeConstants(types, [directoryIdentity(flags.directory)])
    : {};
}
