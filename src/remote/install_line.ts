/**
 * The first line of a host during `--install`, before the recording.
 *
 * @module
 */
import { joinBytes } from "../recording/mod.ts";
import { INSTALL_LINES } from "./command.ts";

/** Longest line of the installation, bytes. */
const MAX_LINE_BYTES = 64;
const NEWLINE = 0x0a;

/**
 * The chunks after the line of the installation. A first line that is none is kept: it is part of a refusal.
 *
 * @param onWanted called if the host waits for the executable
 */
export async function* withoutInstallLine(
  chunks: AsyncIterable<Uint8Array>,
  onWanted: () => void,
): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | null = new Uint8Array();
  for await (const chunk of chunks) {
    if (start === null) {
      yield chunk;
      continue;
    }
    start = joinBytes([start, chunk]);
    const end = start.subarray(0, MAX_LINE_BYTES).indexOf(NEWLINE);
    if (end < 0 && start.length < MAX_LINE_BYTES) continue;
    const line = new TextDecoder().decode(start.subarray(0, Math.max(0, end)));
    if (line === INSTALL_LINES.wanted) onWanted();
    const isOfInstallation = line === INSTALL_LINES.wanted || line === INSTALL_LINES.present;
    const rest = isOfInstallation ? start.subarray(end + 1) : start;
    start = null;
    if (rest.length > 0) yield rest;
  }
  if (start !== null && start.length > 0) yield start;
}
