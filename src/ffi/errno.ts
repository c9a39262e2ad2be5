/**
 * errno numbers and their names: Linux's (asm-generic, the same on x86-64 and arm64), the kernel-internal 524 and
 * libbpf's, which start at 4000. Negative results become errors here and nowhere else.
 *
 * @module
 */
import { BpfError } from "../errors.ts";
import { ERRNO_NAMES } from "../text/mod.ts";

/** libbpf's, from 4000: tools/lib/bpf/libbpf_legacy.h, enum libbpf_errno. */
const LIBBPF_NAMES =
  "LIBELF FORMAT KVERSION ENDIAN INTERNAL RELOC LOAD VERIFY PROG2BIG KVER PROGTYPE WRNGPID INVSEQ NLPARSE"
    .split(" ");

const LIBBPF_FIRST = 4000;
/** Kernel-internal "operation is not supported", which bpf(2) nevertheless returns: include/linux/errno.h. */
const ENOTSUPP = 524;

/**
 * The symbolic name of an error number. Accepts errno and negative errno, so that a C result can be passed as it is.
 *
 * @returns "EPERM"; "ENOTSUPP" for 524; "LIBBPF_ERRNO__VERIFY" for one of libbpf's; "errno 999" for unknown numbers.
 */
export function errnoName(error: number): string {
  const number = Math.abs(error);
  if (number === ENOTSUPP) return "ENOTSUPP";
  const libbpf = LIBBPF_NAMES[number - LIBBPF_FIRST];
  if (libbpf !== undefined) return `LIBBPF_ERRNO__${libbpf}`;
  const name = ERRNO_NAMES[number - 1];
  return name === undefined || name === "-" ? `errno ${number}` : name;
}

/**
 * The number of a symbolic errno.
 *
 * @returns a positive number
 * @throws {TypeError} when the name is unknown: a mistake in ktop.
 */
export function errnoNumber(name: string): number {
  if (name === "ENOTSUPP") return ENOTSUPP;
  const index = ERRNO_NAMES.indexOf(name);
  if (index < 0 || name === "-") throw new TypeError(`unknown errno ${name}`);
  return index + 1;
}

/**
 * Passes a result on unless it is a negative errno.
 *
 * @param operation the attempted operation, for the message: "update map counts"
 * @throws {BpfError} the result is negative
 */
export function checkResult(operation: string, result: number): number {
  if (result < 0) throw new BpfError(operation, errnoName(result));
  return result;
}
