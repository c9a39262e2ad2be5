/**
 * The mount system calls as text, each with its own table of flags. Names and bits are from include/uapi/linux/mount.h,
 * fcntl.h and include/linux/fs.h.
 *
 * @module
 */
import { errnoName } from "../../bpf/mod.ts";
import type { Counters } from "../lib/struct.ts";
import type { MountsnoopAttr } from "./layout.gen.ts";

/** A name and its bits. */
type FlagTable = readonly (readonly [name: string, bits: number])[];

/** Flags of mount(2). */
const MS: FlagTable = [
  ["MS_RDONLY", 1],
  ["MS_NOSUID", 2],
  ["MS_NODEV", 4],
  ["MS_NOEXEC", 8],
  ["MS_SYNCHRONOUS", 16],
  ["MS_REMOUNT", 32],
  ["MS_MANDLOCK", 64],
  ["MS_DIRSYNC", 128],
  ["MS_NOSYMFOLLOW", 256],
  ["MS_NOATIME", 1024],
  ["MS_NODIRATIME", 2048],
  ["MS_BIND", 4096],
  ["MS_MOVE", 8192],
  ["MS_REC", 16384],
  ["MS_SILENT", 32768],
  ["MS_POSIXACL", 1 << 16],
  ["MS_UNBINDABLE", 1 << 17],
  ["MS_PRIVATE", 1 << 18],
  ["MS_SLAVE", 1 << 19],
  ["MS_SHARED", 1 << 20],
  ["MS_RELATIME", 1 << 21],
  ["MS_KERNMOUNT", 1 << 22],
  ["MS_I_VERSION", 1 << 23],
  ["MS_STRICTATIME", 1 << 24],
  ["MS_LAZYTIME", 1 << 25],
  ["MS_SUBMOUNT", 1 << 26],
  ["MS_NOREMOTELOCK", 1 << 27],
  ["MS_NOSEC", 1 << 28],
  ["MS_BORN", 1 << 29],
  ["MS_ACTIVE", 1 << 30],
  ["MS_NOUSER", 2 ** 31],
];

/** Required in the upper half of the flags before Linux 2.4; the kernel removes it. */
const MS_MGC_VAL = 0xc0ed_0000;
const MS_MGC_MSK = 0xffff_0000;

/** Flags of umount2(2). */
const UMOUNT: FlagTable = [
  ["MNT_FORCE", 1],
  ["MNT_DETACH", 2],
  ["MNT_EXPIRE", 4],
  ["UMOUNT_NOFOLLOW", 8],
];

const FSOPEN: FlagTable = [["FSOPEN_CLOEXEC", 1]];

const FSPICK: FlagTable = [
  ["FSPICK_CLOEXEC", 1],
  ["FSPICK_SYMLINK_NOFOLLOW", 2],
  ["FSPICK_NO_AUTOMOUNT", 4],
  ["FSPICK_EMPTY_PATH", 8],
];

const FSMOUNT: FlagTable = [["FSMOUNT_CLOEXEC", 1]];

const MOVE_MOUNT: FlagTable = [
  ["MOVE_MOUNT_F_SYMLINKS", 1],
  ["MOVE_MOUNT_F_AUTOMOUNTS", 2],
  ["MOVE_MOUNT_F_EMPTY_PATH", 4],
  ["MOVE_MOUNT_T_SYMLINKS", 0x10],
  ["MOVE_MOUNT_T_AUTOMOUNTS", 0x20],
  ["MOVE_MOUNT_T_EMPTY_PATH", 0x40],
  ["MOVE_MOUNT_SET_GROUP", 0x100],
  ["MOVE_MOUNT_BENEATH", 0x200],
];

const AT: FlagTable = [
  ["AT_SYMLINK_NOFOLLOW", 0x100],
  ["AT_NO_AUTOMOUNT", 0x800],
  ["AT_EMPTY_PATH", 0x1000],
  ["AT_RECURSIVE", 0x8000],
];

const OPEN_TREE: FlagTable = [["OPEN_TREE_CLONE", 1], ["OPEN_TREE_CLOEXEC", 0o2000000], ...AT];

/** Attributes of a mount. The access-time mode (mask 0x70) is a number, where 0 is relatime. */
const MOUNT_ATTR: FlagTable = [
  ["MOUNT_ATTR_RDONLY", 1],
  ["MOUNT_ATTR_NOSUID", 2],
  ["MOUNT_ATTR_NODEV", 4],
  ["MOUNT_ATTR_NOEXEC", 8],
  ["MOUNT_ATTR__ATIME", 0x70],
  ["MOUNT_ATTR_NOATIME", 0x10],
  ["MOUNT_ATTR_STRICTATIME", 0x20],
  ["MOUNT_ATTR_NODIRATIME", 0x80],
  ["MOUNT_ATTR_IDMAP", 0x10_0000],
  ["MOUNT_ATTR_NOSYMFOLLOW", 0x20_0000],
];

