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
import { type DirectoryIdentity, directoryIdentity } from "./mounts.ts";
import { subvolumeConstants } from "./subvolumes.ts";

/** The flag. */
export const DIRECTORY: Flag = {
  name: "directory",
  letter: "d",
  kind: "text",
  argument: "DIR",
  description: "only files in this directory and those below it",
};

/** The flag of a tool of calls, some of which have no file. */
export const CALL_DIRECTORY: Flag = {
  ...DIRECTORY,
  description:
    `${DIRECTORY.description}; without a file, the names in the path decide and symbolic links are not followed`,
};

/** The filter's limit (MAX_DEPTH of bpf/lib/dir.bpf.h). */
export const DIRECTORY_DEPTH =
  "in a directory, files with more than 511 names and mount points on their path count as lost";

/** What the filter misses where only the path of a call is known (bpf/lib/dir_path.bpf.h). */
export const DIRECTORY_PATHS =
  "are compared with a directory by the names in their path: symbolic links are not followed, and `..` removes the name before it";

/** Constants that identify the directory of the options; none without the flag. Throws KtopError if it is none. */
export function directoryConstants({ flags }: ToolOptions): Constants {
  if (typeof flags.directory !== "string") return {};
  const { dev, inode, subvolume } = directoryIdentity(flags.directory);
  return { dir_on: true, dir_dev: dev, dir_inode: inode, dir_subvolume: subvolume };
}

/** The largest number of directories on the path of DIR, the root included (DIR_LEVELS of bpf/lib/dir_path.bpf.h). */
const MAX_LEVELS = 256;

/** FNV-1a of 32 bits. */
function nameHash(name: string): number {
  return new TextEncoder().encode(name).reduce(
    (hash, byte) => Math.imul(hash ^ byte, 0x01000193),
    0x811c9dc5,
  ) >>> 0;
}

/** The bytes of an array of a constant. */
const bytesOf = ({ buffer }: BigUint64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): Uint8Array =>
  new Uint8Array(buffer);

/**
 * The directories from the root to that of the options, which is the last; none without the flag.
 *
 * @throws {KtopError} it is no directory, or too deep
 */
function levelsOf({ flags: { directory } }: ToolOptions): DirectoryIdentity[] {
  if (typeof directory !== "string") return [];
  const names = directoryIdentity(directory).real.split("/").filter((name) => name !== "");
  if (names.length >= MAX_LEVELS) {
    throw new KtopError(`${shownValue(directory)} is below more than ${MAX_LEVELS - 1} directories.`);
  }
  return ["", ...names].map((_, level) => directoryIdentity(`/${names.slice(0, level).join("/")}`));
}

/**
 * As {@linkcode directoryConstants}, for a tool that also filters paths (bpf/lib/dir_path.bpf.h).
 *
 * @throws {KtopError} it is no directory, or too deep
 */
export function directoryPathConstants(options: ToolOptions): Constants {
  const levels = levelsOf(options);
  if (levels.length === 0) return {};
  return {
    ...directoryConstants(options),
    dir_depth: levels.length - 1,
    level_inodes: bytesOf(BigUint64Array.from(levels, ({ inode }) => inode)),
    level_devs: bytesOf(Uint32Array.from(levels, ({ dev }) => dev)),
    level_subvolumes: bytesOf(Uint32Array.from(levels, ({ subvolume }) => subvolume)),
    level_names: bytesOf(
      Uint32Array.from(levels, ({ real }) => nameHash(real.slice(real.lastIndexOf("/") + 1))),
    ),
  };
}

/** Constants that depend on the kernel's types: a directory on btrfs needs them. */
export function directoryTypes(types: VmlinuxBtf, { flags }: ToolOptions): Constants {
  return typeof flags.directory === "string"
    ? subvolumeConstants(types, [directoryIdentity(flags.directory)])
    : {};
}

/** As {@linkcode directoryTypes}, for a tool that also filters paths: a directory above may be on btrfs. */
export function directoryPathTypes(types: VmlinuxBtf, options: ToolOptions): Constants {
  return subvolumeConstants(types, levelsOf(options));
}
