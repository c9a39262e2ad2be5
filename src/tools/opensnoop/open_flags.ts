/**
 * The flags of open(2) by name, for opensnoop's `-f` and its column FLAGS.
 *
 * @module
 */
import { UsageError } from "../../errors.ts";
import { nearest, shownValue } from "../../text/mod.ts";
import { sharedTexts } from "../lib/shared_texts.ts";

/** Access modes. These are numbers, not bits. */
const ACCESS: Readonly<Record<string, number>> = { O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2 };

/**
 * Flags with the same bit on all architectures (include/uapi/asm-generic/fcntl.h). O_SYNC and O_TMPFILE include the bits of other flags;
 * these are their own bits.
 */
const COMMON: Readonly<Record<string, number>> = {
  O_CREAT: 0o100,
  O_EXCL: 0o200,
  O_NOCTTY: 0o400,
  O_TRUNC: 0o1000,
  O_APPEND: 0o2000,
  O_NONBLOCK: 0o4000,
  O_NDELAY: 0o4000,
  O_DSYNC: 0o10000,
  O_ASYNC: 0o20000,
  O_NOATIME: 0o1000000,
  O_CLOEXEC: 0o2000000,
  O_SYNC: 0o4000000,
  O_PATH: 0o10000000,
  O_TMPFILE: 0o20000000,
};

/** Flags with different bits on arm64 (arch/arm64/include/uapi/asm/fcntl.h). */
const BY_ARCHITECTURE: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  x86_64: { O_DIRECT: 0o40000, O_LARGEFILE: 0o100000, O_DIRECTORY: 0o200000, O_NOFOLLOW: 0o400000 },
  aarch64: { O_DIRECT: 0o200000, O_LARGEFILE: 0o400000, O_DIRECTORY: 0o40000, O_NOFOLLOW: 0o100000 },
};

/** O_CREAT and O_TMPFILE's own bit: an open has a mode only with one of them. */
export const CREATES = 0o100 | 0o20000000;

/** Flags that programs pass together with the bits of another flag, which is then not named. */
const COMBINED = [["O_SYNC", "O_DSYNC"], ["O_TMPFILE", "O_DIRECTORY"]] as const;

/**
 * Names flags as strace(1) does: `O_WRONLY|O_CREAT|O_TRUNC`; bits without a name are octal. Equal flags have one string.
 */
export function openFlagNames(architecture: string = Deno.build.arch): (flags: number) => string {
  const known: Record<string, number> = { ...COMMON, ...BY_ARCHITECTURE[architecture] };
  delete known.O_NDELAY; // another name of O_NONBLOCK
  for (const [name, included] of COMBINED) known[name]! |= known[included]!;
  return sharedTexts((flags) => {
    const access = Object.entries(ACCESS).find(([, value]) => value === (flags & 3))?.[0];
    const names = new Set<string>();
    let rest = access === undefined ? flags : flags & ~3;
    for (const [name, bit] of Object.entries(known)) {
      if ((flags & bit) !== bit) continue;
      names.add(name);
      rest &= ~bit;
    }
    for (const [name, included] of COMBINED) if (names.has(name)) names.delete(included);
    return [
      ...(access === undefined ? [] : [access]),
      ...names,
      ...(rest === 0 ? [] : [`0${(rest >>> 0).toString(8)}`]),
    ].join("|");
  });
}

/** Access modes as bits `1 << mode`, and flags. */
export interface WantedFlags {
  readonly access: number;
  readonly flags: number;
}

/**
 * Reads a list such as `O_WRONLY,O_CREAT`; `O_` is optional.
 *
 * @throws {UsageError} a name is unknown
 */
export function parseOpenFlags(list: string, architecture: string = Deno.build.arch): WantedFlags {
  const bits = { ...COMMON, ...BY_ARCHITECTURE[architecture] };
  const known = [...Object.keys(ACCESS), ...Object.keys(bits)];
  let access = 0;
  let flags = 0;
  for (const word of list.split(/[,|]/)) {
    const upper = word.trim().toUpperCase();
    const name = upper.startsWith("O_") ? upper : `O_${upper}`;
    if (name in ACCESS) access |= 1 << ACCESS[name]!;
    else if (name in bits) flags |= bits[name]!;
    else {
      const hint = nearest(name, known);
      throw new UsageError(`open has no flag "${shownValue(word)}".`, {
        remedy: hint ? `Did you mean ${hint}?` : `Flags: ${known.join(", ")}.`,
      });
    }
  }
  return { access, flags };
}
