/**
 * How the name of a function is shown: readable, escaped, on one line, without semicolons, which separate the frames of a folded
 * stack.
 *
 * @module
 */
import { escapeBytes, escapeUnescaped, frameText } from "../text/mod.ts";
import { demangle } from "./demangle.ts";

/** Longest name that is shown, characters. */
const MAX_NAME = 512;

function oneFrame(text: string): string {
  const frame = frameText(text);
  return frame.length > MAX_NAME ? `${frame.slice(0, MAX_NAME - 1)}…` : frame;
}

/** The name that a JIT compiler gives a function, as it is shown; null if it is empty. */
export function functionName(bytes: Uint8Array): string | null {
  const name = escapeBytes(bytes);
  return name === "" ? null : oneFrame(name);
}

/** The version of a symbol, which `.symtab` has in the name: `memcpy@@GLIBC_2.14`. */
const VERSION = /@@?[\w.]+$/;

/** The name of a symbol of an ELF file, as it is shown; null if it is empty. The bytes may go on behind a NUL. */
export function symbolName(bytes: Uint8Array): string | null {
  const name = escapeBytes(bytes).replace(VERSION, "");
  return name === "" ? null : oneFrame(escapeUnescaped(demangle(name)));
}

/** `libc.so.6+0x1f2e`: a place in a file, by the address at which the file expects to be loaded. */
export function placeName(path: string, address: number): string {
  const file = path.slice(path.lastIndexOf("/") + 1).replace(/ \(deleted\)$/, "");
  return oneFrame(`${escapeBytes(new TextEncoder().encode(file))}+0x${address.toString(16)}`);
}
