/**
 * Standard output and standard error of this process, as descriptors that other processes may share.
 *
 * @module
 */
import { KtopError } from "../errors.ts";
import { writeNow, writeSome } from "../ffi/mod.ts";
import { type OutputSink, StandardOutput } from "../output/mod.ts";

/** Descriptor of standard output. */
export const STDOUT = 1;
const STDERR = 2;

/** How long one message waits for a reader of standard error that does not read, milliseconds; then it is dropped. */
const STDERR_PATIENCE_MS = 1000;

/** The descriptor of standard output. */
export const STANDARD_OUTPUT: OutputSink = { write: (bytes) => writeSome(STDOUT, bytes) };

/** Standard output of a command that ends by itself. For one that runs until it is ended see {@linkcode Session.output}. */
export const standardOutput = (): StandardOutput => new StandardOutput(STANDARD_OUTPUT, () => {});

/** Writes text to standard error. Never throws: where it is closed or full, the text is lost, and the exit code stays. */
export function writeError(text: string): void {
  try {
    writeNow(STDERR, new TextEncoder().encode(text), STDERR_PATIENCE_MS);
  } catch (error) {
    if (!(error instanceof KtopError)) throw error;
  }
}

/** Prints a line with the program's name to standard error. */
export function printMessage(text: string): void {
  writeError(`ktop: ${text}\n`);
}