/** Commands of fsconfig(2), by number. */
const FSCONFIG = [
  "FSCONFIG_SET_FLAG",
  "FSCONFIG_SET_STRING",
  "FSCONFIG_SET_BINARY",
  "FSCONFIG_SET_PATH",
  "FSCONFIG_SET_PATH_EMPTY",
  "FSCONFIG_SET_FD",
  "FSCONFIG_CMD_CREATE",
  "FSCONFIG_CMD_RECONFIGURE",
  "FSCONFIG_CMD_CREATE_EXCL",
] as const;

const AT_FDCWD = -100;

/** One call as recorded. */
export interface MountCall {
  /** enum mountsnoop_call in bpf/mountsnoop/mountsnoop.h. */
  readonly call: number;
  /** The arguments as passed: numbers, descriptors, pointers. */
  readonly registers: readonly bigint[];
  /** The arguments that are strings, escaped; undefined for other arguments, NULL and unreadable strings. */
  readonly strings: readonly (string | undefined)[];
  /** A bit for each argument whose string was cut. */
  readonly cut: number;
  /** struct mount_attr; null: not read. */
  readonly attr: Counters<MountsnoopAttr> | null;
  readonly ret: number;
}

/** Bits as names; bits without a name in hexadecimal. A name of several bits applies when all of them are set. */
export function flagNames(value: number, table: FlagTable): string {
  let rest = value;
  const names: string[] = [];
  for (const [name, bits] of table) {
    if (((rest & bits) >>> 0) !== bits) continue;
    names.push(name);
    rest = (rest & ~bits) >>> 0;
  }
  if (rest !== 0 || names.length === 0) names.push(`0x${rest.toString(16)}`);
  return names.join("|");
}

function mountFlags(value: number): string {
  if (((value & MS_MGC_MSK) >>> 0) !== MS_MGC_VAL) return flagNames(value, MS);
  const rest = (value & ~MS_MGC_MSK) >>> 0;
  return rest === 0 ? "MS_MGC_VAL" : `MS_MGC_VAL|${flagNames(rest, MS)}`;
}

/** The text of the argument with this index. */
type Show = (call: MountCall, index: number) => string;

const unsigned = ({ registers }: MountCall, index: number): number =>
  Number(BigInt.asUintN(32, registers[index]!));

const signed: Show = ({ registers }, index) => String(BigInt.asIntN(32, registers[index]!));

const pointer: Show = ({ registers }, index) =>
  registers[index] === 0n ? "NULL" : `0x${registers[index]!.toString(16)}`;

const text: Show = (call, index) => {
  const value = call.strings[index];
  if (value === undefined) return pointer(call, index);
  return `"${value.replaceAll('"', '\\"')}"${call.cut & (1 << index) ? "..." : ""}`;
};

const directory: Show = (call, index) => {
  const fd = signed(call, index);
  return Number(fd) === AT_FDCWD ? "AT_FDCWD" : fd;
};

const flags = (table: FlagTable): Show => (call, index) => flagNames(unsigned(call, index), table);

const command: Show = (call, index) => {
  const number = unsigned(call, index);
  return FSCONFIG[number] ?? String(number);
};

const attributes: Show = (call, index) => {
  if (call.attr === null) return pointer(call, index);
  const { set, clear, propagation, userns_fd } = call.attr;
  const names = (value: bigint): string => flagNames(Number(BigInt.asUintN(32, value)), MOUNT_ATTR);
  const kind = flagNames(Number(BigInt.asUintN(32, propagation)), MS);
  return `{attr_set=${names(set)}, attr_clr=${names(clear)}, propagation=${kind}, userns_fd=${userns_fd}}`;
};

/** Name and arguments of each call, by number: enum mountsnoop_call. */
const CALLS: readonly (readonly [name: string, ...Show[]])[] = [
  ["?"],
  ["mount", text, text, text, (call, index) => mountFlags(unsigned(call, index)), text],
  ["umount", text, flags(UMOUNT)],
  ["fsopen", text, flags(FSOPEN)],
  ["fspick", directory, text, flags(FSPICK)],
  ["fsconfig", signed, command, text, text, directory],
  ["fsmount", signed, flags(FSMOUNT), flags(MOUNT_ATTR)],
  ["move_mount", directory, text, directory, text, flags(MOVE_MOUNT)],
  ["open_tree", directory, text, flags(OPEN_TREE)],
  ["mount_setattr", directory, text, flags(AT), attributes, signed],
  ["open_tree_attr", directory, text, flags(OPEN_TREE), attributes, signed],
  ["pivot_root", text, text],
];

/** The name of a call; null for an unknown number. */
export function callName(call: number): string | null {
  return call > 0 ? CALLS[call]?.[0] ?? null : null;
}

/** A call in C notation with its result: `umount("/mnt", MNT_DETACH) = -EBUSY`. */
export function describeCall(call: MountCall): string {
  const [name, ...shows] = CALLS[call.call] ?? CALLS[0]!;
  const list = shows.map((show, index) => show(call, index)).join(", ");
  return `${name}(${list}) = ${call.ret < 0 ? `-${errnoName(call.ret)}` : call.ret}`;
}
