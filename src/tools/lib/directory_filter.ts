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
  "are compared with a directory by the names of their path: symbolic links are not followed, `..` removes the name before it, " +
  "and paths with more than 500 names count as lost";

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

/** The constants of each directory from the root to the last of these names. */
function levelConstants(names: readonly string[]): Constants {
  const levels = Array.from(
    { length: names.length + 1 },
    (_, depth) => directoryIdentity(`/${names.slice(0, depth).join("/")}`),
  );
  return {
    dir_depth: names.length,
    level_inodes: bytesOf(BigUint64Array.from(levels, ({ inode }) => inode)),
    level_devs: bytesOf(Uint32Array.from(levels, ({ dev }) => dev)),
    level_subvolumes: bytesOf(Uint32Array.from(levels, ({ subvolume }) => subvolume)),
    level_names: bytesOf(Uint32Array.from([0, ...names.map(nameHash)])),
  };
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
  return { ...directoryConstants(options), ...levelConstants(names) };
}

/** Constants that depend on the kernel's types: a directory on btrfs needs them. */
export function directoryTypes(types: VmlinuxBtf, { flags }: ToolOptions): Constants {
  return typeof flags.directory === "string"
    ? subvolumeConstants(types, [directoryIdentity(flags.directory)])
    : {};
}
