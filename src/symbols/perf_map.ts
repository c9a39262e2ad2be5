/**
 * Functions that a just-in-time compiler lists in /tmp/perf-PID.map, one a line: "3ef414c0 398 LazyCompile:~parse file.js:1",
 * address and size in hexadecimal (tools/perf/Documentation/jit-interface.txt). The file grows while the program runs, and a
 * later line replaces earlier ones for the same addresses. It is untrusted.
 *
 * @module
 */
import type { Source } from "./elf.ts";
import { functionName } from "./names.ts";
import { countUpTo, Numbers, sortedIndices } from "./numbers.ts";

/** Functions kept of one file: 28 bytes each. */
const MAX_FUNCTIONS = 512 * 1024;
/** Bytes read of a file, from its end. */
const MAX_BYTES = 32 * 1024 * 1024;
const BYTES_PER_READ = 1024 * 1024;
/** Longest name, bytes. */
const MAX_NAME = 1024;
/** Functions before an address that are searched for the newest one that contains it. */
const MAX_OVERLAPPING = 32;
const NEWLINE = 10;

const LINE = /^(?:0x)?([0-9a-f]{1,16}) (?:0x)?([0-9a-f]{1,16}) /gim;

/** The functions of one file of a process. */
export class PerfMap {
  /** In the order of the file: where each function starts and ends, and the offset of its name. */
  readonly #starts = new Numbers();
  readonly #ends = new Numbers();
  readonly #names = new Numbers();
  /** Indices in the order of the starts, and of the file for equal ones. */
  #sorted: Uint32Array | null = null;
  /** Offset of the first line that was not read. */
  #read = 0;

  /** Bytes of memory. */
  get bytes(): number {
    return this.#starts.bytes * 3 + (this.#sorted?.byteLength ?? 0);
  }

  /** Reads the lines that were added. `size` is the length of the file in bytes. */
  update(source: Source, size: number): void {
    if (size < this.#read) {
      this.#drop(this.#starts.length); // the file was written again
      this.#read = 0;
    }
    let isPartial = false;
    if (size - this.#read > MAX_BYTES) {
      this.#read = size - MAX_BYTES;
      isPartial = true;
    }
    while (this.#read < size) {
      const bytes = source.read(this.#read, Math.min(BYTES_PER_READ, size - this.#read));
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      // The last line is still being written. A line as long as a whole piece lists no function and is skipped.
      if (end === 0 && bytes.length < BYTES_PER_READ) return;
      this.#addLines(bytes.subarray(0, end), isPartial);
      isPartial = end === 0;
      this.#read += end || bytes.length;
    }
  }

  /** Adds the functions of whole lines; of the first one only the end if `isPartial`. */
  #addLines(lines: Uint8Array, isPartial: boolean): void {
    const first = isPartial ? lines.indexOf(NEWLINE) + 1 : 0;
    // One character for each byte, so that indices are offsets.
    const text = new TextDecoder("latin1").decode(lines.subarray(first));
    for (const { index, 0: head, 1: start, 2: size } of text.matchAll(LINE)) {
      this.#add(parseInt(start!, 16), parseInt(size!, 16), this.#read + first + index + head.length);
    }
  }

  #add(start: number, size: number, name: number): void {
    if (size === 0 || !Number.isSafeInteger(start + size)) return;
    if (this.#starts.length === MAX_FUNCTIONS) this.#drop(MAX_FUNCTIONS / 2);
    this.#starts.push(start);
    this.#ends.push(start + size);
    this.#names.push(name);
    this.#sorted = null;
  }

  /** Drops the oldest functions. */
  #drop(count: number): void {
    for (const numbers of [this.#starts, this.#ends, this.#names]) numbers.dropFirst(count);
    this.#sorted = null;
  }

  /** The name of the newest function that contains an address; null if none does. */
  find(source: Source, address: number): string | null {
    const starts = this.#starts;
    const sorted = this.#sorted ??= sortedIndices(
      starts.length,
      (a, b) => starts.at(a) - starts.at(b) || a - b,
    );
    const count = countUpTo(address, sorted.length, (index) => starts.at(sorted[index]!));
    let newest = -1;
    for (let at = count - 1; at >= 0 && at >= count - MAX_OVERLAPPING; at--) {
      const index = sorted[at]!;
      if (address < this.#ends.at(index)) newest = Math.max(newest, index);
    }
    return newest < 0 ? null : nameAt(source, this.#names.at(newest));
  }
}

/** The rest of the line at `offset`. */
function nameAt(source: Source, offset: number): string | null {
  const bytes = source.read(offset, MAX_NAME);
  const end = bytes.indexOf(NEWLINE);
  return functionName(end < 0 ? bytes : bytes.subarray(0, end));
}
